import type { NatFindings, Finding as Told } from '@parley/nat'
import { useTranslation } from 'react-i18next'
import type { FindingStatus } from '../report/report.ts'
import { Card } from '../shell/card.tsx'
import { StatusIcon } from '../shell/status.tsx'
import { useWords } from '../shell/words.ts'

const rows = ['calls', 'mapping', 'filtering', 'classic'] as const

/** Each NAT behaviour in the words of `parley nat`, how certain it is, and the evidence for it. */
export function NatAnswers({ findings }: { readonly findings: NatFindings }) {
  const { t } = useTranslation('labNat')
  const words = useWords()
  const { local, mapped, nat } = findings
  const say = (kind: string, code: string, params?: Readonly<Record<string, string>>) =>
    words.find('labNat', `${kind}.${code}`, params) ?? code
  return (
    <Card title={t('answers')}>
      <dl className="mb-4 grid gap-3 rounded-lg bg-sunken px-4 py-3 sm:grid-cols-3">
        <Fact name={t('local')} value={local ?? t('local.hidden')} mono={local !== undefined} />
        <Fact
          name={t('mapped')}
          value={mapped ?? t(nat === false ? 'local.hidden' : 'mapped.none')}
          mono={mapped !== undefined}
        />
        <Fact name={t('nat')} value={t(nat === undefined ? 'nat.unknown' : nat ? 'nat.yes' : 'nat.no')} />
      </dl>
      <ul className="divide-y divide-line">
        {rows.map(row => {
          const told: Told<string> = findings[row]
          return (
            <li key={row} data-nat={row} data-value={told.value} className="flex gap-3 py-3 first:pt-0 last:pb-0">
              <span className="mt-0.5">
                <StatusIcon status={statusOf(row, told)} />
              </span>
              <div className="min-w-0">
                <p>
                  <span className="text-ink-soft">{t(`row.${row}`)}: </span>
                  <span className="font-medium">
                    {told.value === undefined ? t('untold') : say(row, told.value)}
                    {told.value !== undefined && told.sure === 'likely' && t('likely')}
                  </span>
                </p>
                <p className="text-sm text-pretty text-ink-soft">{t(`about.${row}`)}</p>
                <ul className="mt-1 list-disc space-y-0.5 pl-5 text-sm">
                  {told.value === undefined ? (
                    <li>{say('why', told.why)}</li>
                  ) : (
                    told.evidence.map(({ code, params }) => (
                      <li key={code + JSON.stringify(params)} className="break-words">
                        {say('evidence', code, params)}
                      </li>
                    ))
                  )}
                </ul>
              </div>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}

function statusOf(row: (typeof rows)[number], told: Told<string>): FindingStatus {
  if (told.value === undefined) return 'unknown'
  return row === 'calls' && told.value === 'relay needed' ? 'warn' : 'pass'
}

function Fact({
  name,
  value,
  mono = false,
}: {
  readonly name: string
  readonly value: string
  readonly mono?: boolean
}) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-ink-soft">{name}</dt>
      <dd className={mono ? 'font-mono text-sm break-all' : 'break-words'}>{value}</dd>
    </div>
  )
}
