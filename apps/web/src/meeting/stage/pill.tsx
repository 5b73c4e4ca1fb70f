import type { ReactNode } from 'react'

export interface PillProps {
  readonly icon: ReactNode
  readonly children: ReactNode
}

/** An amber note over the stage. */
export function Pill({ icon, children }: PillProps) {
  return (
    <div className="flex min-h-9 max-w-full animate-fade-in items-center gap-2 rounded-full bg-[#f3c663] py-1 pr-4 pl-3 text-sm font-medium text-[#2b1d00] shadow-pop">
      {icon}
      {children}
    </div>
  )
}
