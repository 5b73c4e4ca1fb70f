import { type ColourMatrix, contrast, identity, inTurn, saturation, tint } from './matrix.ts'

const sepia: ColourMatrix = [0.393, 0.769, 0.189, 0, 0.349, 0.686, 0.168, 0, 0.272, 0.534, 0.131, 0]

/** The colour filters that can be chosen. */
export const filters = {
  none: identity,
  warm: inTurn(tint(1.1, 1.01, 0.84), saturation(1.1)),
  cool: inTurn(tint(0.87, 1, 1.14), saturation(1.02)),
  vivid: inTurn(saturation(1.5), contrast(1.08)),
  fade: inTurn(contrast(0.8), saturation(0.7), tint(1.02, 1, 0.97, 0.03)),
  sepia: inTurn(sepia, contrast(0.95)),
  mono: inTurn(saturation(0), contrast(1.08)),
} as const satisfies Record<string, ColourMatrix>

export type FilterName = keyof typeof filters
export const filterNames = Object.keys(filters) as readonly FilterName[]
