import { buttonClass, Select, Spinner } from '@parley/ui'
import { missingWebRtc, sessionOf, useSession } from '@parley/ui/page'
import { Check, Circle } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { list, number, settingsCodec } from '../report/permalink.ts'
import { makeReport, type Report, worst } from '../report/report.ts'
import { Card } from '../shell/card.tsx'
import { Findings } from '../shell/findings.tsx'
import { PageFrame } from '../shell/frame.tsx'
import { Option } from '../shell/option.tsx'
import { StatusIcon } from '../shell/status.tsx'
import { useReportImport } from '../shell/use-import.ts'
import { useRun } from '../shell/use-run.ts'
import { useLabSettings } from '../shell/use-settings.ts'
import { useWords } from '../shell/words.ts'
import { type CheckId, checkIds } from './check-list.ts'
import { RunButton } from './run-button.tsx'
import { checksLimitMs, runChecks } from './run-checks.ts'
import { type Ended, summaryFindings } from './summary.ts'

const checksSettings = settingsCodec({
  /** Ids of the checks to skip. */
  without: list([], 20),
  seconds: number(3, { min: 2, max: 60 }),
})

function chosenChecks(without: readonly string[]): readonly CheckId[] {
  return checkIds.filter(id => !without.includes(id))
}

const lengths = [3, 5, 10, 30]

/** Runs all checks and joins them in one report: plain words first, evidence below. */
export default function ChecksPage() {
  const { t } = useTranslation('labChecks')
  const words = useWords()
  const [settings, change] = useLabSettings(checksSettings)
  const session = useSession(({ connection }) =>
    connection.status === 'connected' ? sessionOf(connection) : undefined,
  )
  const [ended, setEnded] = useState<readonly Ended[]>([])
  const [now, setNow] = useState<readonly CheckId[]>([])
  const [report, setReport] = useState<Report>()
  const importing = useReportImport('checks')
  const ids = chosenChecks(settings.without)
  const run = useRun(
    signal =>
      runChecks({
        ids,
        session,
        seconds: settings.seconds,
        signal,
        onChange: (so, next) => {
          setEnded(so)
          setNow(next)
        },
      }),
    { timeLimitMs: checksLimitMs(ids, settings.seconds) },
  )
  const running = run.state.status === 'running'
  const start = async () => {
    importing.leave()
    setEnded([])
    setReport(undefined)
    const outcome = await run.start()
    setNow([])
    if (outcome.status !== 'done') return
    const { ended, troubles } = outcome.value
    const parts = partsOf(ended)
    const input = { page: 'checks', settings, findings: summaryFindings(ended, troubles, missingWebRtc), parts }
    setReport(makeReport(input, new Date(), navigator.userAgent))
  }
  const idle = () => {
    if (running && now.length > 0) return t('running', { check: now.map(words.title).join(', ') })
    if (run.state.status === 'failed') return t('failed', { error: run.state.error })
    if (run.state.status === 'cancelled') return t('stopped')
    return run.state.status === 'timed-out' ? t('timedOut') : t('idle')
  }
  const shownReport = importing.imported ?? report
  const parts = importing.imported ? (importing.imported.parts ?? []) : partsOf(ended)
  return (
    <PageFrame
      page="checks"
      report={shownReport}
      idle={idle()}
      importing={importing}
      actions={<RunButton run={run} onStart={() => void start()} disabled={ids.length === 0} />}
    >
      <div className="grid gap-4">
        {running && <Progress ids={ids} now={now} ended={ended} />}
        {shownReport && shownReport.findings.length > 1 && (
          <Card title={t('whole')}>
            <Findings report={{ ...shownReport, parts: [] }} />
          </Card>
        )}
        {parts.map(part => (
          <Part key={part.page} part={part} />
        ))}
        <Card title={t('which')} hint={t('which.hint')}>
          <div className="grid items-start gap-4 md:grid-cols-[1fr_14rem]">
            <div className="-mx-2 grid">
              {checkIds.map(id => (
                <Option
                  key={id}
                  pressed={ids.includes(id)}
                  disabled={running}
                  onPressedChange={on =>
                    change({ without: on ? settings.without.filter(each => each !== id) : [...settings.without, id] })
                  }
                  hint={t(`check.${id}`)}
                >
                  {words.title(id)}
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

function partsOf(ended: readonly Ended[]): readonly Report[] {
  return ended.flatMap(({ outcome }) => (outcome.status === 'done' ? [outcome.value] : []))
}

/** What one check found, with a link to its page. */
function Part({ part }: { readonly part: Report }) {
  const { t } = useTranslation('labChecks')
  const words = useWords()
  const title = words.title(part.page)
  return (
    <Card
      title={
        <span className="inline-flex items-center gap-2" data-part={part.page}>
          <StatusIcon status={worst(part.findings.map(({ status }) => status))} />
          {title}
        </span>
      }
      actions={
        <Link
          href={`/lab/${part.page}`}
          aria-label={t('open', { page: title })}
          className={buttonClass({ variant: 'ghost' })}
        >
          {t('open.short')}
        </Link>
      }
    >
      <Findings report={part} />
    </Card>
  )
}

interface ProgressProps {
  readonly ids: readonly CheckId[]
  readonly now: readonly CheckId[]
  readonly ended: readonly Ended[]
}

function Progress({ ids, now, ended }: ProgressProps) {
  const words = useWords()
  return (
    <ol className="grid gap-2 rounded-2xl border border-line bg-surface p-4 sm:p-5">
      {ids.map(id => {
        const over = ended.some(({ check }) => check === id)
        const runs = now.includes(id)
        return (
          <li
            key={id}
            aria-current={runs ? 'step' : undefined}
            className={over || runs ? 'flex items-center gap-3' : 'flex items-center gap-3 text-ink-soft'}
          >
            <span className="flex size-5 items-center justify-center text-accent-text">
              {over && <Check size={18} aria-hidden="true" />}
              {runs && <Spinner />}
              {!over && !runs && <Circle size={14} aria-hidden="true" className="text-line-strong" />}
            </span>
            {words.title(id)}
          </li>
        )
      })}
    </ol>
  )
}
