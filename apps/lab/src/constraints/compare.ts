import {
  type FieldName,
  fieldsOf,
  type InputKind,
  type Strength,
  strengths,
  type Wish,
  type Wishes,
  type WishValue,
} from './wishes.ts'

/** Whether a wish was met. `not-told`: the browser does not say; `not-supported`: it does not know the constraint. */
export type Fulfilment = 'met' | 'close' | 'not-met' | 'not-told' | 'not-supported' | 'not-asked'

export interface Comparison {
  readonly name: FieldName
  readonly asked: Wish | undefined
  readonly got: WishValue | undefined
  readonly fulfilment: Fulfilment
  /** What the device can do, as reported by the browser. */
  readonly capability: Capability | undefined
}

export type Capability =
  | { readonly min: number; readonly max: number; readonly step?: number }
  | { readonly values: readonly WishValue[] }

type Told = Readonly<Record<string, unknown>>

export interface CompareOptions {
  readonly kind: InputKind
  readonly wishes: Wishes
  readonly settings: Told
  readonly capabilities: Told
  readonly supported: Told
}

/** Compares requested with actual values: one row per field that was requested or that the browser reports. */
export function compare({ kind, wishes, settings, capabilities, supported }: CompareOptions): readonly Comparison[] {
  return fieldsOf(kind).flatMap(name => {
    const asked = wishes[name]
    const got = wishValue(settings[name])
    const capability = readCapability(capabilities[name])
    if (!asked && got === undefined && !capability) return []
    const known = supported[name] === true
    return [{ name, asked, got, capability, fulfilment: asked ? fulfilmentOf(asked, got, known) : 'not-asked' }]
  })
}

const ranks = ['met', 'close', 'not-met'] as const

function fulfilmentOf(asked: Wish, got: WishValue | undefined, supported: boolean): Fulfilment {
  if (!supported) return 'not-supported'
  if (got === undefined) return 'not-told'
  const parts = strengths.flatMap(strength => {
    const value = asked[strength]
    return value === undefined ? [] : [partOf(strength, value, got)]
  })
  return ranks.findLast(rank => parts.includes(rank)) ?? 'met'
}

function partOf(strength: Strength, asked: WishValue, got: WishValue): (typeof ranks)[number] {
  if (typeof asked !== 'number' || typeof got !== 'number') return asked === got ? 'met' : 'not-met'
  const tolerance = Math.max(0.005, Math.abs(asked) * 0.005)
  if (strength === 'min') return got >= asked - tolerance ? 'met' : 'not-met'
  if (strength === 'max') return got <= asked + tolerance ? 'met' : 'not-met'
  if (Math.abs(got - asked) <= tolerance) return 'met'
  // Cameras only have certain modes, so within 20 % of an ideal value is as close as can be expected.
  return strength === 'ideal' && Math.abs(got - asked) <= Math.abs(asked) * 0.2 ? 'close' : 'not-met'
}

function wishValue(value: unknown): WishValue | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return typeof value === 'boolean' || (typeof value === 'string' && value !== '') ? value : undefined
}

/** `{ min, max, step }` for numbers, a list for other types; undefined if the browser reports nothing useful. */
export function readCapability(value: unknown): Capability | undefined {
  if (Array.isArray(value)) {
    const values = value.flatMap(each => wishValue(each) ?? [])
    return values.length > 0 ? { values } : undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { min, max, step } = value as Record<string, unknown>
  if (typeof min !== 'number' || typeof max !== 'number' || !Number.isFinite(min) || !Number.isFinite(max))
    return undefined
  return { min, max, ...(typeof step === 'number' && step > 0 && { step }) }
}
