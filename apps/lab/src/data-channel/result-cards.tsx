import { measured, measuredAbove0 } from '@parley/diagnostics'
import { useTranslation } from 'react-i18next'
import { Card } from '../shell/card.tsx'
import { useWords } from '../shell/words.ts'
import { type BufferSample, type ChannelResult, lossOf, type Throughput } from './result.ts'

/** The measurements: latency, and the throughput of each direction with the browser's send buffer over time. */
export function ResultCards({ result }: { readonly result: ChannelResult }) {
  const { t } = useTranslation('labDataChannel')
  const words = useWords()
  const { latency, setUpMs } = result
  return (
    <div className="grid gap-4 md:grid-cols-3">
      <Card title={t('latency')}>
        <Figures
          big={words.value(measured(latency.medianMs, 'ms'))}
          rows={[
            [t('p95'), words.value(measured(latency.p95Ms, 'ms'))],
            [t('lost'), t('ofSent', { lost: latency.lost, sent: latency.sent })],
            [t('setUp'), words.value(measured(setUpMs, 'ms'))],
          ]}
        />
      </Card>
      <Direction title={t('forth')} throughput={result.forth} />
      <Direction title={t('back')} throughput={result.back} />
    </div>
  )
}

function Direction({ title, throughput }: { readonly title: string; readonly throughput: Throughput }) {
  const { t } = useTranslation('labDataChannel')
  const words = useWords()
  const { bitsPerSecond, messagesSent, buffered } = throughput
  const most = buffered.length === 0 ? undefined : Math.max(...buffered.map(({ bytes }) => bytes))
  return (
    <Card title={title}>
      <Figures
        big={words.value(measuredAbove0(bitsPerSecond, 'bit/s', 'no-traffic'))}
        rows={[
          [t('messages'), words.value(measuredAbove0(messagesSent, 'count', 'no-traffic'))],
          [t('missing'), words.value(measured(lossOf(throughput), 'share', 'no-traffic'))],
          [t('buffered'), words.value(measured(most, 'bytes', 'no-traffic'))],
        ]}
      />
      {buffered.length > 1 && <BufferGraph samples={buffered} />}
    </Card>
  )
}

interface FiguresProps {
  readonly big: string
  readonly rows: readonly (readonly [name: string, value: string])[]
}

function Figures({ big, rows }: FiguresProps) {
  return (
    <>
      <p data-figure className="text-2xl font-semibold tracking-tight tabular-nums">
        {big}
      </p>
      <dl className="mt-2 grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 text-sm">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-soft">{name}</dt>
            <dd className="text-right tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

const width = 200
const height = 40

/** `bufferedAmount` over time, which shows how well the sender is kept busy. Its maximum is given as text above. */
function BufferGraph({ samples }: { readonly samples: readonly BufferSample[] }) {
  const { t } = useTranslation('labDataChannel')
  const last = samples.at(-1)?.atMs || 1
  const most = Math.max(1, ...samples.map(({ bytes }) => bytes))
  const points = samples.map(
    ({ atMs, bytes }) => `${(atMs / last) * width},${height - (bytes / most) * (height - 2) - 1}`,
  )
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t('buffered.graph')}
      className="mt-3 h-10 w-full text-accent-text"
    >
      <polygon points={`0,${height} ${points.join(' ')} ${width},${height}`} fill="currentColor" opacity="0.12" />
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
