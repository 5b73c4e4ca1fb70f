import { formatValue } from '@parley/diagnostics'
import { useTranslation } from 'react-i18next'
import { Card } from '../shell/card.tsx'
import { type Moments, type Span, setupEnd, setupSpans } from './setup.ts'

/** Shows where the time until the first video frame goes, with one bar per step. */
export function SetupCard({ moments }: { readonly moments: Moments }) {
  const { t, i18n } = useTranslation('labLoopback')
  const spans = setupSpans(moments)
  const total = setupEnd(spans)
  const ms = (value: number) => formatValue({ value, unit: 'ms' }, i18n.language)
  return (
    <Card title={t('setup')} hint={total === undefined ? t('setupEmpty') : t('setupTotal', { time: ms(total) ?? '' })}>
      <ol className="space-y-2">
        {spans.map(span => (
          <li key={span.step} className="grid grid-cols-[6.5rem_1fr_4.5rem] items-center gap-3 text-sm">
            <span className="truncate">{t(`setup.${span.step}`)}</span>
            <Bar span={span} total={total ?? 0} />
            <span className="text-right text-ink-soft tabular-nums">
              {span.startMs === undefined
                ? t('setupNotYet')
                : span.endMs === undefined
                  ? t('setupWaiting')
                  : ms(span.endMs - span.startMs)}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  )
}

function Bar({ span: { startMs, endMs }, total }: { readonly span: Span; readonly total: number }) {
  const share = (ms: number) => `${total > 0 ? Math.min(100, (ms / total) * 100) : 0}%`
  return (
    <span aria-hidden="true" className="relative block h-3 overflow-hidden rounded-full bg-sunken">
      {startMs !== undefined && (
        <span
          className="absolute inset-y-0 min-w-1 rounded-full bg-accent"
          style={{ left: share(startMs), width: share((endMs ?? total) - startMs) }}
        />
      )}
    </span>
  )
}
