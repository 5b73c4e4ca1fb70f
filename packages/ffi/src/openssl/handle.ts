import { OpensslError, takeError } from './error.ts'

let alive = 0

/** OpenSSL's objects of this thread that have not been freed, for tests of leaks. */
export function openHandles(): number {
  return alive
}

/** An object of OpenSSL, freed once: using it afterwards throws, where C would read freed memory. */
export class Handle {
  #address: number
  readonly #free: (address: number) => void

  /** Throws OpensslError when `address` is null: what `call` returns when it fails. */
  constructor(call: string, address: number, free: (address: number) => void) {
    if (address === 0) throw new OpensslError(call, takeError())
    this.#address = address
    this.#free = free
    alive++
  }

  /** Throws once it is closed. */
  get address(): number {
    if (this.#address === 0) throw new Error('a freed object of OpenSSL was used')
    return this.#address
  }

  /** Leaves the object to somebody else, who frees it. */
  give(): number {
    const { address } = this
    this.#address = 0
    alive--
    return address
  }

  /** May be called twice. */
  close(): void {
    if (this.#address !== 0) this.#free(this.give())
  }
}
