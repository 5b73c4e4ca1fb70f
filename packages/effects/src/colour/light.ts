/** How a picture's light is corrected: each colour to the power of `gamma`, then away from the middle by `contrast`. */
export interface Light {
  readonly gamma: number
  readonly contrast: number
}

export const asItIs: Light = { gamma: 1, contrast: 1 }

/** The mean brightness that pictures are brought near to, 0..1. */
const aim = 0.47
/** Within these nothing is done: a person in front of a dark wall is not in the dark. */
const fine = [0.4, 0.58] as const

/**
 * The correction for a picture of that mean brightness (0..1). It goes part of the way only: more would bring up noise.
 *
 * @example
 * lightFor(0.15).gamma // 0.6: much brighter
 */
export function lightFor(mean: number): Light {
  if (mean >= fine[0] && mean <= fine[1]) return asItIs
  const bounded = Math.min(0.95, Math.max(0.02, mean))
  const whole = Math.log(aim) / Math.log(bounded)
  const gamma = Math.min(1.3, Math.max(0.55, whole ** 0.7))
  return { gamma, contrast: gamma < 1 ? 1 + (1 - gamma) * 0.15 : 1 }
}

/** On the way from one correction to another, so that a lamp that is switched on does not make the picture jump. */
export function easeLight(from: Light, to: Light, elapsedMs: number): Light {
  const share = 1 - Math.exp(-elapsedMs / 600)
  return {
    gamma: from.gamma + (to.gamma - from.gamma) * share,
    contrast: from.contrast + (to.contrast - from.contrast) * share,
  }
}

/** The mean brightness (0..1) of RGBA bytes. */
export function meanBrightness(pixels: Uint8Array): number {
  let sum = 0
  for (let i = 0; i + 2 < pixels.length; i += 4) {
    sum += 0.2126 * (pixels[i] ?? 0) + 0.7152 * (pixels[i + 1] ?? 0) + 0.0722 * (pixels[i + 2] ?? 0)
  }
  return pixels.length < 4 ? 0 : sum / (pixels.length / 4) / 255
}
