import { check, SystemError } from './errors.ts'
import { requireInteger, requireRange } from './guard.ts'
import { libc } from './libc.ts'
import { native } from './native.ts'

const PROT_READ_WRITE = 3
const MAP_PRIVATE_ANONYMOUS = 0x22
const MADV_DONTNEED = 4

/** The address of the `length` bytes at `offset`, for calls inside this package. Throws RangeError outside the arena. */
export let addressIn: (arena: Arena, offset: number, length: number) => number

/**
 * The address of `bytes` from `start` to `end`, for calls inside this package. Throws RangeError for a range outside them,
 * and TypeError unless they lie in an arena.
 */
export let addressOf: (bytes: Uint8Array, start: number, end: number) => number

const arenas = new WeakMap<ArrayBufferLike, Arena>()
/** The arena that was looked up last, which is nearly always the next one too. */
let latest: Arena | undefined

/** The arena that this memory belongs to, if any. */
export function arenaOf(buffer: ArrayBufferLike): Arena | undefined {
  if (latest?.buffer === buffer) return latest
  const arena = arenas.get(buffer)
  if (arena) latest = arena
  return arena
}

/** Unmaps the memory once no view of it is left. Any earlier, touching a view would crash the process. */
const unmapper = new FinalizationRegistry<{ address: number; size: number }>(({ address, size }) => {
  check('munmap', libc.munmap(address, size))
})

/**
 * Memory that may be given to C: outside the garbage collector's heap, never moved, and mapped for as long as any view of it
 * is reachable. Callers see `buffer` and offsets into it; addresses never leave this package.
 */
export class Arena {
  readonly size: number
  /** All of the memory. Node 20 has no way to make it undetachable, but nothing here detaches it. */
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

  /** Maps `size` bytes of zeros. Throws SystemError if there is not enough memory. */
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

  /** Takes the next `bytes` and returns their offset. Blocks cannot be freed one by one. Throws RangeError if they do not fit. */
  allocate(bytes: number, align = 64): number {
    requireInteger('align', align, 1, 4096)
    const offset = Math.ceil(this.#used / align) * align
    requireInteger('the size of a block', bytes, 0, this.size - offset)
    this.#used = offset + bytes
    return offset
  }

  /** Gives the memory back to the system. Views stay safe to touch, and read zeros. May be called twice. */
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
