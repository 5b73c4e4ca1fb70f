import type { CallInfo, CallSample } from '@parley/diagnostics'
import { TimelineList } from '@parley/diagnostics/timeline-list'
import { Button, Select } from '@parley/ui'
import { pickFile, toast } from '@parley/ui/page'
import { Circle, Repeat, Square } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { loopbackCodec } from '../loopback/options.ts'
import { freshCall } from '../loopback/store.ts'
import { toJsonValue } from '../report/json.ts'
import { flag, settingsCodec } from '../report/permalink.ts'
import { makeReport, type Report } from '../report/report.ts'
import { Card } from '../shell/card.tsx'
import { Findings } from '../shell/findings.tsx'
import { PageFrame } from '../shell/frame.tsx'
import { Option } from '../shell/option.tsx'
import { type ReportImport, useImportProblem } from '../shell/use-import.ts'
import { useLabSettings } from '../shell/use-settings.ts'
import { ChartCard } from './chart.tsx'
import { statisticsFindings } from './findings.ts'
import { MarkerList } from './marker-list.tsx'
import { markersOf } from './markers.ts'
import { Raw } from './raw.tsx'
import { useRecording } from './recorder.ts'
import { type Opened, readFileInWorker } from './recording-file.ts'
import { connectionsOf } from './samples.ts'
import { seriesOf } from './series.ts'
import { useLiveCalls } from './watch.ts'

const codec = settingsCodec({ path: flag(false), raw: flag(false) })
const groups = ['sending', 'receiving', 'path'] as const

/** Charts of a running call of this browser, or of a recording. */
export default function StatisticsPage() {
  const { t } = useTranslation('labStatistics')
  const [settings, change] = useLabSettings(codec)
  const calls = useLiveCalls(state => state.calls)
  const [chosen, setChosen] = useState<string>()
  const call = calls.find(each => each.call === chosen) ?? calls[0]
  const recording = useRecording(call?.call)
  const [opened, importing] = useOpened()
  const samples = opened && opened.kind !== 'timeline' ? opened.samples : recording.samples

  const connections = useMemo(() => connectionsOf(samples), [samples])
  const [wished, setWished] = useState<string>()
  const connection = connections.find(({ id }) => id === wished) ?? connections[0]
  const { times, charts } = useMemo(() => seriesOf(samples, connection?.id ?? ''), [samples, connection?.id])
  const markers = markersOf(samples, connection?.id ?? '')
  const findings = statisticsFindings(samples, connection?.id ?? '')
  const report =
    opened?.kind === 'report'
      ? opened.report
      : findings.length > 0
        ? makeReport(
            { page: 'statistics', settings, findings },
            new Date(),
            opened?.kind === 'dump' ? opened.browser : navigator.userAgent,
          )
        : undefined
  const label = useConnectionLabel()

  return (
    <PageFrame
      page="statistics"
      report={report}
      complete={made => withSamples(made, samples)}
      idle={samples.length > 0 || call ? t('idleWaiting') : t('idle')}
      importing={importing}
      actions={
        !opened && (
          <>
            {!call && <StartLoopback />}
            {call && (
              <Button
                aria-pressed={recording.since !== undefined}
                icon={
                  recording.since === undefined ? (
                    <Circle size={16} aria-hidden="true" className="fill-danger text-danger" />
                  ) : (
                    <Square size={16} aria-hidden="true" className="fill-current" />
                  )
                }
                onClick={() => recording.record(recording.since === undefined)}
              >
                {recording.since === undefined ? t('record') : t('recordStop')}
              </Button>
            )}
          </>
        )
      }
    >
      {opened?.kind === 'timeline' ? (
        <Card title={t('timelineShown', { room: opened.timeline.room })} hint={opened.timeline.browser}>
          <TimelineList events={opened.timeline.events} />
        </Card>
      ) : (
        <div className="space-y-4">
          <div className="grid gap-3 rounded-2xl border border-line bg-surface p-4 sm:grid-cols-2 sm:p-5">
            {!opened && (
              <Select
                label={t('callLabel')}
                value={call?.call}
                placeholder={t('callNone')}
                disabled={calls.length === 0}
                options={calls.map(each => ({ value: each.call, label: callName(t, each) }))}
                onChange={setChosen}
              />
            )}
            <Select
              label={t('connection')}
              value={connection?.id}
              placeholder={t('notKnown')}
              disabled={connections.length === 0}
              options={connections.map(each => ({ value: each.id, label: label(each.label) }))}
              onChange={setWished}
            />
            <Option pressed={settings.path} onPressedChange={path => change({ path })} hint={t('showPathHint')}>
              {t('showPath')}
            </Option>
            <Option pressed={settings.raw} onPressedChange={raw => change({ raw })} hint={t('showRawHint')}>
              {t('showRaw')}
            </Option>
            {!opened && samples.length > 0 && <RecordingNote since={recording.since} count={samples.length} />}
          </div>
          {report && (
            <Card title={t('found')}>
              <Findings report={report} />
            </Card>
          )}
          {groups.map(group => {
            const shown = charts.filter(({ metric }) => metric.group === group && (group !== 'path' || settings.path))
            if (shown.length === 0) return null
            return (
              <Card key={group} title={t(`group.${group}`)}>
                <div className="grid gap-3 md:grid-cols-2">
                  {shown.map(chart => (
                    <ChartCard key={chart.metric.id} chart={chart} times={times} markers={markers} />
                  ))}
                </div>
              </Card>
            )
          })}
          {!opened && call && <Happened call={call.call} />}
          {connection && (
            <Card title={t('markers')}>
              <MarkerList markers={markers} />
            </Card>
          )}
          {connection && settings.raw && (
            <Card title={t('raw')}>
              <Raw sample={connection} />
            </Card>
          )}
        </div>
      )}
    </PageFrame>
  )
}

type Texts = ReturnType<typeof useTranslation<'labStatistics'>>['t']

const callName = (t: Texts, { kind, title }: CallInfo) =>
  kind === 'loopback' ? t('callLoopback') : t('callMeeting', { title })

/** Translates the labels of the two loopback ends; other connections are labelled with people's names. */
function useConnectionLabel(): (label: string) => string {
  const { t } = useTranslation('labStatistics')
  return label => (label === 'caller' || label === 'callee' ? t(`side.${label}`) : label)
}

function RecordingNote({ since, count }: { readonly since: number | undefined; readonly count: number }) {
  const { t, i18n } = useTranslation('labStatistics')
  return (
    <p className="text-sm text-ink-soft sm:col-span-2">
      {since === undefined
        ? t('keeping')
        : t('recording', { time: new Date(since).toLocaleTimeString(i18n.language, { hour12: false }), count })}
    </p>
  )
}

/** The timeline that a meeting keeps of itself: what its browser measured and what the server said, in one list. */
function Happened({ call }: { readonly call: string }) {
  const { t } = useTranslation('diagnostics')
  const events = useLiveCalls(state => state.happened[call])
  if (!events || events.length === 0) return null
  return (
    <Card title={t('timeline')} hint={t('timelineHint')}>
      <TimelineList events={events} />
    </Card>
  )
}

function StartLoopback() {
  const { t } = useTranslation('labStatistics')
  const [busy, setBusy] = useState(false)
  const begin = async () => {
    setBusy(true)
    await freshCall(loopbackCodec.fallback)
    setBusy(false)
  }
  return (
    <Button variant="primary" busy={busy} icon={<Repeat size={18} aria-hidden="true" />} onClick={() => void begin()}>
      {t('startLoopback')}
    </Button>
  )
}

/** Adds the samples to a report before it is saved. */
function withSamples(report: Report, samples: readonly CallSample[]): Report {
  const data = report.data ?? toJsonValue({ samples })
  return data === undefined ? report : { ...report, data }
}

/** An opened file that replaces the live call: a report of this page, a browser dump or a meeting's timeline. */
function useOpened(): readonly [Opened | undefined, ReportImport] {
  const { t: shell } = useTranslation('labShell')
  const say = useImportProblem()
  const [opened, setOpened] = useState<Opened>()
  const open = async () => {
    const file = await pickFile('')
    if (!file) return
    const read = await readFileInWorker(file)
    if (read.ok) setOpened(read.value)
    else toast({ id: 'lab-import', title: shell('import.failed', { file: file.name }), description: say(read.problem) })
  }
  const imported = opened && describe(opened)
  return [opened, { imported, open, leave: () => setOpened(undefined) }]
}

/** A report that says when and where the file was made, for the banner. */
function describe(opened: Opened): Report {
  if (opened.kind === 'report') return opened.report
  const [at, browser] =
    opened.kind === 'dump'
      ? [opened.samples.at(-1)?.at ?? 0, opened.browser]
      : [opened.timeline.events.at(-1)?.at ?? 0, opened.timeline.browser]
  return makeReport({ page: 'statistics', settings: {}, findings: [] }, new Date(at), browser)
}
