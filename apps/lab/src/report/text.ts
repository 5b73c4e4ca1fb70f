import { allFindings, type Finding, type FindingStatus, type Report } from './report.ts'

/** The texts that a plain-text report needs, in one language. */
export interface ReportWords {
  readonly title: (page: string) => string
  readonly status: (status: FindingStatus) => string
  /** The finding's sentence; `remedy` says what to do about it, if anything. */
  readonly sentence: (page: string, finding: Finding) => string
  readonly remedy: (page: string, finding: Finding) => string | undefined
  readonly label: (name: 'made' | 'browser' | 'settings' | 'evidence') => string
}

/** A report to paste into a chat or a ticket: plain words first, evidence below. */
export function reportToText(report: Report, words: ReportWords): string {
  const lines = [words.title(report.page), '']
  const found = allFindings(report)
  for (const { page, finding } of found) {
    const where = page === report.page ? '' : `${words.title(page)}: `
    lines.push(`[${words.status(finding.status)}] ${where}${words.sentence(page, finding)}`)
    const remedy = words.remedy(page, finding)
    if (remedy) lines.push(`    → ${remedy}`)
  }
  lines.push('', `${words.label('made')}: ${report.madeAt}`, `${words.label('browser')}: ${report.browser}`)
  const settings = Object.entries(report.settings)
  if (settings.length > 0) {
    lines.push(`${words.label('settings')}: ${settings.map(([name, value]) => `${name}=${write(value)}`).join(', ')}`)
  }
  const proven = found.filter(({ finding }) => finding.evidence && Object.keys(finding.evidence).length > 0)
  if (proven.length > 0) lines.push('', words.label('evidence'))
  for (const { page, finding } of proven) {
    lines.push(`${page}/${finding.id}`)
    for (const [name, value] of Object.entries(finding.evidence ?? {})) lines.push(`    ${name}: ${write(value)}`)
  }
  return `${lines.join('\n')}\n`
}

function write(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
