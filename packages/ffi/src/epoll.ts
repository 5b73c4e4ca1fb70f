import { Arena, addressIn } from './arena.ts'
import { check, EINTR, SystemError } from './errors.ts'
import { Fd, rawFd } from './fd.ts'
import { requireInteger } from './guard.ts'
import { epollEvent } from './layout.ts'
import { libc } from './libc.ts'
import { errno } from './native.ts'

const EPOLL_CLOEXEC = 0o2000000
const EPOLL_CTL_ADD = 1
const EPOLL_CTL_DEL = 2
const EPOLLIN = 1
const EPOLLERR = 8

/** Waits for any of thousands of descriptors to become readable: epoll(7), level-triggered. */
export class Epoll {
  readonly fd: Fd
  readonly #arena: Arena
  readonly #view: DataView
  readonly #events: number
  readonly #maxEvents: number
  /** Where `add` and `remove` put their argument: after the events. */
  readonly #control: number

  /** @param maxEvents The most that one `wait` reports. The rest follow with the next one, so that none starves. */
  constructor(maxEvents: number) {
    this.#maxEvents = requireInteger('maxEvents', maxEvents, 1, 4096)
    this.fd = new Fd(check('epoll_create1', libc.epoll_create1(EPOLL_CLOEXEC)))
    this.#arena = new Arena((maxEvents + 1) * epollEvent.size)
    this.#view = new DataView(this.#arena.buffer)
    this.#events = addressIn(this.#arena, 0, this.#arena.size)
    this.#control = maxEvents * epollEvent.size
  }

  /** Watches `fd`, which {@link token} then names by this 32-bit number. Closing the descriptor ends the watch too. */
  add(fd: Fd, token: number): void {
    requireInteger('token', token, 0, 2 ** 32 - 1)
    this.#view.setUint32(this.#control + epollEvent.at.events, EPOLLIN, true)
    this.#view.setUint32(this.#control + epollEvent.at.data, token, true)
    this.#ctl(EPOLL_CTL_ADD, fd)
  }

  remove(fd: Fd): void {
    this.#ctl(EPOLL_CTL_DEL, fd)
  }

  /** Blocks for at most `timeoutMs` (0: not at all). Returns how many are ready; 0 also if a signal ended the wait. */
  wait(timeoutMs: number): number {
    requireInteger('timeoutMs', timeoutMs, 0, 2 ** 31 - 1)
    const ready = libc.epoll_wait(rawFd(this.fd), this.#events, this.#maxEvents, timeoutMs)
    if (ready >= 0) return ready
    const number = errno()
    if (number === EINTR) return 0
    throw new SystemError('epoll_wait', number)
  }

  /** Blocks for `us` microseconds, less than a second, whatever becomes ready meanwhile. A signal may end it early. */
  rest(us: number): void {
    libc.usleep(requireInteger('us', us, 0, 999_999))
  }

  /** The token of the ready descriptor number `index` in the last `wait`. */
  token(index: number): number {
    return this.#view.getUint32(index * epollEvent.size + epollEvent.at.data, true)
  }

  /** Whether that descriptor has an error pending. */
  failed(index: number): boolean {
    return (this.#view.getUint32(index * epollEvent.size + epollEvent.at.events, true) & EPOLLERR) !== 0
  }

  close(): void {
    this.fd.close()
    this.#arena.close()
  }

  #ctl(operation: number, fd: Fd): void {
    const event = this.#events + this.#control
    check('epoll_ctl', libc.epoll_ctl(rawFd(this.fd), operation, rawFd(fd), event))
  }
}
