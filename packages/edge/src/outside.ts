import type { Address, Datagram } from '@parley/udp'

/** What came from other machines: by which ways guests reach this one. Plain sums, so that threads can add theirs up. */
export interface OutsideCounters {
  /** STUN checks over UDP; at most one a second is counted. */
  readonly datagrams: number
  /** TURN and ICE over TCP and TLS. */
  readonly streams: number
}

const bindingRequest = 0x0001
const lookMs = 1000

/** Counts what comes from elsewhere. Of datagrams it looks at STUN bindings alone, and at most at one a second from outside. */
export class Outside {
  #datagrams = 0
  #streams = 0
  #lookAt = Number.NEGATIVE_INFINITY
  #own: ReadonlySet<string> = new Set()

  /** @param own every address that leads to this machine */
  constructor(own: readonly string[]) {
    this.setOwn(own)
  }

  setOwn(own: readonly string[]): void {
    this.#own = new Set(own)
  }

  datagram({ bytes, start, from }: Pick<Datagram, 'bytes' | 'start' | 'from'>, now: number): void {
    if (now < this.#lookAt || bytes[start] !== bindingRequest >> 8 || bytes[start + 1] !== (bindingRequest & 0xff))
      return
    if (this.#isOwn(from)) return
    this.#lookAt = now + lookMs
    this.#datagrams++
  }

  stream(from: Address): void {
    if (!this.#isOwn(from)) this.#streams++
  }

  counters(): OutsideCounters {
    return { datagrams: this.#datagrams, streams: this.#streams }
  }

  #isOwn({ host }: Address): boolean {
    return host.startsWith('127.') || host === '::1' || this.#own.has(host)
  }
}
