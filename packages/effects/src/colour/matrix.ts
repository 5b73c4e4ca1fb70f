/** Three rows of `[red, green, blue, constant]`: what each of the new red, green and blue is made of. Colours are 0..1. */
export type ColourMatrix = readonly number[]

export const identity: ColourMatrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]

/** How bright the eye finds red, green and blue (ITU-R BT.709). */
const luma = [0.2126, 0.7152, 0.0722] as const

/** 0 = grey, 1 = as it is, above = stronger colours. */
export function saturation(amount: number): ColourMatrix {
  const grey = luma.map(weight => weight * (1 - amount))
  return [0, 1, 2].flatMap(row => [...grey.map((weight, column) => weight + (row === column ? amount : 0)), 0])
}

/** Around the middle grey; 1 = as it is. */
export function contrast(amount: number): ColourMatrix {
  const shift = (1 - amount) / 2
  return [amount, 0, 0, shift, 0, amount, 0, shift, 0, 0, amount, shift]
}

/** Multiplies each colour, then adds to all of them. */
export function tint(red: number, green: number, blue: number, add = 0): ColourMatrix {
  return [red, 0, 0, add, 0, green, 0, add, 0, 0, blue, add]
}

/** The matrix that does one after the other, the first first. */
export function inTurn(...matrices: readonly ColourMatrix[]): ColourMatrix {
  return matrices.reduce((first, then) => multiply(then, first), identity)
}

/** The colour after the matrix, each part within 0..1. */
export function recolour(matrix: ColourMatrix, colour: readonly [number, number, number]): readonly number[] {
  return [0, 4, 8].map(row => {
    const sum = colour.reduce((total, part, i) => total + at(matrix, row + i) * part, at(matrix, row + 3))
    return Math.min(1, Math.max(0, sum))
  })
}

function multiply(a: ColourMatrix, b: ColourMatrix): ColourMatrix {
  return [0, 4, 8].flatMap(row =>
    [0, 1, 2, 3].map(column => {
      const sum = [0, 1, 2].reduce((total, i) => total + at(a, row + i) * at(b, i * 4 + column), 0)
      return column === 3 ? sum + at(a, row + 3) : sum
    }),
  )
}

const at = (matrix: ColourMatrix, index: number) => matrix[index] ?? 0
