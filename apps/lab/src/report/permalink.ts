import type { Settings } from './report.ts'

/** How one setting is written into a link and read back. */
export interface Field<T extends Settings[string]> {
  readonly fallback: T
  write(value: T): string
  /** Undefined if the text is invalid; then the fallback applies. */
  read(text: string): T | undefined
}

export const flag = (fallback: boolean): Field<boolean> => ({
  fallback,
  write: value => (value ? '1' : '0'),
  read: text => (text === '1' ? true : text === '0' ? false : undefined),
})

/** A number in a range, both ends included; anything outside is rejected. */
export const number = (
  fallback: number,
  { min, max }: { readonly min: number; readonly max: number },
): Field<number> => ({
  fallback,
  write: String,
  read: text => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    return value >= min && value <= max ? value : undefined
  },
})

export const oneOf = <const T extends string>(values: readonly T[], fallback: NoInfer<T>): Field<T> => ({
  fallback,
  write: value => value,
  read: text => values.find(value => value === text),
})

export const text = (fallback: string, maxLength = 2000): Field<string> => ({
  fallback,
  write: value => value,
  read: value => value.slice(0, maxLength),
})

export const list = (fallback: readonly string[] = [], maxItems = 50): Field<readonly string[]> => ({
  fallback,
  write: value => JSON.stringify(value),
  read: value => {
    try {
      const items: unknown = JSON.parse(value)
      return Array.isArray(items) && items.every(item => typeof item === 'string')
        ? items.slice(0, maxItems)
        : undefined
    } catch {
      return undefined
    }
  },
})

export type Fields = Readonly<Record<string, Field<Settings[string]>>>
export type SettingsOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never
}

/** Reads and writes a page's settings as the part of a link after `#`. They must not contain secrets. */
export interface Codec<S extends Settings> {
  readonly fallback: S
  /** Without `#`; empty if every setting has its default. */
  readonly encode: (settings: S) => string
  /** Takes the hash with or without `#`. Invalid fields get their defaults. */
  readonly decode: (hash: string) => S
}

/**
 * @example
 * const codec = settingsCodec({ relayOnly: flag(false), pool: number(0, { min: 0, max: 10 }) })
 * codec.encode({ relayOnly: true, pool: 0 }) // 'relayOnly=1'
 */
export function settingsCodec<F extends Fields>(fields: F): Codec<SettingsOf<F> & Settings> {
  type S = SettingsOf<F> & Settings
  const entries = Object.entries(fields)
  const fallback = Object.fromEntries(entries.map(([name, field]) => [name, field.fallback])) as S
  return {
    fallback,
    encode: settings => {
      const link = new URLSearchParams()
      for (const [name, field] of entries) {
        const value = settings[name]
        if (value === undefined) continue
        const written = field.write(value)
        if (written !== field.write(field.fallback)) link.set(name, written)
      }
      return link.toString()
    },
    decode: hash => {
      const link = new URLSearchParams(hash.replace(/^#/, ''))
      const read = entries.map(([name, field]) => {
        const written = link.get(name)
        return [name, (written === null ? undefined : field.read(written)) ?? field.fallback] as const
      })
      return Object.fromEntries(read) as S
    },
  }
}
