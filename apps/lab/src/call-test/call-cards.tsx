import { measured, measuredAbove0, type Value } from '@parley/diagnostics'
import { useTranslation } from 'react-i18next'
import { underOneMs } from '../checks/overall.ts'
import { Card } from '../shell/card.tsx'
import { StatusIcon } from '../shell/status.tsx'
import { useWords } from '../shell/words.ts'
import type { CallSummary } from './measure.ts'
import { judgeQuality } from './quality.ts'
import type { CallResult } from './result.ts'

const rows: readonly (readonly [name: Row, value: (summary: CallSummary) => Value | string])[] = [
  ['video', ({ videoBps }) => measuredAbove0(videoBps, 'bit/s', 'no-traffic')],
  ['audio', ({ audioBps }) => measuredAbove0(audioBps, 'bit/s', 'no-traffic')],
  ['frames', ({ framesPerSecond }) => measuredAbove0(framesPerSecond, 'fps', 'no-traffic')],
  ['loss', ({ loss }) => measured(loss, 'share', 'no-traffic')],
  ['jitter', ({ jitterMs }) => underOneMs(jitterMs) ?? measured(jitterMs, 'ms')],
  ['roundTrip', ({ roundTripMs }) => underOneMs(roundTripMs) ?? measured(roundTripMs, 'ms')],
]
type Row = 'video' | 'audio' | 'frames' | 'loss' | 'jitter' | 'roundTrip'

const row = 'flex justify-between gap-3'

/** One card per call, with its measurements. */
export function CallCards({ calls }: { readonly calls: readonly CallResult[] }) {
  return (
    <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
      {calls.map(call => (
        <CallCard key={call.kind} call={call} />
      ))}
    </div>
  )
}

function CallCard({ call }: { readonly call: CallResult }) {
  const { t } = useTranslation('labCallTest')
  const words = useWords()
  const quality =
    call.is === 'measured' ? judgeQuality(call.summary).quality : call.is === 'not-offered' ? 'unknown' : 'fail'
  return (
    <Card title={t(`kind.${call.kind}`)} actions={<StatusIcon status={quality} size={24} />}>
      <div data-call={call.kind} data-call-is={call.is}>
        {call.is === 'measured' ? (
          <dl className="grid gap-y-1.5">
            {rows.map(([name, value]) => (
              <div key={name} className={row}>
                <dt className="whitespace-nowrap text-ink-soft">{t(`measure.${name}`)}</dt>
                <dd className="text-right tabular-nums" data-measure={name}>
                  {inWords(value(call.summary))}
                </dd>
              </div>
            ))}
            <div className={row}>
              <dt className="whitespace-nowrap text-ink-soft">{t('measure.setUp')}</dt>
              <dd className="text-right tabular-nums">{words.value(measured(call.setUpMs, 'ms'))}</dd>
            </div>
            <div className={row}>
              <dt className="whitespace-nowrap text-ink-soft">{t('measure.route')}</dt>
              <dd className="text-right">{routeInWords(call.summary)}</dd>
            </div>
          </dl>
        ) : (
          <p className="text-pretty break-words text-ink-soft">
            {t(call.is === 'not-offered' ? 'notOffered' : 'noCall', { reason: call.reason })}
          </p>
        )}
      </div>
    </Card>
  )

  function inWords(value: Value | string): string {
    return typeof value === 'string' ? value : words.value(value)
  }

  function routeInWords({ route, protocol }: CallSummary): string {
    if (!route) return t('route.unknown')
    const over = protocol?.toUpperCase() ?? ''
    if (call.kind === 'sfu' && route === 'direct') return t('route.server', { protocol: over })
    return t(`route.${route}`, { protocol: over })
  }
}
