import { check, SystemError } from './errors.ts'
import { requireInteger, requireRange } from './guard.ts'
import { libc } from './libc.ts'
import { native } from './native.ts'

const PROT_READ_WRITE = 3
const MAP_PRIVATE_ANONYMOUS = 0x22
const MADV_DONTNEED = 4

/** The address of `length` bytes at `offset`, for calls inside this package. Throws RangeError outside the arena. */
export let addressIn: (arena: Arena, offset: number, length: number) => number

/**
 * The address of `bytes` from `start` to `end`, for calls inside this package. Throws RangeError for a range outside of
 * them, and TypeError unless they lie in an arena.
 */
export let addressOf: (bytes: Uint8Array, start: number, end: number) => number

const arenas = new WeakMap<ArrayBufferLike, Arena>()
/** The arena that was asked for last: almost always the next one, too. */
let latest: Arena | undefined

/** The arena whose memory this is, if any. */
export function arenaOf(buffer: ArrayBufferLike): Arena | undefined {
  if (latest?.buffer === buffer) return latest
  const arena = arenas.get(buffer)
  if (arena) latest = arena
  return arena
}

/** Gives a mapping back once no view of it is left: before that, touching one would end the process. */
const unmapper = new FinalizationRegistry<{ address: number; size: number }>(({ address, size }) => {
  check('munmap', libc.munmap(address, size))
})

/**
 * Memory that C may be given: outside the garbage collector's heap, never moved, and mapped for as long as any view of
 * it is reachable. Callers see `buffer` and offsets into it; addresses stay in this package.
 */
export class Arena {
  readonly size: number
  /** All of it. On Node 20 it cannot be detached; nothing here detaches it. */
  readonly buffer: ArrayBuffer
  readonly #base: number
  #used = 0
  #closed = false

  static {
    addressIn = (arena, offset, length) => arena.#address(offset, length)
    addressOf = (bytes, start, end) => {
      const arena = arenaOf(bytes.buffer)
      if (!arena) throw new TypeError('these bytes do not lie in an arena')
      if (arena.#closed) throw new Error('a closed arena was used')
      requireRange(bytes, start, end)
      return arena.#base + bytes.byteOffset + start
    }
  }

  /** Maps `size` bytes of zeros. Throws SystemError when there is no memory. */
  constructor(size: number) {
    requireInteger('the size of an arena', size, 1, 2 ** 31 - 1)
    if (!native.ok) throw new Error(native.why)
    const base = libc.mmap(0, size, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0)
    if (base === -1) throw new SystemError('mmap', native.koffi.errno())
    this.size = size
    this.#base = base
    this.buffer = native.koffi.view(BigInt(base), size)
    arenas.set(this.buffer, this)
    unmapper.register(this.buffer, { address: base, size })
  }

  /** Takes the next `bytes`; they are never given back singly. Throws RangeError when they do not fit. */
  allocate(bytes: number, align = 64): number {
    requireInteger('align', align, 1, 4096)
    const offset = Math.ceil(this.#used / align) * align
    requireInteger('the size of a block', bytes, 0, this.size - offset)
    this.#used = offset + bytes
    return offset
  }

  /** Gives the memory back to the system. Views of it stay safe to touch and read zeros. May be called twice. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (latest === this) latest = undefined
    check('madvise', libc.madvise(this.#base, this.size, MADV_DONTNEED))
  }

  #address(offset: number, length: number): number {
    if (this.#closed) throw new Error('a closed arena was used')
    const integers = Number.isInteger(offset) && Number.isInteger(length)
    if (!integers || offset < 0 || length < 0 || offset + length > this.size) {
      throw new RangeError(`bytes ${offset} to ${offset + length} are not in an arena of ${this.size}`)
    }
    return this.#base + offset
  }
}
