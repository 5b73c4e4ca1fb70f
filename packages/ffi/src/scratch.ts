import { Arena, addressIn } from './arena.ts'

const SIZE = 256

export interface Scratch {
  readonly words: Int32Array
  readonly address: number
}

let shared: Scratch | undefined

/** A little memory for the arguments of one call, not to be held across calls. Each thread makes its own on first use. */
export function scratch(): Scratch {
  if (!shared) {
    const arena = new Arena(SIZE)
    shared = { words: new Int32Array(arena.buffer), address: addressIn(arena, 0, SIZE) }
  }
  return shared
}
