import { Select } from '@parley/ui'
import { sessionOf, useSession } from '@parley/ui/page'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RunButton } from '../checks/run-button.tsx'
import { makeReport, type Report } from '../report/report.ts'
import { Card } from '../shell/card.tsx'
import { Findings } from '../shell/findings.tsx'
import { PageFrame } from '../shell/frame.tsx'
import { Option } from '../shell/option.tsx'
import { useReportImport } from '../shell/use-import.ts'
import { useRun } from '../shell/use-run.ts'
import { useLabSettings } from '../shell/use-settings.ts'
import { CallCards } from './call-cards.tsx'
import { Progress } from './progress.tsx'
import { callTestReport, readCallTest } from './report.ts'
import { type CallTestResult, callKinds } from './result.ts'
import { callTestLimitMs, runCallTest, type Step } from './run-call-test.ts'
import { sdkCalls } from './sdk-call.ts'
import { callTestSettings, kindsOf } from './settings.ts'

const lengths = [5, 10, 30, 60]

/** Makes a test call from this browser through this server by every possible route, and rates its quality. */
export default function CallTestPage() {
  const { t } = useTranslation('labCallTest')
  const [settings, change] = useLabSettings(callTestSettings)
  const session = useSession(({ connection }) =>
    connection.status === 'connected' ? sessionOf(connection) : undefined,
  )
  const [live, setLive] = useState<{ readonly step: Step; readonly so: CallTestResult }>()
  const [result, setResult] = useState<CallTestResult>()
  const [report, setReport] = useState<Report>()
  const importing = useReportImport('call-test')
  const kinds = kindsOf(settings)
  const run = useRun(
    signal =>
      runCallTest({
        session,
        calls: sdkCalls(session?.token ?? ''),
        kinds,
        seconds: settings.seconds,
        signal,
        onStep: (step, so) => setLive({ step, so }),
      }),
    { timeLimitMs: callTestLimitMs(kinds.length, settings.seconds) },
  )
  const start = async () => {
    importing.leave()
    setResult(undefined)
    setReport(undefined)
    const outcome = await run.start()
    setLive(undefined)
    if (outcome.status !== 'done') return
    setResult(outcome.value)
    setReport(makeReport(callTestReport(settings, outcome.value), new Date(), navigator.userAgent))
  }
  const running = run.state.status === 'running'
  const shown = importing.imported ? readCallTest(importing.imported.data) : (result ?? live?.so)
  const shownReport = importing.imported ?? report
  const idle = () => {
    if (running && live) return t(`step.${live.step}`)
    if (run.state.status === 'failed') return t('failed', { error: run.state.error })
    if (run.state.status === 'cancelled') return t('stopped')
    if (run.state.status === 'timed-out') return t('timedOut')
    return t('idle')
  }
  return (
    <PageFrame
      page="call-test"
      report={shownReport}
      idle={idle()}
      importing={importing}
      actions={<RunButton run={run} onStart={() => void start()} />}
    >
      <div className="grid gap-4">
        {running && live && <Progress step={live.step} kinds={kinds} seconds={settings.seconds} />}
        {shown && shown.calls.length > 0 && <CallCards calls={shown.calls} />}
        {shownReport && (
          <Card title={t('findings')}>
            <Findings report={shownReport} />
          </Card>
        )}
        <Card title={t('options')} hint={t('options.hint')}>
          <div className="grid items-start gap-4 md:grid-cols-[1fr_14rem]">
            <div className="-mx-2 grid">
              {callKinds.map(kind => (
                <Option
                  key={kind}
                  pressed={settings[kind]}
                  disabled={running}
                  onPressedChange={on => change({ [kind]: on })}
                  hint={t(`kind.${kind}.hint`)}
                >
                  {t(`kind.${kind}`)}
                </Option>
              ))}
            </div>
            <Select
              label={t('seconds')}
              disabled={running}
              value={String(settings.seconds)}
              options={[...new Set([...lengths, settings.seconds])]
                .sort((a, b) => a - b)
                .map(value => ({ value: String(value), label: t('seconds.value', { seconds: value }) }))}
              onChange={value => change({ seconds: Number(value) })}
            />
          </div>
        </Card>
      </div>
    </PageFrame>
  )
}
