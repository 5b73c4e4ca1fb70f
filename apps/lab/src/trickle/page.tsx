import { sessionOf, useSession } from '@parley/ui/page'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RunButton } from '../checks/run-button.tsx'
import { makeReport, type Report } from '../report/report.ts'
import { lookAtServer, type ServerLook } from '../server/look.ts'
import { Card } from '../shell/card.tsx'
import { Findings } from '../shell/findings.tsx'
import { PageFrame } from '../shell/frame.tsx'
import { useReportImport } from '../shell/use-import.ts'
import { useRun } from '../shell/use-run.ts'
import { useLabSettings } from '../shell/use-settings.ts'
import { CandidateTable } from './candidate-table.tsx'
import { gatherEach } from './gather.ts'
import { type Gathering, mergeGatherings, nothingGathered } from './gathering.ts'
import { Options } from './options.tsx'
import { readTrickle, type TrickleResult, trickleReport } from './report.ts'
import { ServerEditor } from './server-editor.tsx'
import { ServerVerdicts } from './server-verdicts.tsx'
import { type EditedServer, serversOf } from './servers.ts'
import { trickleSettings } from './settings.ts'
import { judgeServers } from './verdict.ts'

/** Gathers candidates, and judges every STUN and TURN server by the results. */
export default function TricklePage() {
  const { t } = useTranslation('labTrickle')
  const [settings, change] = useLabSettings(trickleSettings)
  const session = useSession(({ connection }) => sessionOf(connection))
  const ours = settings.own && session ? serversOf(session.iceServers) : []
  const [others, setOthers] = useState<readonly EditedServer[]>(() =>
    settings.others.map(url => ({ url, username: '', credential: '', own: false })),
  )
  const servers = [...ours, ...others]
  const [live, setLive] = useState<TrickleResult>()
  const [report, setReport] = useState<Report>()
  const importing = useReportImport('trickle')

  const server = useRef<ServerLook>(undefined)

  const judge = (gatherings: readonly Gathering[]): TrickleResult => ({
    gathering: mergeGatherings(gatherings),
    judged: judgeServers({
      servers,
      relayOnly: settings.relayOnly,
      gatherings,
      door: server.current?.door,
      now: server.current?.clockOffMs === undefined ? undefined : Date.now() + server.current.clockOffMs,
    }),
  })
  const run = useRun(
    async signal => {
      const looking = lookAtServer(signal)
      const gatherings = await gatherEach({
        servers,
        relayOnly: settings.relayOnly,
        poolSize: settings.pool,
        limitMs: settings.seconds * 1000,
        signal,
        onChange: so => setLive(judge(so)),
      })
      server.current = await looking
      return gatherings
    },
    { timeLimitMs: settings.seconds * 1000 + 5000 },
  )
  const start = async () => {
    importing.leave()
    setReport(undefined)
    setLive(judge([nothingGathered]))
    const outcome = await run.start()
    if (outcome.status !== 'done') return
    const result = judge(outcome.value)
    setLive(result)
    setReport(makeReport(trickleReport(settings, result), new Date(), navigator.userAgent))
  }

  const shown = importing.imported ? readTrickle(importing.imported.data) : live
  const shownReport = importing.imported ?? report
  const failed = run.state.status === 'failed' ? run.state.error : undefined
  return (
    <PageFrame
      page="trickle"
      report={shownReport}
      idle={
        failed
          ? t('failed', { error: failed })
          : t(run.state.status === 'cancelled' ? 'stopped' : run.state.status === 'running' ? 'running' : 'idle')
      }
      importing={importing}
      actions={
        <RunButton run={run} onStart={() => void start()} disabled={settings.relayOnly && servers.length === 0} />
      }
    >
      <div className="grid gap-4">
        <div className="grid items-start gap-4 xl:grid-cols-[1fr_18rem]">
          <ServerEditor
            ours={ours}
            others={others}
            useOurs={settings.own}
            connected={session !== undefined}
            onUseOurs={own => change({ own })}
            onOthers={next => {
              setOthers(next)
              change({ others: next.map(({ url }) => url) })
            }}
          />
          <Options settings={settings} onChange={change} />
        </div>
        {shown && shown.judged.length > 0 && <ServerVerdicts judged={shown.judged} />}
        {shown && <CandidateTable gathering={shown.gathering} />}
        {shownReport && (
          <Card title={t('findings')}>
            <Findings report={shownReport} />
          </Card>
        )}
      </div>
    </PageFrame>
  )
}
