import { networkOf } from '@parley/nat'
import { TextField } from '@parley/ui'
import { sessionOf, useSession } from '@parley/ui/page'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RunButton } from '../checks/run-button.tsx'
import { settingsCodec, text } from '../report/permalink.ts'
import { makeReport, type Report } from '../report/report.ts'
import { Card } from '../shell/card.tsx'
import { PageFrame } from '../shell/frame.tsx'
import { useReportImport } from '../shell/use-import.ts'
import { useRun } from '../shell/use-run.ts'
import { useLabSettings } from '../shell/use-settings.ts'
import { parseServerUrl } from '../trickle/server-url.ts'
import { judge } from './judge.ts'
import { NatAnswers } from './nat-answers.tsx'
import { PairTable } from './pair-table.tsx'
import { probeLimitMs, probeNat, type Step } from './probe.ts'
import { type NatResult, natReport, readNat } from './report.ts'

const natSettings = settingsCodec({ second: text('', 200) })

/** Shows what lies between this browser and the internet, as far as a browser can find out. */
export default function NatPage() {
  const { t } = useTranslation('labNat')
  const [settings, change] = useLabSettings(natSettings)
  const session = useSession(({ connection }) => sessionOf(connection))
  const [step, setStep] = useState<Step>('asking')
  const [result, setResult] = useState<NatResult>()
  const [report, setReport] = useState<Report>()
  const importing = useReportImport('nat')
  const second = settings.second.trim()
  const parsed = parseServerUrl(second)
  const badSecond = second !== '' && ('problem' in parsed || parsed.scheme !== 'stun')
  const iceServers = session?.iceServers ?? []
  const run = useRun(
    signal =>
      probeNat({ iceServers, second: second === '' || badSecond ? undefined : second, signal, onStep: setStep }),
    { timeLimitMs: probeLimitMs },
  )
  const start = async () => {
    importing.leave()
    setResult(undefined)
    setReport(undefined)
    setStep('asking')
    const outcome = await run.start()
    if (outcome.status !== 'done') return
    const found = { observed: outcome.value, findings: judge(outcome.value) }
    setResult(found)
    setReport(makeReport(natReport(settings, found), new Date(), navigator.userAgent))
  }

  const shown = importing.imported ? readNat(importing.imported.data) : result
  const nobody = iceServers.length === 0 && second === ''
  const classic = shown?.findings.classic.value
  return (
    <PageFrame
      page="nat"
      report={importing.imported ?? report}
      idle={idle()}
      importing={importing}
      actions={<RunButton run={run} onStart={() => void start()} disabled={nobody || badSecond} />}
    >
      <div className="grid gap-4">
        <Card title={t('second.title')} hint={t('second.hint')}>
          <TextField
            label={t('second')}
            placeholder="stun:stun.example.org:3478"
            value={settings.second}
            onChange={value => change({ second: value })}
            error={badSecond && t('second.bad')}
            className="max-w-xl"
          />
        </Card>
        {shown && <NatAnswers findings={shown.findings} />}
        <PairTable own={classic === undefined ? undefined : networkOf(classic)} />
        <Card title={t('limits')}>
          <p className="max-w-3xl text-pretty text-ink-soft">{t('limits.text')}</p>
        </Card>
      </div>
    </PageFrame>
  )

  function idle(): ReactNode {
    if (run.state.status === 'running') return t(`step.${step}`)
    if (run.state.status === 'failed') return t('failed', { error: run.state.error })
    if (run.state.status === 'cancelled') return t('stopped')
    if (run.state.status === 'timed-out') return t('timedOut')
    if (!session) return t('away')
    return nobody ? t('noServers') : t('idle')
  }
}
