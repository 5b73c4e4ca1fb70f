import { sessionOf, useSession } from '@parley/ui/page'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RunButton } from '../checks/run-button.tsx'
import { makeReport, type Report } from '../report/report.ts'
import { Card } from '../shell/card.tsx'
import { Findings } from '../shell/findings.tsx'
import { PageFrame } from '../shell/frame.tsx'
import { useReportImport } from '../shell/use-import.ts'
import { useRun } from '../shell/use-run.ts'
import { useLabSettings } from '../shell/use-settings.ts'
import { openLink } from './link.ts'
import { measureLimitMs, measureLink, type Step } from './measure.ts'
import { channelInit, channelSettings, modes } from './options.ts'
import { OptionsCard } from './options-card.tsx'
import { channelReport, readChannel } from './report.ts'
import type { ChannelResult } from './result.ts'
import { ResultCards } from './result-cards.tsx'
import { TalkCard } from './talk-card.tsx'

/** Measures throughput and latency of data between two peer connections of this page. */
export default function DataChannelPage() {
  const { t } = useTranslation('labDataChannel')
  const [settings, change] = useLabSettings(channelSettings)
  const session = useSession(({ connection }) => sessionOf(connection))
  const [step, setStep] = useState<Step>('opening')
  const [result, setResult] = useState<ChannelResult>()
  const [report, setReport] = useState<Report>()
  const importing = useReportImport('data-channel')
  const relay = settings.relayed ? (session?.iceServers ?? []) : undefined
  const noRelay = relay !== undefined && !relay.some(({ credential }) => credential !== undefined)

  const run = useRun(
    async signal => {
      setStep('opening')
      const link = await openLink({ init: channelInit(settings), relay, signal })
      try {
        const { chunk: chunkBytes, seconds } = settings
        return await measureLink(link, { chunkBytes, seconds, signal, onStep: setStep })
      } finally {
        link.close()
      }
    },
    { timeLimitMs: measureLimitMs(settings.seconds) },
  )
  const start = async () => {
    importing.leave()
    setResult(undefined)
    setReport(undefined)
    const outcome = await run.start()
    if (outcome.status !== 'done') return
    setResult(outcome.value)
    setReport(makeReport(channelReport(settings, outcome.value, settings.mode), new Date(), navigator.userAgent))
  }
  const shown = importing.imported ? readChannel(importing.imported.data) : result
  const shownReport = importing.imported ?? report
  const idle = () => {
    if (noRelay) return t('noRelay')
    if (run.state.status === 'running') return t(`step.${step}`)
    if (run.state.status === 'failed') return t('failed', { error: run.state.error })
    if (run.state.status === 'cancelled') return t('stopped')
    return run.state.status === 'timed-out' ? t('timedOut') : t('idle')
  }
  return (
    <PageFrame
      page="data-channel"
      report={shownReport}
      idle={idle()}
      importing={importing}
      actions={<RunButton run={run} onStart={() => void start()} disabled={noRelay} />}
    >
      <div className="grid gap-4">
        <OptionsCard
          settings={settings}
          mode={modes.find(mode => mode === settings.mode) ?? 'reliable'}
          disabled={run.state.status === 'running'}
          onChange={change}
        />
        {shown && <ResultCards result={shown} />}
        {shownReport && (
          <Card title={t('findings')}>
            <Findings report={shownReport} />
          </Card>
        )}
        <TalkCard relay={noRelay ? undefined : relay} />
      </div>
    </PageFrame>
  )
}
