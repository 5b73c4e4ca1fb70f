import { Arena } from '@parley/ffi'

/** The largest packet that is copied. */
export const MAX_COPY = 65_536

export interface Copies {
  readonly packet: Uint8Array
  readonly source: Uint8Array
}

let shared: Copies | undefined

/** Memory for packets that do not lie in an arena. Each thread has its own; it takes up no page until it is used. */
export function copies(): Copies {
  if (!shared) {
    const { buffer } = new Arena(2 * MAX_COPY)
    shared = { packet: new Uint8Array(buffer, 0, MAX_COPY), source: new Uint8Array(buffer, MAX_COPY, MAX_COPY) }
  }
  return shared
}
