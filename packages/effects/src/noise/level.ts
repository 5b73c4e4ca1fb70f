/** How hard noise is taken out: `standard` is RNNoise, `strong` is GTCRN. */
export type NoiseLevel = 'standard' | 'strong'
