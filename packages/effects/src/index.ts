export { drawBackground, type Pen } from './backgrounds/draw.ts'
export {
  type EffectsChoice,
  type ImageName,
  imageNames,
  isPlain,
  parseChoice,
  plainChoice,
  type StickerName,
  stickerNames,
} from './choice.ts'
export { type FilterName, filterNames, filters } from './colour/filters.ts'
export { createEffects } from './create-effects.ts'
export { drawSample, recolourCanvas } from './stickers/sample.ts'
export type {
  ApplyOptions,
  EffectedTrack,
  Effects,
  EffectsOptions,
  EffectsState,
  FailureReason,
  QuietTrack,
} from './types.ts'
