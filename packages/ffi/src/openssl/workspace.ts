import { Arena, addressOf } from '../arena.ts'

const CIPHER_BYTES = 128
/** The largest datagram, and the largest message to or from the application. */
export const TRANSFER_BYTES = 65_536

/** Memory for the arguments and results of calls to OpenSSL. Each thread has one; nothing in it is kept beyond the call. */
export interface Workspace {
  /** The counter or nonce of the next cipher operation. */
  readonly iv: DataView
  readonly ivAddress: number
  /** Where ciphers write a length that nobody reads, and their final, empty block. */
  readonly lengthAddress: number
  /** The latest digest or MAC. */
  readonly digest: Uint8Array
  readonly digestAddress: number
  /** For 64-bit pointers that C reads or writes through a pointer. */
  readonly pointer: BigUint64Array
  readonly pointerAddress: number
  /** Keys, texts, certificates and datagrams on their way to C. */
  readonly input: Uint8Array
  readonly inputAddress: number
  /** The same, on their way from C. */
  readonly output: Uint8Array
  readonly outputAddress: number
}

let shared: Workspace | undefined

export function workspace(): Workspace {
  shared ??= makeWorkspace()
  return shared
}

/** Lends C a copy of `bytes`, and wipes the copy afterwards. Throws RangeError if there are too many. */
export function lend<T>(bytes: Uint8Array, use: (address: number, length: number) => T): T {
  const { input, inputAddress } = workspace()
  input.set(bytes)
  try {
    return use(inputAddress, bytes.length)
  } finally {
    input.fill(0, 0, bytes.length)
  }
}

/** As {@link lend}, for a null-terminated string; `length` does not count the null. */
export function lendText<T>(text: string, use: (address: number, length: number) => T): T {
  return lend(new TextEncoder().encode(`${text}\0`), (address, length) => use(address, length - 1))
}

function makeWorkspace(): Workspace {
  const arena = new Arena(CIPHER_BYTES + 2 * TRANSFER_BYTES)
  const all = new Uint8Array(arena.buffer)
  const at = (offset: number, length: number) => addressOf(all, offset, offset + length)
  return {
    iv: new DataView(arena.buffer, 0, 16),
    ivAddress: at(0, 16),
    lengthAddress: at(16, 16),
    pointer: new BigUint64Array(arena.buffer, 32, 1),
    pointerAddress: at(32, 8),
    digest: all.subarray(64, 128),
    digestAddress: at(64, 64),
    input: all.subarray(CIPHER_BYTES, CIPHER_BYTES + TRANSFER_BYTES),
    inputAddress: at(CIPHER_BYTES, TRANSFER_BYTES),
    output: all.subarray(CIPHER_BYTES + TRANSFER_BYTES),
    outputAddress: at(CIPHER_BYTES + TRANSFER_BYTES, TRANSFER_BYTES),
  }
}
