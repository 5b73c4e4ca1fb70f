import { readlinkSync } from 'node:fs'
import { check, EAGAIN, SystemError } from './errors.ts'
import { borrowFd, Fd, rawFd } from './fd.ts'
import { requireInteger } from './guard.ts'
import { libc } from './libc.ts'
import { errno } from './native.ts'
import { scratch } from './scratch.ts'

const EFD_NONBLOCK = 0o4000
const EFD_CLOEXEC = 0o2000000

/** Hands a {@link Wake} to another thread of this process. */
export interface WakeToken {
  readonly wakeFd: number
}

/** Ends another thread's `Epoll.wait`, by an eventfd(2). The thread that creates it must outlive those that attach to it. */
export class Wake {
  readonly fd: Fd

  private constructor(fd: Fd) {
    this.fd = fd
  }

  static create(): Wake {
    return new Wake(new Fd(check('eventfd', libc.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))))
  }

  /** For the thread that was handed the token. Closing it there leaves the creator's open. */
  static attach(token: WakeToken): Wake {
    const number = requireInteger('wakeFd', token.wakeFd, 0, 2 ** 31 - 1)
    const target = readlinkSync(`/proc/self/fd/${number}`)
    if (target !== 'anon_inode:[eventfd]') throw new Error(`descriptor ${number} is ${target}, not a wake`)
    return new Wake(borrowFd(number))
  }

  /** For `postMessage` or `workerData`. */
  token(): WakeToken {
    return { wakeFd: rawFd(this.fd) }
  }

  /** Makes it readable. Any number of signals before a drain count as one. */
  signal(): void {
    const { words, address } = scratch()
    words[0] = 1
    words[1] = 0
    this.#transfer('write', libc.write(rawFd(this.fd), address, 8))
  }

  /** Makes it unreadable. To lose no signal, drain first and look for work afterwards. */
  drain(): void {
    this.#transfer('read', libc.read(rawFd(this.fd), scratch().address, 8))
  }

  close(): void {
    this.fd.close()
  }

  #transfer(syscall: string, result: number): void {
    if (result >= 0) return
    const number = errno()
    // There is nothing to drain, or the counter is full: either way it is in the state that was asked for.
    if (number !== EAGAIN) throw new SystemError(syscall, number)
  }
}
