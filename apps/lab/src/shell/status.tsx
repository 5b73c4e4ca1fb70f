import { cx } from '@parley/ui'
import { CircleCheck, CircleHelp, CircleSlash, CircleX, TriangleAlert } from 'lucide-react'
import type { FindingStatus } from '../report/report.ts'
import { useWords } from './words.ts'

const looks: Record<FindingStatus, { readonly Icon: typeof CircleCheck; readonly colour: string }> = {
  pass: { Icon: CircleCheck, colour: 'text-accent-text' },
  warn: { Icon: TriangleAlert, colour: 'text-warn-text' },
  fail: { Icon: CircleX, colour: 'text-danger-text' },
  unknown: { Icon: CircleHelp, colour: 'text-ink-soft' },
  cancelled: { Icon: CircleSlash, colour: 'text-ink-soft' },
}

/** The icon of a status, with its name as text for screen readers. */
export function StatusIcon({ status, size = 20 }: { readonly status: FindingStatus; readonly size?: number }) {
  const words = useWords()
  const { Icon, colour } = looks[status]
  return (
    <span className={cx('inline-flex shrink-0', colour)}>
      <Icon size={size} aria-hidden="true" />
      <span className="sr-only">{words.status(status)}: </span>
    </span>
  )
}
