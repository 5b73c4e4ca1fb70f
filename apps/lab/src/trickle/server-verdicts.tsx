import { measured } from '@parley/diagnostics'
import { useTranslation } from 'react-i18next'
import { Card } from '../shell/card.tsx'
import { StatusIcon } from '../shell/status.tsx'
import { useWords } from '../shell/words.ts'
import { type JudgedServer, type ServerVerdict, statusOf } from './verdict.ts'

/** The verdict on each server, and what to do about it. */
export function ServerVerdicts({ judged }: { readonly judged: readonly JudgedServer[] }) {
  const { t } = useTranslation('labTrickle')
  const words = useWords()
  const say = (kind: 'verdict' | 'advice', verdict: ServerVerdict) => {
    const key = keyOf(verdict)
    return words.find('labTrickle', `${kind}.${key}`, {
      ...('address' in verdict && { address: verdict.address }),
      ...('text' in verdict && { text: verdict.text }),
      ...('code' in verdict && { code: verdict.code, meaning: meaningOf(verdict.code) }),
      ...('endedForMs' in verdict && { ago: words.value(measured((verdict.endedForMs ?? 0) / 60_000, 'min')) }),
      ...('atMs' in verdict && { time: words.value(measured(verdict.atMs, 'ms')) }),
      ...('withinMs' in verdict && { time: words.value(measured(verdict.withinMs / 1000, 's')) }),
    })
  }
  const meaningOf = (code: number) => words.find('labTrickle', `code.${code}`) ?? ''
  return (
    <Card title={t('verdicts')}>
      <ul className="divide-y divide-line">
        {judged.map(({ url, verdict }) => (
          <li key={url} data-server={url} data-verdict-is={verdict.is} className="flex gap-3 py-3 first:pt-0 last:pb-0">
            <span className="mt-0.5">
              <StatusIcon status={statusOf[verdict.is]} />
            </span>
            <div className="min-w-0">
              <p className="font-mono text-sm break-all">{url}</p>
              <p className="mt-0.5 text-pretty">{say('verdict', verdict)}</p>
              <p className="text-sm text-pretty text-ink-soft">{say('advice', verdict)}</p>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** The key of the text for a verdict. */
function keyOf(verdict: ServerVerdict): string {
  if (verdict.is === 'unreachable' && verdict.text === '') return 'unreachable-silent'
  if (verdict.is !== 'wrong-credentials') return verdict.is
  if (verdict.endedForMs !== undefined) return 'ended-credentials'
  return verdict.inferred ? 'inferred-credentials' : verdict.is
}
