export type InputKind = 'camera' | 'microphone'

/** How strictly a constraint applies (W3C Media Capture §11): `ideal` is a wish, the others are demands. */
export type Strength = 'min' | 'ideal' | 'max' | 'exact'
export const strengths: readonly Strength[] = ['min', 'ideal', 'max', 'exact']

type Field =
  | { readonly kind: InputKind; readonly type: 'number'; readonly step: number; readonly unit: string }
  | { readonly kind: InputKind; readonly type: 'flag' }
  | { readonly kind: InputKind; readonly type: 'choice'; readonly values: readonly string[] }

/** The fields that can be constrained, in the order of the form. */
export const fields = {
  width: { kind: 'camera', type: 'number', step: 1, unit: 'px' },
  height: { kind: 'camera', type: 'number', step: 1, unit: 'px' },
  frameRate: { kind: 'camera', type: 'number', step: 1, unit: 'fps' },
  aspectRatio: { kind: 'camera', type: 'number', step: 0.001, unit: '' },
  facingMode: { kind: 'camera', type: 'choice', values: ['user', 'environment', 'left', 'right'] },
  resizeMode: { kind: 'camera', type: 'choice', values: ['none', 'crop-and-scale'] },
  zoom: { kind: 'camera', type: 'number', step: 0.1, unit: '' },
  echoCancellation: { kind: 'microphone', type: 'flag' },
  noiseSuppression: { kind: 'microphone', type: 'flag' },
  autoGainControl: { kind: 'microphone', type: 'flag' },
  channelCount: { kind: 'microphone', type: 'number', step: 1, unit: '' },
  sampleRate: { kind: 'microphone', type: 'number', step: 1, unit: 'Hz' },
  sampleSize: { kind: 'microphone', type: 'number', step: 1, unit: 'bit' },
  latency: { kind: 'microphone', type: 'number', step: 0.001, unit: 's' },
} as const satisfies Record<string, Field>

export type FieldName = keyof typeof fields
const fieldNames = Object.keys(fields) as readonly FieldName[]
export const fieldsOf = (kind: InputKind): readonly FieldName[] => fieldNames.filter(name => fields[name].kind === kind)

export type WishValue = number | boolean | string
export type Wish = Partial<Readonly<Record<Strength, WishValue>>>
/** Everything that is requested; absent fields are left to the browser. */
export type Wishes = Partial<Readonly<Record<FieldName, Wish>>>

/** The wishes with one part of one wish changed; undefined removes that part. */
export function withWish(wishes: Wishes, name: FieldName, strength: Strength, value: WishValue | undefined): Wishes {
  const wish: { [S in Strength]?: WishValue } = { ...wishes[name] }
  if (value === undefined) delete wish[strength]
  else wish[strength] = value
  const rest = Object.fromEntries(Object.entries(wishes).filter(([other]) => other !== name)) as Wishes
  if (Object.keys(wish).length === 0) return rest
  return inOrder({ ...rest, [name]: wish })
}

const inOrder = (wishes: Wishes): Wishes =>
  Object.fromEntries(fieldNames.flatMap(name => (wishes[name] ? [[name, wishes[name]]] : [])))

/** Writes wishes for links, such as `width.min=640`. */
export function writeWishes(wishes: Wishes): readonly string[] {
  return fieldNames.flatMap(name => {
    const wish = wishes[name]
    return strengths.flatMap(strength =>
      wish?.[strength] === undefined ? [] : [`${name}.${strength}=${wish[strength]}`],
    )
  })
}

/** Reads what {@link writeWishes} wrote; invalid entries are left out. */
export function readWishes(written: readonly string[]): Wishes {
  return written.reduce<Wishes>((wishes, each) => {
    const [, name = '', strength = '', text = ''] = /^(\w+)\.(\w+)=(.*)$/.exec(each) ?? []
    const field = fieldNames.find(known => known === name)
    const how = strengths.find(known => known === strength)
    const value = field && parseValue(field, text)
    return field && how && value !== undefined ? withWish(wishes, field, how, value) : wishes
  }, {})
}

/** Parses text as the value of a field; undefined if it is not valid there. */
export function parseValue(name: FieldName, text: string): WishValue | undefined {
  const field: Field = fields[name]
  if (field.type === 'flag') return text === 'true' ? true : text === 'false' ? false : undefined
  if (field.type === 'choice') return field.values.find(value => value === text)
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}

/** Constraints for `getUserMedia` and `applyConstraints`, including the device if one was chosen. */
export function toTrackConstraints(
  kind: InputKind,
  wishes: Wishes,
  deviceId: string | undefined,
): MediaTrackConstraints {
  const asked = fieldsOf(kind).flatMap(name => (wishes[name] ? [[name, wishes[name]]] : []))
  return { ...(deviceId && { deviceId: { exact: deviceId } }), ...Object.fromEntries(asked) }
}
