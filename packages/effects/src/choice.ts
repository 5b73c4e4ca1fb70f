import { type FilterName, filterNames } from './colour/filters.ts'

/** The pictures that can lie behind a person; the last is one's own. */
export const imageNames = ['dusk', 'waves', 'studio', 'shelves', 'meadow', 'night', 'own'] as const
export type ImageName = (typeof imageNames)[number]

export const stickerNames = ['glasses', 'shades', 'moustache', 'cat', 'rabbit', 'party', 'crown'] as const
export type StickerName = (typeof stickerNames)[number]

const strengths = ['light', 'strong'] as const
export type Strength = (typeof strengths)[number]

type Background =
  | { readonly kind: 'none' }
  | { readonly kind: 'blur'; readonly strength: Strength }
  | { readonly kind: 'image'; readonly image: ImageName }

/** Everything that may be done to a person's picture. */
export interface EffectsChoice {
  readonly background: Background
  readonly filter: FilterName
  /** Lifts a picture that is too dark, tames one that is too bright. */
  readonly light: boolean
  /** Smooths the skin. */
  readonly smoothing: 'none' | Strength
  readonly sticker: 'none' | StickerName
}

export const plainChoice: EffectsChoice = {
  background: { kind: 'none' },
  filter: 'none',
  light: false,
  smoothing: 'none',
  sticker: 'none',
}

/** Whether the choice leaves the picture as the camera gives it. */
export function isPlain({ background, filter, light, smoothing, sticker }: EffectsChoice): boolean {
  return background.kind === 'none' && filter === 'none' && !light && smoothing === 'none' && sticker === 'none'
}

/** What was stored as a choice; whatever is missing or unknown is as in {@link plainChoice}. */
export function parseChoice(stored: unknown): EffectsChoice {
  if (typeof stored !== 'object' || stored === null) return plainChoice
  const get = (name: keyof EffectsChoice): unknown => Reflect.get(stored, name)
  return {
    background: parseBackground(get('background')),
    filter: oneOf(filterNames, get('filter')) ?? 'none',
    light: get('light') === true,
    smoothing: oneOf(strengths, get('smoothing')) ?? 'none',
    sticker: oneOf(stickerNames, get('sticker')) ?? 'none',
  }
}

function parseBackground(stored: unknown): Background {
  if (typeof stored !== 'object' || stored === null) return plainChoice.background
  const strength = oneOf(strengths, Reflect.get(stored, 'strength'))
  const image = oneOf(imageNames, Reflect.get(stored, 'image'))
  const kind = Reflect.get(stored, 'kind')
  if (kind === 'blur' && strength) return { kind, strength }
  if (kind === 'image' && image) return { kind, image }
  return plainChoice.background
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find(each => each === value)
}
