import { Switch as Base } from '@base-ui/react/switch'
import { useId } from 'react'

export interface SwitchProps {
  readonly label: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

/** Something that is on or off, with its label beside it. */
export function Switch({ label, checked, onChange }: SwitchProps) {
  const id = useId()
  return (
    <div className="flex min-h-11 items-center justify-between gap-4">
      <label htmlFor={id} className="min-w-0 flex-1 py-2.5">
        {label}
      </label>
      <Base.Root
        id={id}
        checked={checked}
        onCheckedChange={next => onChange(next)}
        className="flex h-7 w-12 shrink-0 items-center rounded-full bg-line-strong p-0.5 transition-colors data-checked:bg-accent"
      >
        <Base.Thumb className="size-6 rounded-full bg-white shadow-card transition-transform data-checked:translate-x-5" />
      </Base.Root>
    </div>
  )
}
