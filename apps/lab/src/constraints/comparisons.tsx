import { useTranslation } from 'react-i18next'
import type { FindingStatus } from '../report/report.ts'
import { Card, ScrollBox } from '../shell/card.tsx'
import { StatusIcon } from '../shell/status.tsx'
import type { Capability, Comparison, Fulfilment } from './compare.ts'
import { strengths, type Wish, type WishValue } from './wishes.ts'

const statuses: Record<Exclude<Fulfilment, 'not-asked'>, FindingStatus> = {
  met: 'pass',
  close: 'pass',
  'not-met': 'warn',
  'not-told': 'unknown',
  'not-supported': 'unknown',
}
const columns = ['constraint', 'asked', 'got', 'result', 'can'] as const
const cell = 'px-3 py-2 text-left align-top whitespace-nowrap'

/** Requested values, actual values and the device's capabilities side by side. */
export function Comparisons({ rows, open }: { readonly rows: readonly Comparison[]; readonly open: boolean }) {
  const { t } = useTranslation('labConstraints')
  return (
    <Card title={t('comparison')} hint={t(open ? 'comparison.hint' : 'comparison.closed')}>
      <ScrollBox label={t('comparison.table')}>
        <table className="w-full border-collapse text-sm tabular-nums">
          <thead>
            <tr className="text-ink-soft">
              {columns.map(name => (
                <th key={name} scope="col" className={`${cell} font-medium`}>
                  {t(`column.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, asked, got, fulfilment, capability }) => (
              <tr key={name} data-field={name} data-fulfilment={fulfilment} className="border-t border-line">
                <th scope="row" className={`${cell} font-medium`}>
                  {t(`field.${name}`)}
                </th>
                <td className={cell}>{asked ? wishInWords(asked) : <Soft>{t('notAsked')}</Soft>}</td>
                <td className={cell}>
                  {got === undefined ? <Soft>{t(open ? 'untold' : 'notOpen')}</Soft> : valueInWords(got)}
                </td>
                <td className={cell}>
                  {open && fulfilment !== 'not-asked' && (
                    <span className="flex gap-2 whitespace-nowrap">
                      <StatusIcon status={statuses[fulfilment]} size={18} />
                      {t(`fulfilment.${fulfilment}`)}
                    </span>
                  )}
                </td>
                <td className={cell}>
                  {capability ? capabilityInWords(capability) : <Soft>{t(open ? 'untold' : 'notOpen')}</Soft>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </Card>
  )
}

function Soft({ children }: { readonly children: string }) {
  return <span className="text-ink-soft">{children}</span>
}

function valueInWords(value: WishValue): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value)
}

function wishInWords(wish: Wish): string {
  return strengths
    .flatMap(strength => (wish[strength] === undefined ? [] : [`${strength} ${valueInWords(wish[strength])}`]))
    .join(', ')
}

function capabilityInWords(capability: Capability): string {
  if ('values' in capability) return capability.values.map(valueInWords).join(', ')
  return `${valueInWords(capability.min)} – ${valueInWords(capability.max)}`
}
