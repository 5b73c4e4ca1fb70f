import {
  bindName,
  type Fd,
  getOption,
  kernelDrops,
  localName,
  NAME_WORDS,
  openUdp,
  SystemError,
  setOption,
} from '@parley/ffi'
import { Address } from '../address/address.ts'
import { accepts, wantedAddress } from '../checks.ts'
import { UdpError } from '../errors.ts'
import { emptyStats, type UdpStats } from '../stats.ts'
import { MAX_PAYLOAD, type OpenOptions, type UdpSocket } from '../types.ts'
import type { Sender } from './outbox.ts'

const PMTUDISC_WANT = 1
const PMTUDISC_DO = 2

/** What a socket asks of its loop. */
export interface SocketHost {
  queue(socket: BatchedSocket, bytes: Uint8Array, start: number, end: number, to: Address): void
  closing(socket: BatchedSocket): void
  flush(): void
}

export class BatchedSocket implements UdpSocket, Sender {
  readonly fd: Fd
  readonly version: 4 | 6
  readonly dual: boolean
  readonly local: Address
  readonly options: OpenOptions
  readonly counters = emptyStats()
  readonly salt: number
  /** The socket's number in its loop. */
  readonly token: number
  segmentLimit: number
  firstRun = -1
  lastRun = -1
  #closed = false
  readonly #host: SocketHost

  /** Throws UdpError, leaving nothing open. */
  constructor(host: SocketHost, token: number, options: OpenOptions, segmentLimit: number) {
    const wanted = wantedAddress(options)
    this.#host = host
    this.token = token
    this.salt = Math.imul(token, 0x9e3779b1)
    this.options = options
    this.version = wanted.version
    this.dual = options.dual ?? false
    this.segmentLimit = segmentLimit
    try {
      this.fd = openUdp(this.version)
      this.local = this.#prepare(wanted)
    } catch (error) {
      throw UdpError.from(error, wanted.host, wanted.port)
    }
  }

  get closed(): boolean {
    return this.#closed
  }

  get reportsErrors(): boolean {
    return this.options.onIcmp !== undefined
  }

  get buffers(): { receive: number; send: number } {
    return { receive: getOption(this.fd, 'receiveBuffer'), send: getOption(this.fd, 'sendBuffer') }
  }

  send(bytes: Uint8Array, start: number, end: number, to: Address): boolean {
    if (!accepts(this, bytes, start, end, to)) {
      this.counters.refused++
      return false
    }
    this.#host.queue(this, bytes, start, end, to)
    return true
  }

  setDontFragment(on: boolean): boolean {
    if (this.#closed) return false
    this.#host.flush()
    const mode = on ? PMTUDISC_DO : PMTUDISC_WANT
    if (this.version === 4 || this.dual) setOption(this.fd, 'pathMtuDiscovery', mode)
    if (this.version === 6) setOption(this.fd, 'pathMtuDiscovery6', mode)
    return true
  }

  stats(): UdpStats {
    if (!this.#closed) this.counters.overruns = kernelDrops(this.fd)
    return { ...this.counters }
  }

  close(): void {
    if (this.#closed) return
    this.#host.closing(this)
    this.stats()
    this.#closed = true
    this.fd.close()
  }

  /** Sets the options, binds, and returns the address it got. Closes the descriptor if that fails. */
  #prepare(wanted: Address): Address {
    const { fd, options } = this
    try {
      if (this.version === 6) setOption(fd, 'v6Only', this.dual ? 0 : 1)
      if (this.reportsErrors) {
        if (this.version === 4 || this.dual) setOption(fd, 'reportErrors', 1)
        if (this.version === 6) setOption(fd, 'reportErrors6', 1)
      }
      if (options.receiveBufferBytes) setOption(fd, 'receiveBuffer', options.receiveBufferBytes)
      if (options.sendBufferBytes) setOption(fd, 'sendBuffer', options.sendBufferBytes)
      const name = new Int32Array(NAME_WORDS)
      wanted.write(name, 0, this.version)
      bindName(fd, name)
      return Address.read(localName(fd), 0)
    } catch (error) {
      fd.close()
      throw error
    }
  }
}

/** The largest datagrams that this kernel can cut a message into (UDP_SEGMENT, Linux 4.18); 0 if it cannot. */
export function segmentationLimit(): number {
  const probe = openUdp(4)
  try {
    getOption(probe, 'segment')
    return MAX_PAYLOAD
  } catch (error) {
    if (error instanceof SystemError) return 0
    throw error
  } finally {
    probe.close()
  }
}
