import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

export interface FoldProps {
  readonly summary: ReactNode
  /** Accessible name that tells folds apart if several on a page have the same summary. */
  readonly label?: string
  readonly children: ReactNode
}

/** Details that are hidden until somebody opens them. */
export function Fold({ summary, label, children }: FoldProps) {
  return (
    <details className="group text-sm">
      <summary
        aria-label={label}
        className="-ml-1 inline-flex min-h-11 cursor-pointer list-none items-center gap-1 rounded-md pr-2 text-ink-soft hover:text-ink [&::-webkit-details-marker]:hidden"
      >
        <ChevronRight size={16} aria-hidden="true" className="transition-transform group-open:rotate-90" />
        {summary}
      </summary>
      {children}
    </details>
  )
}
