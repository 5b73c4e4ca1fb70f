import { readlinkSync } from 'node:fs'
import { check, EAGAIN, SystemError } from './errors.ts'
import { borrowFd, Fd, rawFd } from './fd.ts'
import { requireInteger } from './guard.ts'
import { libc } from './libc.ts'
import { errno } from './native.ts'
import { scratch } from './scratch.ts'

const EFD_NONBLOCK = 0o4000
const EFD_CLOEXEC = 0o2000000

/** A {@link Wake} on its way to another thread of this process. */
export interface WakeToken {
  readonly wakeFd: number
}

/** Ends another thread's `Epoll.wait`: an eventfd(2). The thread that makes it must outlive those that attach to it. */
export class Wake {
  readonly fd: Fd

  private constructor(fd: Fd) {
    this.fd = fd
  }

  static create(): Wake {
    return new Wake(new Fd(check('eventfd', libc.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))))
  }

  /** The same one, in the thread that was handed the token. Closing it there leaves the maker's open. */
  static attach(token: WakeToken): Wake {
    const number = requireInteger('wakeFd', token.wakeFd, 0, 2 ** 31 - 1)
    const target = readlinkSync(`/proc/self/fd/${number}`)
    if (target !== 'anon_inode:[eventfd]') throw new Error(`descriptor ${number} is no wake but ${target}`)
    return new Wake(borrowFd(number))
  }

  /** For `postMessage` or `workerData`. */
  token(): WakeToken {
    return { wakeFd: rawFd(this.fd) }
  }

  /** Makes it readable. Signals that nobody has drained yet count as one. */
  signal(): void {
    const { words, address } = scratch()
    words[0] = 1
    words[1] = 0
    this.#transfer('write', libc.write(rawFd(this.fd), address, 8))
  }

  /** Makes it unreadable. Drain first, then look for work: so no signal is lost. */
  drain(): void {
    this.#transfer('read', libc.read(rawFd(this.fd), scratch().address, 8))
  }

  close(): void {
    this.fd.close()
  }

  #transfer(syscall: string, result: number): void {
    if (result >= 0) return
    const number = errno()
    // Nothing to drain, or signalled 2^64 times already: either way it is as asked for.
    if (number !== EAGAIN) throw new SystemError(syscall, number)
  }
}
