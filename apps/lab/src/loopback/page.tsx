import { isRecord } from '@parley/diagnostics'
import { Banner } from '@parley/ui'
import { useTranslation } from 'react-i18next'
import { toJsonValue } from '../report/json.ts'
import { makeReport, type Report } from '../report/report.ts'
import { Card } from '../shell/card.tsx'
import { Findings } from '../shell/findings.tsx'
import { PageFrame } from '../shell/frame.tsx'
import { useReportImport } from '../shell/use-import.ts'
import { useLabSettings } from '../shell/use-settings.ts'
import { loopbackFindings } from './findings.ts'
import type { LogEntry } from './log.ts'
import { LogCard } from './log-card.tsx'
import { loopbackCodec } from './options.ts'
import { OptionsCard } from './options-card.tsx'
import type { Moments } from './setup.ts'
import { SetupCard } from './setup-card.tsx'
import { StatesCard } from './states-card.tsx'
import { Steps } from './steps.tsx'
import { useLoopback } from './store.ts'
import { Videos } from './videos.tsx'

/** A call of the page with itself, step by step. */
export default function LoopbackPage() {
  const { t } = useTranslation('labLoopback')
  const [options, change] = useLabSettings(loopbackCodec)
  const importing = useReportImport('loopback')
  const phase = useLoopback(state => state.phase)
  const startedAt = useLoopback(state => state.startedAt)
  const log = useLoopback(state => state.log)
  const moments = useLoopback(state => state.moments)
  const replaced = useLoopback(state => state.replaced)
  const states = useLoopback(state => state.states)
  const pictures = options.videoTracks > 0
  const findings = loopbackFindings({ phase, moments, replaced, states, log, pictures })
  const live =
    findings.length > 0
      ? makeReport({ page: 'loopback', settings: options, findings }, new Date(), navigator.userAgent)
      : undefined
  const saved = importing.imported && readData(importing.imported)
  const report = importing.imported ?? live
  const chosen = replaced.video === 'chosen' || replaced.audio === 'chosen'

  return (
    <PageFrame
      page="loopback"
      report={report}
      complete={complete}
      idle={t(`idle.${phase.phase === 'failed' ? 'idle' : phase.phase}`)}
      importing={importing}
      actions={!saved && <Steps phase={phase.phase} options={options} />}
    >
      <div className="space-y-4">
        {chosen && !saved && <Banner title={t('standInChosen')} />}
        {!saved && (
          <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_19rem]">
            <div className="min-w-0 space-y-4">
              <Videos options={options} />
              <SetupCard moments={moments} />
            </div>
            <OptionsCard
              options={options}
              change={change}
              started={phase.phase !== 'idle'}
              called={phase.phase === 'calling' || phase.phase === 'connected'}
            />
          </div>
        )}
        {saved && <SetupCard moments={saved.moments} />}
        {report && (
          <Card title={t('found')}>
            <Findings report={report} />
          </Card>
        )}
        {!saved && <StatesCard />}
        <LogCard log={saved?.log ?? log} startedAt={saved?.startedAt ?? startedAt} live={!saved} />
      </div>
    </PageFrame>
  )
}

/** Adds the log to a report before it is saved. */
function complete(report: Report): Report {
  const { startedAt, log, moments } = useLoopback.getState()
  const data = report.data ?? toJsonValue({ startedAt, log, moments })
  return data === undefined ? report : { ...report, data }
}

/** Reads what a saved report holds besides its findings, as far as it is valid. */
function readData({ data }: Report): {
  readonly startedAt: number
  readonly log: readonly LogEntry[]
  readonly moments: Moments
} {
  const raw: unknown = data
  if (!isRecord(raw)) return { startedAt: 0, log: [], moments: {} }
  const log = Array.isArray(raw.log) ? raw.log.filter(isEntry) : []
  const moments = isRecord(raw.moments)
    ? Object.fromEntries(Object.entries(raw.moments).filter(([, at]) => typeof at === 'number'))
    : {}
  return { startedAt: typeof raw.startedAt === 'number' ? raw.startedAt : 0, log, moments }
}

function isEntry(raw: unknown): raw is LogEntry {
  return (
    isRecord(raw) &&
    typeof raw.id === 'number' &&
    typeof raw.atMs === 'number' &&
    typeof raw.text === 'string' &&
    (raw.detail === undefined || typeof raw.detail === 'string') &&
    ['caller', 'callee', 'page'].some(side => side === raw.side) &&
    ['call', 'done', 'state', 'candidate', 'event', 'error'].some(kind => kind === raw.kind)
  )
}
