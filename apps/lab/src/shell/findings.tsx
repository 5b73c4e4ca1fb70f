import { useTranslation } from 'react-i18next'
import { allFindings, type Finding, type Report } from '../report/report.ts'
import { ScrollBox } from './card.tsx'
import { Fold } from './fold.tsx'
import { StatusIcon } from './status.tsx'
import { useWords } from './words.ts'

export interface FindingsProps {
  readonly report: Report
}

/** Every finding of a report: the sentence, what to do about it, and the evidence folded away below. */
export function Findings({ report }: FindingsProps) {
  return (
    <ul className="divide-y divide-line">
      {allFindings(report).map(({ page, finding }) => (
        <FindingRow key={`${page}/${finding.id}`} page={page} finding={finding} />
      ))}
    </ul>
  )
}

interface RowProps {
  readonly page: string
  readonly finding: Finding
}

function FindingRow({ page, finding }: RowProps) {
  const { t } = useTranslation('labShell')
  const words = useWords()
  const remedy = words.remedy(page, finding)
  const evidence = Object.entries(finding.evidence ?? {})
  return (
    <li data-finding={finding.id} data-status={finding.status} className="flex gap-3 py-3 first:pt-0 last:pb-0">
      <span className="mt-0.5">
        <StatusIcon status={finding.status} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="text-pretty">{words.sentence(page, finding)}</p>
        {remedy && <p className="mt-0.5 text-sm text-pretty text-ink-soft">{remedy}</p>}
        {evidence.length > 0 && (
          <Fold summary={t('report.evidence')} label={`${t('report.evidence')}: ${finding.id}`}>
            <ScrollBox label={`${t('report.evidence')}: ${finding.id}`} className="max-h-72 p-3">
              <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 font-mono text-xs">
                {evidence.map(([name, value]) => (
                  <div key={name} className="contents">
                    <dt className="text-ink-soft">{name}</dt>
                    <dd className="break-all whitespace-pre-wrap">
                      {typeof value === 'string' ? value : JSON.stringify(value, null, 1)}
                    </dd>
                  </div>
                ))}
              </dl>
            </ScrollBox>
          </Fold>
        )}
      </div>
    </li>
  )
}
