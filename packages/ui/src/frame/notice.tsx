import type { ReactNode } from 'react'
import { Header } from './header.tsx'

export interface NoticeProps {
  readonly icon?: ReactNode
  readonly title: string
  readonly text?: ReactNode
  /** Buttons for what the person can do. */
  readonly children?: ReactNode
}

/** A whole page with one message: what happened, and what to do. */
export function Notice({ icon, title, text, children }: NoticeProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      <Header />
      <main className="flex flex-1 flex-col items-center justify-center px-5 pb-24 text-center">
        {icon && (
          <div className="mb-6 flex size-16 items-center justify-center rounded-full bg-sunken text-ink-soft">
            {icon}
          </div>
        )}
        <h1 className="max-w-xl text-2xl font-semibold tracking-tight sm:text-3xl">{title}</h1>
        {text && <div className="mt-3 max-w-lg text-pretty text-ink-soft">{text}</div>}
        {children && <div className="mt-8 flex flex-wrap justify-center gap-3">{children}</div>}
      </main>
    </div>
  )
}
