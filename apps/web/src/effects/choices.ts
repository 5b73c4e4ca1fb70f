import { type EffectsChoice, isPlain, parseChoice } from '@parley/effects/choice'
import type { EffectsState } from '@parley/effects/types'
import { load, save } from '@parley/ui/page'
import { create } from 'zustand'

/** `basic` is what the browser itself does; `standard` and `strong` are models of ours. */
export const noiseChoices = ['off', 'basic', 'standard', 'strong'] as const
type NoiseChoice = (typeof noiseChoices)[number]

/** What is done to the microphone's sound. */
export interface SoundChoice {
  readonly noise: NoiseChoice
  readonly echoCancellation: boolean
  readonly autoGainControl: boolean
}

/** What this person has chosen to be done to their picture and sound, and how far that has come. */
export interface EffectsStore {
  readonly picture: EffectsChoice
  readonly pictureState: EffectsState
  readonly sound: SoundChoice
  /** Of the models that take out noise; `failed`: the browser's own is used instead. */
  readonly noiseState: 'off' | 'loading' | 'on' | 'failed'
}

const pictureKey = 'parley.effects'
const soundKey = 'parley.sound'

/** What was stored, with what browsers do by themselves for whatever is missing or unknown. */
export function parseSound(stored: unknown): SoundChoice {
  const get = (name: keyof SoundChoice): unknown =>
    typeof stored === 'object' && stored !== null ? Reflect.get(stored, name) : undefined
  return {
    noise: noiseChoices.find(known => known === get('noise')) ?? 'basic',
    echoCancellation: get('echoCancellation') !== false,
    autoGainControl: get('autoGainControl') !== false,
  }
}

export const useEffects = create<EffectsStore>()(() => ({
  picture: parseChoice(load(pictureKey)),
  pictureState: { status: 'off' },
  sound: parseSound(load(soundKey)),
  noiseState: 'off',
}))

export function rememberPicture(picture: EffectsChoice): void {
  useEffects.setState({ picture })
  save(pictureKey, isPlain(picture) ? undefined : picture)
}

export function rememberSound(sound: SoundChoice): void {
  useEffects.setState({ sound })
  save(soundKey, sound)
}

/** The choice as a treatment takes it: undefined if nothing is to be done. */
export const toBeDone = (picture: EffectsChoice): EffectsChoice | undefined => (isPlain(picture) ? undefined : picture)

/** The level of the model, if one was chosen. */
export function modelOf({ noise }: SoundChoice): 'standard' | 'strong' | undefined {
  return noise === 'standard' || noise === 'strong' ? noise : undefined
}
