import { isRecord } from '@parley/diagnostics'
import { Button } from '@parley/ui'
import { hasWebRtc } from '@parley/ui/page'
import { Repeat } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { loopbackCodec } from '../loopback/options.ts'
import { freshCall, useLoopback } from '../loopback/store.ts'
import { oneOf, settingsCodec } from '../report/permalink.ts'
import { makeReport, type Report } from '../report/report.ts'
import { Card } from '../shell/card.tsx'
import { Findings } from '../shell/findings.tsx'
import { PageFrame } from '../shell/frame.tsx'
import { useReportImport } from '../shell/use-import.ts'
import { useLabSettings } from '../shell/use-settings.ts'
import { agree } from './agree.ts'
import { Agreed } from './agreed.tsx'
import { Differences } from './differences.tsx'
import { Edit } from './edit.tsx'
import { Explained } from './explained.tsx'
import { sdpFindings } from './findings.ts'
import { parseSdp } from './parse.ts'
import { Slot } from './slot.tsx'
import { useSdpSources } from './sources.ts'

const views = ['first', 'second', 'agreed', 'diff', 'edit'] as const
const codec = settingsCodec({ view: oneOf(views, 'first') })

interface Choice {
  readonly text: string
  readonly source: string
}

/** Explains and compares session descriptions, and lets the person edit and try them. */
export default function SdpPage() {
  const { t } = useTranslation('labSdp')
  const [{ view }, change] = useLabSettings(codec)
  const sources = useSdpSources()
  const offer = useLoopback(state => state.offer)
  const answer = useLoopback(state => state.answer)
  const [first, setFirst] = useState<Choice>({ text: offer ?? '', source: offer ? 'loopback-offer' : 'paste' })
  const [second, setSecond] = useState<Choice>({ text: answer ?? '', source: answer ? 'loopback-answer' : 'paste' })
  const [busy, setBusy] = useState(false)
  const importing = useReportImport('sdp', report => {
    const saved = readData(report)
    setFirst({ text: saved.first, source: 'paste' })
    setSecond({ text: saved.second, source: 'paste' })
  })

  const left = useMemo(() => parseSdp(first.text), [first.text])
  const right = useMemo(() => parseSdp(second.text), [second.text])
  const both = left.lines.length > 0 && right.lines.length > 0
  const agreements = useMemo(() => (both ? agree(left, right) : []), [left, right, both])
  const findings = useMemo(
    () => sdpFindings(left, both ? right : undefined, agreements),
    [left, right, both, agreements],
  )
  const report =
    findings.length === 0
      ? undefined
      : makeReport(
          { page: 'sdp', settings: { view }, findings, data: { first: first.text, second: second.text } },
          new Date(),
          navigator.userAgent,
        )

  const makeLoopback = async () => {
    setBusy(true)
    const { phase } = useLoopback.getState().phase
    if (phase !== 'connected') await freshCall({ ...loopbackCodec.fallback, source: 'stand-in' })
    setBusy(false)
    const made = useLoopback.getState()
    setFirst({ text: made.offer ?? '', source: 'loopback-offer' })
    setSecond({ text: made.answer ?? '', source: 'loopback-answer' })
  }
  const contents: Record<(typeof views)[number], () => ReactNode> = {
    first: () => <Explained sdp={left} />,
    second: () => <Explained sdp={right} />,
    agreed: () => <Agreed agreements={agreements} />,
    diff: () => <Differences left={left} right={right} />,
    edit: () => <Edit offer={first.text} />,
  }
  return (
    <PageFrame
      page="sdp"
      report={report}
      idle={t('idle')}
      importing={importing}
      actions={
        <Button
          busy={busy}
          disabled={!hasWebRtc}
          icon={<Repeat size={18} aria-hidden="true" />}
          onClick={() => void makeLoopback()}
        >
          {t('makeLoopback')}
        </Button>
      }
    >
      <div className="space-y-4">
        <div className="grid gap-4 rounded-2xl border border-line bg-surface p-4 sm:p-5 md:grid-cols-2">
          <Slot
            label={t('left')}
            {...first}
            sources={sources}
            onChange={(text, source) => setFirst({ text, source })}
          />
          <Slot
            label={t('right')}
            {...second}
            sources={sources}
            onChange={(text, source) => setSecond({ text, source })}
          />
        </div>
        {report && (
          <Card title={t('found')}>
            <Findings report={report} />
          </Card>
        )}
        {left.lines.length > 0 && (
          <Card title={t(`view.${view}`)}>
            <fieldset className="mb-4 flex flex-wrap gap-2">
              <legend className="sr-only">{t('view')}</legend>
              {views.map(each => (
                <Button
                  key={each}
                  variant={each === view ? 'soft' : 'secondary'}
                  aria-pressed={each === view}
                  disabled={(each === 'second' || each === 'agreed' || each === 'diff') && !both}
                  onClick={() => change({ view: each })}
                >
                  {t(`view.${each}`)}
                </Button>
              ))}
            </fieldset>
            {needsBoth(view) && !both ? <p className="text-ink-soft">{t('needBoth')}</p> : contents[view]()}
          </Card>
        )}
      </div>
    </PageFrame>
  )
}

const needsBoth = (view: (typeof views)[number]) => view === 'second' || view === 'agreed' || view === 'diff'

function readData({ data }: Report): { readonly first: string; readonly second: string } {
  const raw: unknown = data
  const text = (name: string) => (isRecord(raw) && typeof raw[name] === 'string' ? raw[name] : '')
  return { first: text('first'), second: text('second') }
}
