import { pickFile, toast } from '@parley/ui/page'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LabPageId } from '../page-ids.ts'
import { type Imported, type ImportProblem, reportFromJson } from '../report/json.ts'
import type { Report } from '../report/report.ts'
import { useWords } from './words.ts'

/** Says in words what is wrong with a file. */
export function useImportProblem(): (problem: ImportProblem) => string {
  const words = useWords()
  return problem => {
    const params = Object.fromEntries(Object.entries(problem).filter(([name]) => name !== 'code'))
    if (problem.code === 'wrong-page') params.page = words.title(problem.page)
    return words.find('labShell', `import.${problem.code}`, params) ?? problem.code
  }
}

/** Lets the person pick a file and reads it; problems are shown as a toast. */
function useOpenFile(): <T>(accept: string, read: (text: string) => Imported<T>) => Promise<T | undefined> {
  const { t } = useTranslation('labShell')
  const say = useImportProblem()
  return async (accept, read) => {
    const file = await pickFile(accept)
    if (!file) return undefined
    const result = read(await file.text())
    if (result.ok) return result.value
    toast({ id: 'lab-import', title: t('import.failed', { file: file.name }), description: say(result.problem) })
    return undefined
  }
}

export interface ReportImport {
  /** The imported report that is shown instead of live results. */
  readonly imported: Report | undefined
  readonly open: () => Promise<void>
  readonly leave: () => void
}

/** Opens reports of one page. */
export function useReportImport(page: LabPageId, onImported?: (report: Report) => void): ReportImport {
  const [imported, setImported] = useState<Report>()
  const openFile = useOpenFile()
  return {
    imported,
    open: async () => {
      const report = await openFile('.json,application/json', text => ofPage(reportFromJson(text), page))
      if (!report) return
      setImported(report)
      onImported?.(report)
    },
    leave: () => setImported(undefined),
  }
}

function ofPage(result: Imported<Report>, page: LabPageId): Imported<Report> {
  if (!result.ok || result.value.page === page) return result
  return { ok: false, problem: { code: 'wrong-page', page: result.value.page } }
}
