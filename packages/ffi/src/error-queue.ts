import { Arena, addressIn } from './arena.ts'
import { type Fd, rawFd } from './fd.ts'
import { cmsghdr, sockaddrIn6, sockExtendedErr } from './layout.ts'
import { libc } from './libc.ts'
import { Messages } from './messages.ts'
import { NAME_WORDS, SOL_IP, SOL_IPV6, socketOptions } from './socket.ts'

const MSG_DONTWAIT = 0x40
const MSG_ERRQUEUE = 0x2000
const NAME_BYTES = NAME_WORDS * 4
const CONTROL_BYTES = 2 * (cmsghdr.size + sockExtendedErr.size + sockaddrIn6.size + 4)
const ORIGIN_ICMP = 2
const ORIGIN_ICMP6 = 3

/** An ICMP error, as the kernel keeps it for a socket with the option `reportErrors`. */
export interface QueuedError {
  readonly version: 4 | 6
  readonly type: number
  readonly code: number
  /** The path's MTU, if the error states it. */
  readonly info: number
}

/** Reads a socket's queue of ICMP errors: IP_RECVERR, ip(7). */
export class ErrorQueue {
  /** Whom the datagram of the last error was for: a sockaddr in {@link NAME_WORDS} words. */
  readonly name: Int32Array
  readonly #messages = new Messages(1, 1)
  readonly #memory = new Arena(NAME_BYTES + CONTROL_BYTES)
  readonly #control = new DataView(this.#memory.buffer, NAME_BYTES, CONTROL_BYTES)

  constructor() {
    this.name = new Int32Array(this.#memory.buffer, 0, NAME_WORDS)
    this.#messages.setName(0, addressIn(this.#memory, 0, NAME_BYTES))
    this.#messages.setControl(0, addressIn(this.#memory, NAME_BYTES, CONTROL_BYTES))
    this.#messages.setParts(0, 0, 0)
  }

  /** Takes the next error: `empty` if there is none, `other` if it is not an ICMP error. */
  next(fd: Fd): QueuedError | 'other' | 'empty' {
    this.#messages.setNameLength(0, NAME_BYTES)
    this.#messages.setControlLength(0, CONTROL_BYTES)
    const flags = MSG_ERRQUEUE | MSG_DONTWAIT
    if (libc.recvmmsg(rawFd(fd), this.#messages.at(0, 1), 1, flags, 0) < 1) return 'empty'
    const level = this.#control.getInt32(cmsghdr.at.level, true)
    const type = this.#control.getInt32(cmsghdr.at.type, true)
    const carriesError =
      (level === SOL_IP && type === socketOptions.reportErrors[1]) ||
      (level === SOL_IPV6 && type === socketOptions.reportErrors6[1])
    const origin = this.#field('origin')
    if (!carriesError || (origin !== ORIGIN_ICMP && origin !== ORIGIN_ICMP6)) return 'other'
    return {
      version: origin === ORIGIN_ICMP6 ? 6 : 4,
      type: this.#field('type'),
      code: this.#field('code'),
      info: this.#control.getUint32(cmsghdr.size + sockExtendedErr.at.info, true),
    }
  }

  close(): void {
    this.#messages.close()
    this.#memory.close()
  }

  #field(name: 'origin' | 'type' | 'code'): number {
    return this.#control.getUint8(cmsghdr.size + sockExtendedErr.at[name])
  }
}
