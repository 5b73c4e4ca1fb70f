import { check } from './errors.ts'
import { libc } from './libc.ts'

/** The number of an open descriptor, for calls inside this package. Throws if it is closed. */
export let rawFd: (fd: Fd) => number

/** A handle on a descriptor that somebody else owns: closing the handle does not close the descriptor. */
export let borrowFd: (number: number) => Fd

/** A descriptor that closes once. Using it afterwards throws, instead of reaching whatever has taken over its number. */
export class Fd {
  #number: number
  #borrowed = false

  static {
    rawFd = fd => {
      if (fd.#number < 0) throw new Error('a closed descriptor was used')
      return fd.#number
    }
    borrowFd = number => {
      const fd = new Fd(number)
      fd.#borrowed = true
      return fd
    }
  }

  constructor(number: number) {
    this.#number = number
  }

  get open(): boolean {
    return this.#number >= 0
  }

  /** May be called twice. */
  close(): void {
    const number = this.#number
    if (number < 0) return
    this.#number = -1
    if (!this.#borrowed) check('close', libc.close(number))
  }
}
