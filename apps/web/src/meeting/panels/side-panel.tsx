import { IconButton, isComposing } from '@parley/ui'
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Panel } from '../view.ts'

interface SidePanelProps {
  readonly panel: Panel
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A panel beside the stage. Focus moves into it when it opens and to its button when it closes; Esc closes it. */
export function SidePanel({ panel, title, onClose, children }: SidePanelProps) {
  const { t: common } = useTranslation()
  const element = useRef<HTMLElement>(null)

  useEffect(() => {
    const aside = element.current
    const first = aside?.querySelector<HTMLElement>('[data-autofocus]') ?? aside
    first?.focus()
    return () => {
      // Return the focus only if it was lost to the body; if the person has already moved it elsewhere, leave it there.
      if (document.activeElement && document.activeElement !== document.body) return
      document.querySelector<HTMLElement>(`[data-panel-button~=${panel}] button`)?.focus()
    }
  }, [panel])

  return (
    <aside
      ref={element}
      tabIndex={-1}
      aria-label={title}
      data-panel={panel}
      onKeyDown={event => {
        if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event.nativeEvent)) return
        event.preventDefault()
        onClose()
      }}
      className="flex w-88 shrink-0 animate-panel flex-col overflow-hidden rounded-2xl border border-line bg-surface outline-none lg:w-96"
    >
      <div className="flex shrink-0 items-center gap-3 py-1.5 pr-1.5 pl-5">
        <h2 className="min-w-0 flex-1 truncate text-lg font-semibold">{title}</h2>
        <IconButton label={common('close')} icon={<X size={20} aria-hidden="true" />} onClick={onClose} />
      </div>
      {children}
    </aside>
  )
}
