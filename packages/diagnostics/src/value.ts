/** The units of the Lab as written in exports; `formatValue` formats them for people. */
export type Unit = 'ms' | 's' | 'min' | 'bit/s' | 'bytes' | 'share' | 'fps' | 'px' | 'count' | 'dB'

/** Why a value is missing. Each has a sentence in `locales`, `missing.<reason>`. */
export type MissingReason =
  | 'not-measured'
  | 'no-traffic'
  | 'not-supported'
  | 'not-allowed'
  | 'timed-out'
  | 'cancelled'
  | 'counter-reset'

/** A result: a finite number with its unit, or the reason why there is none. Never a placeholder 0, NaN or Infinity. */
export type Value = { readonly value: number; readonly unit: Unit } | { readonly missing: MissingReason }

/** Turns a number into a result, or gives the reason if it is absent or not finite. */
export function measured(value: number | null | undefined, unit: Unit, why: MissingReason = 'not-measured'): Value {
  return typeof value === 'number' && Number.isFinite(value) ? { value, unit } : { missing: why }
}

/** Like {@link measured}, for values that cannot really be 0, such as a round trip or a frame's width. */
export function measuredAbove0(
  value: number | null | undefined,
  unit: Unit,
  why: MissingReason = 'not-measured',
): Value {
  return value === 0 ? { missing: why } : measured(value, unit, why)
}

export function isMissing(value: Value): value is { readonly missing: MissingReason } {
  return 'missing' in value
}

const decimal = (value: number, language: string, digits: number) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)

const scaled = (value: number, steps: readonly (readonly [number, string])[], language: string): string => {
  const step = steps.find(([from]) => Math.abs(value) >= from) ?? steps.at(-1)
  const [from, name] = step ?? [1, '']
  const shown = value / (from || 1)
  return `${decimal(shown, language, Math.abs(shown) < 10 ? 1 : 0)} ${name}`
}

const writers: Record<Unit, (value: number, language: string) => string> = {
  ms: (value, language) => `${decimal(value, language, value < 10 ? 1 : 0)} ms`,
  s: (value, language) => `${decimal(value, language, value < 10 ? 1 : 0)} s`,
  min: (value, language) => `${decimal(value, language, value < 10 ? 1 : 0)} min`,
  'bit/s': (value, language) =>
    scaled(
      value,
      [
        [1e9, 'Gbit/s'],
        [1e6, 'Mbit/s'],
        [1e3, 'kbit/s'],
        [1, 'bit/s'],
      ],
      language,
    ),
  bytes: (value, language) =>
    scaled(
      value,
      [
        [1e9, 'GB'],
        [1e6, 'MB'],
        [1e3, 'kB'],
        [1, 'B'],
      ],
      language,
    ),
  share: (value, language) => `${decimal(value * 100, language, value < 0.1 ? 1 : 0)} %`,
  fps: (value, language) => `${decimal(value, language, 0)} fps`,
  px: (value, language) => `${decimal(value, language, 0)} px`,
  count: (value, language) => decimal(value, language, 0),
  dB: (value, language) => `${decimal(value, language, 1)} dB`,
}

/** Text such as `2.4 Mbit/s` or `0.4 %`; undefined if the value is missing (then show `missing.<reason>`). */
export function formatValue(value: Value, language: string): string | undefined {
  return isMissing(value) ? undefined : writers[value.unit](value.value, language)
}
