import { Banner, Button, IconButton } from '@parley/ui'
import { copyText, download, fileName, toast, useTitle } from '@parley/ui/page'
import { Copy, Download, FolderOpen, Link2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LabPageId } from '../page-ids.ts'
import { reportToJson } from '../report/json.ts'
import { allFindings, type Report, worst } from '../report/report.ts'
import { reportToText } from '../report/text.ts'
import { StatusIcon } from './status.tsx'
import type { ReportImport } from './use-import.ts'
import { useWords } from './words.ts'

export interface PageFrameProps {
  readonly page: LabPageId
  /** The report to show, live or imported; undefined until there are results. */
  readonly report: Report | undefined
  /** Adds data that is worth collecting only when the report is copied or saved. */
  readonly complete?: (report: Report) => Report
  /** Shown instead of a verdict while there is none, e.g. what to press. */
  readonly idle: ReactNode
  readonly importing: ReportImport
  /** The page's main buttons, such as run and cancel. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The frame of every Lab page: title, purpose, verdict in plain words, copy, export, open, permalink. */
export function PageFrame(props: PageFrameProps) {
  const { page, report, complete = asIs, idle, importing, actions, children } = props
  const { t } = useTranslation('labShell')
  const words = useWords()
  useTitle(words.title(page))

  const copy = async (content: string, done: string) => {
    const copied = await copyText(content)
    toast({ id: 'lab-copied', title: copied ? done : t('copy.refused') })
  }
  return (
    <main id="lab-page" tabIndex={-1} data-lab-page={page} className="min-w-0 flex-1 px-4 pb-20 outline-none sm:px-6">
      <div className="mb-5 flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-[1_1_20rem]">
          <h1 className="text-2xl font-semibold tracking-tight sm:text-3xl">{words.title(page)}</h1>
          <p className="mt-1 max-w-2xl text-pretty text-ink-soft">{words.find('labShell', `purpose.${page}`)}</p>
        </div>
        <div className="-mx-2 flex">
          <IconButton
            label={t('copy.report')}
            icon={<Copy size={20} aria-hidden="true" />}
            side="bottom"
            disabled={!report}
            onClick={() => report && void copy(reportToText(complete(report), words), t('copy.reportDone'))}
          />
          <IconButton
            label={t('export.json')}
            icon={<Download size={20} aria-hidden="true" />}
            side="bottom"
            disabled={!report}
            onClick={() => report && download(fileName(page, new Date(report.madeAt)), reportToJson(complete(report)))}
          />
          <IconButton
            label={t('import.open')}
            icon={<FolderOpen size={20} aria-hidden="true" />}
            side="bottom"
            onClick={() => void importing.open()}
          />
          <IconButton
            label={t('copy.link')}
            tooltip={t('copy.linkHint')}
            icon={<Link2 size={20} aria-hidden="true" />}
            side="bottom"
            onClick={() => void copy(location.href, t('copy.linkDone'))}
          />
        </div>
      </div>
      {importing.imported && (
        <Banner
          className="mb-4"
          title={t('import.showing', { date: new Date(importing.imported.madeAt).toLocaleString(words.language) })}
          actions={<Button onClick={importing.leave}>{t('import.leave')}</Button>}
        >
          <span className="break-words">{importing.imported.browser}</span>
        </Banner>
      )}
      <div className="mb-5 flex flex-wrap items-center gap-x-6 gap-y-4 rounded-2xl border border-line bg-surface p-4 sm:p-5">
        <Verdict report={report} idle={idle} />
        {actions && <div className="flex flex-wrap gap-2 max-sm:w-full max-sm:*:flex-1">{actions}</div>}
      </div>
      {children}
    </main>
  )
}

const asIs = (report: Report) => report

/** Shows the worst finding at the top; everything else follows further down the page. */
function Verdict({ report, idle }: { readonly report: Report | undefined; readonly idle: ReactNode }) {
  const words = useWords()
  const found = report ? allFindings(report) : []
  const status = worst(found.map(({ finding }) => finding.status))
  const first = found.find(({ finding }) => finding.status === status)
  if (!first) return <p className="min-w-0 flex-[1_1_16rem] text-pretty text-ink-soft">{idle}</p>
  const remedy = words.remedy(first.page, first.finding)
  return (
    <div data-verdict={status} className="flex min-w-0 flex-[1_1_16rem] gap-3">
      <span className="mt-0.5">
        <StatusIcon status={status} size={24} />
      </span>
      <div className="min-w-0">
        <p className="text-lg font-medium text-pretty">{words.sentence(first.page, first.finding)}</p>
        {remedy && <p className="mt-0.5 text-pretty text-ink-soft">{remedy}</p>}
      </div>
    </div>
  )
}
