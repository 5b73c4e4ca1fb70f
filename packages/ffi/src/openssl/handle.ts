import { OpensslError, takeError } from './error.ts'

let alive = 0

/** How many objects of OpenSSL this thread has not freed yet, for tests that look for leaks. */
export function openHandles(): number {
  return alive
}

/** An object of OpenSSL that is freed once. Using it afterwards throws, instead of reading freed memory. */
export class Handle {
  #address: number
  readonly #free: (address: number) => void

  /** Throws OpensslError if `address` is null, which is what `call` returns if it fails. */
  constructor(call: string, address: number, free: (address: number) => void) {
    if (address === 0) throw new OpensslError(call, takeError())
    this.#address = address
    this.#free = free
    alive++
  }

  /** Throws if it is closed. */
  get address(): number {
    if (this.#address === 0) throw new Error('a freed object of OpenSSL was used')
    return this.#address
  }

  /** Passes the object to another owner, who frees it. */
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
