import { cx } from './cx.ts'

const sizes = { sm: 'size-8 text-xs', md: 'size-11 text-[0.9375rem]', lg: 'size-20 text-2xl', xl: 'size-28 text-4xl' }

export interface AvatarProps {
  readonly name: string
  /** Determines the colour, so that a person looks the same everywhere. */
  readonly identity: string
  readonly size?: keyof typeof sizes
  readonly className?: string | undefined
}

/** A person's initials on their own colour. Decorative: the name is shown beside it. */
export function Avatar({ name, identity, size = 'md', className }: AvatarProps) {
  return (
    <span
      aria-hidden="true"
      style={{ backgroundColor: avatarLook(name, identity).colour }}
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

/** The same initials and colour, for pictures that are drawn. */
export function avatarLook(name: string, identity: string): { readonly initials: string; readonly colour: string } {
  return { initials: initials(name), colour: `oklch(0.47 0.085 ${hueOf(identity)})` }
}

const han = /\p{Script=Han}/u

/** One or two characters to represent a name: “Ann Lee” → AL, “王小明” → 小明, “ann” → A. */
export function initials(name: string): string {
  const words = name
    .replace(/\(.*?\)/g, ' ')
    .split(/[\s._-]+/u)
    .filter(word => /[\p{L}\p{N}]/u.test(word))
  const first = words[0]
  const last = words.at(-1)
  if (first === undefined || last === undefined) return '?'
  if (words.length === 1 && han.test(first)) return [...first].slice(-2).join('')
  const letters = words.length === 1 ? letter(first) : letter(first) + letter(last)
  return letters.toLocaleUpperCase()
}

function letter(word: string): string {
  return [...word].find(character => /[\p{L}\p{N}]/u.test(character)) ?? ''
}

/** A hue in degrees, the same for the same identity everywhere. */
export function hueOf(identity: string): number {
  let hash = 2166136261
  for (let index = 0; index < identity.length; index++) {
    hash = Math.imul(hash ^ identity.charCodeAt(index), 16777619)
  }
  return ((hash >>> 0) % 24) * 15
}
