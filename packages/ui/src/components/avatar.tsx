import { cx } from './cx.ts'
import { hueOf, initials } from './initials.ts'

const sizes = { sm: 'size-8 text-xs', md: 'size-11 text-[0.9375rem]', lg: 'size-20 text-2xl', xl: 'size-28 text-4xl' }

export interface AvatarProps {
  readonly name: string
  /** Decides the colour: the same person looks the same everywhere. */
  readonly identity: string
  readonly size?: keyof typeof sizes
  readonly className?: string | undefined
}

/** A person as initials on their own colour. Decoration: the name stands beside it. */
export function Avatar({ name, identity, size = 'md', className }: AvatarProps) {
  return (
    <span
      aria-hidden="true"
      style={{ backgroundColor: `oklch(0.47 0.085 ${hueOf(identity)})` }}
      className={cx(
        'inline-flex shrink-0 items-center justify-center rounded-full font-semibold text-white select-none',
        sizes[size],
        className,
      )}
    >
      {initials(name)}
    </span>
  )
}
