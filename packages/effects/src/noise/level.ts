export const noiseLevels = ['standard', 'strong'] as const

/** How hard noise is taken out: `standard` is RNNoise, `strong` is GTCRN. */
export type NoiseLevel = (typeof noiseLevels)[number]
