import { ErrorQueue } from '@parley/ffi'
import { Address } from '../address/address.ts'
import type { IcmpError } from '../types.ts'
import type { BatchedSocket } from './batched-socket.ts'

const FRAGMENTATION_NEEDED = { type: 3, code: 4 } // RFC 792
const PACKET_TOO_BIG = { type: 2, code: 0 } // RFC 4443 §3.2
const MOST_AT_ONCE = 16

/** Tells sockets of the ICMP errors that the kernel keeps for them. */
export class IcmpReader {
  readonly #queue = new ErrorQueue()

  /** Calls `handler` for the errors that wait at `socket`, a bounded number of them. */
  read(socket: BatchedSocket, handler: (error: IcmpError) => void): void {
    for (let i = 0; i < MOST_AT_ONCE && !socket.closed; i++) {
      const error = this.#queue.next(socket.fd)
      if (error === 'empty') return
      if (error === 'other') continue
      socket.counters.icmp++
      const { version, type, code, info } = error
      const big = version === 6 ? PACKET_TOO_BIG : FRAGMENTATION_NEEDED
      const mtu = type === big.type && code === big.code ? info : 0
      handler({ version, type, code, mtu, to: Address.read(this.#queue.name, 0) })
    }
  }

  close(): void {
    this.#queue.close()
  }
}
