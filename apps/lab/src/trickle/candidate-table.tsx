import { measured } from '@parley/diagnostics'
import { useTranslation } from 'react-i18next'
import { Card, ScrollBox } from '../shell/card.tsx'
import { Fold } from '../shell/fold.tsx'
import { useWords } from '../shell/words.ts'
import { type Gathering, groupErrors } from './gathering.ts'
import { priorityInWords } from './priority.ts'

const columns = [
  'time',
  'type',
  'foundation',
  'protocol',
  'address',
  'port',
  'priority',
  'url',
  'relayProtocol',
] as const
const cell = 'px-3 py-2 text-left align-top'

/** The candidates in order of arrival, errors of individual interfaces in grey below, and when gathering ended. */
export function CandidateTable({ gathering }: { readonly gathering: Gathering }) {
  const { t } = useTranslation('labTrickle')
  const words = useWords()
  const { candidates, errors, end } = gathering
  const groups = groupErrors(errors)
  const seconds = (ms: number) =>
    new Intl.NumberFormat(words.language, { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(ms / 1000)
  return (
    <Card title={t('candidates')} hint={t('candidates.hint')}>
      <ScrollBox label={t('candidates.table')}>
        <table className="w-full border-collapse text-sm whitespace-nowrap tabular-nums">
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
            {candidates.map((candidate, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: candidates arrive in order and are never removed
              <tr key={index} data-candidate={candidate.type} className="border-t border-line">
                <td className={cell}>{seconds(candidate.atMs)}</td>
                <td className={cell}>{words.find('labTrickle', `type.${candidate.type}`) ?? candidate.type}</td>
                <td className={cell}>{candidate.foundation}</td>
                <td className={cell}>{candidate.protocol}</td>
                <td className={cell}>{candidate.address || <Soft>{t('hidden')}</Soft>}</td>
                <td className={cell}>{candidate.port ?? <Soft>{t('hidden')}</Soft>}</td>
                <td className={cell}>
                  {candidate.priority ? priorityInWords(candidate.priority) : <Soft>{t('untold')}</Soft>}
                </td>
                <td className={cell}>{candidate.url || <None />}</td>
                <td className={cell}>{candidate.relayProtocol || <None />}</td>
              </tr>
            ))}
            {groups.map(({ url, code, text, count, firstAtMs }) => (
              <tr key={`${url} ${code} ${text}`} data-error={code} className="border-t border-line text-ink-soft">
                <td className={cell}>{seconds(firstAtMs)}</td>
                <td colSpan={columns.length - 1} className={`${cell} whitespace-normal`}>
                  {t('error', { code, url, count, text })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {groups.some(({ code }) => code === 701) && (
        <p className="mt-2 text-sm text-pretty text-ink-soft">{t('error.hint')}</p>
      )}
      <p aria-live="polite" className="mt-3 font-medium" data-done={end?.by}>
        {end
          ? t(end.by === 'limit' ? 'done.limit' : 'done', { time: words.value(measured(end.atMs / 1000, 's')) })
          : t('gathering')}
      </p>
      <div className="mt-3">
        <Fold summary={t('explain')}>
          <dl className="grid gap-3 pt-1 text-ink-soft">
            {(['host', 'srflx', 'prflx', 'relay', 'foundation', 'priority'] as const).map(name => (
              <div key={name}>
                <dt className="font-medium text-ink">{t(`explain.${name}.title`)}</dt>
                <dd className="text-pretty">{t(`explain.${name}`)}</dd>
              </div>
            ))}
          </dl>
        </Fold>
      </div>
    </Card>
  )
}

function Soft({ children }: { readonly children: string }) {
  return <span className="text-ink-soft">{children}</span>
}

/** Marks a cell that does not apply to this candidate. */
function None() {
  const { t } = useTranslation('labTrickle')
  return (
    <span className="text-ink-soft">
      <span aria-hidden="true">–</span>
      <span className="sr-only">{t('notApplicable')}</span>
    </span>
  )
}
