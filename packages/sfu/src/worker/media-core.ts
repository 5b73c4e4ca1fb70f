import type { DtlsContext } from '@parley/dtls'
import { sourceKey } from '@parley/net'
import { packetKindAt } from '@parley/stun'
import type { Address, Datagram } from '@parley/udp'
import type { FromMedia, ToMedia } from '../control.ts'
import { consentMs } from '../ice/agent.ts'
import { IceRegistry } from '../ice/registry.ts'
import type { RtpReceiver } from '../ports.ts'
import type { Outgoing } from '../transport/secure-session.ts'
import { Transport, type TransportOptions } from '../transport/transport.ts'
import { emptyMediaCounters, type MediaCounters } from './counters.ts'

type Row<Is extends ToMedia['is']> = Extract<ToMedia, { is: Is }>
type TransportRow = 'open' | 'remote' | 'restart' | 'close'
type RouterRow = Exclude<ToMedia['is'], TransportRow>

/** What forwards between the transports: `Router`, or a test's. */
export type MediaRouter = RtpReceiver & {
  [Is in RouterRow]: (row: Row<Is>, now: number) => void
} & {
  nextTimeout(): number
  handleTimeout(now: number): void
}

export interface MediaCoreOptions {
  readonly dtls: DtlsContext
  /** The loop whose sockets the datagrams come from. */
  readonly outgoing: Outgoing
  readonly router: MediaRouter
  readonly report: (message: FromMedia) => void
  /** Whom a peer at that address is counted to, where somebody else stands behind it. Default: by the address, see `sourceKey`. */
  readonly sourceOf?: (remote: Address) => string
}

/** Of whoever stands at an address. */
const byAddress = (remote: Address) => sourceKey(remote.bytes())

type Handlers = { readonly [Is in ToMedia['is']]: (row: Row<Is>, now: number) => void }

/**
 * A media worker without its sockets and thread: transports are opened by command, datagrams come by `receive` from
 * whichever socket and leave by the same. `now` is in milliseconds.
 *
 * @example
 * const core = new MediaCore({ dtls, outgoing: loop, router: new Router({ report }), report })
 * onDatagram: (datagram, now) => core.receive(datagram, now) || turn.receive(datagram, now)
 */
export class MediaCore {
  readonly #options: MediaCoreOptions
  readonly #counters = emptyMediaCounters()
  readonly #registry = new IceRegistry<Transport>(this.#counters)
  readonly #transports = new Map<number, Transport>()
  /** Those whose handshake has a timer. */
  readonly #handshaking = new Set<Transport>()
  /** No consent ends, and no peer is late, before this. */
  #nextConsent = Number.POSITIVE_INFINITY
  readonly #handlers: Handlers

  constructor(options: MediaCoreOptions) {
    this.#options = options
    const { router } = options
    this.#handlers = {
      open: (row, now) => this.#open(row, now),
      remote: ({ transport, remote }, now) => {
        const peer = this.#transport(transport)
        peer.setRemote(remote, now)
        this.#watch(peer)
      },
      restart: ({ transport, local }) => this.#transport(transport).restart(local),
      close: ({ transport }, now) => this.#close(transport, now),
      publish: (row, now) => router.publish(row, now),
      republish: (row, now) => router.republish(row, now),
      unpublish: (row, now) => router.unpublish(row, now),
      voice: (row, now) => router.voice(row, now),
      subscribe: (row, now) => router.subscribe(row, now),
      resubscribe: (row, now) => router.resubscribe(row, now),
      want: (row, now) => router.want(row, now),
      unsubscribe: (row, now) => router.unsubscribe(row, now),
      pipe: (row, now) => router.pipe(row, now),
      unpipe: (row, now) => router.unpipe(row, now),
      piped: (row, now) => router.piped(row, now),
    }
  }

  /**
   * Takes a datagram that is for media. False: it was not, and is as it was, for a STUN or TURN server. Never throws for
   * what it contains.
   */
  receive({ bytes, start, end, from, socket }: Datagram, now: number): boolean {
    const kind = packetKindAt(bytes, start, end)
    if (kind === 'stun') return this.#registry.receiveStun(bytes, start, end, from, socket, now)
    if (kind !== 'rtp' && kind !== 'dtls') return false
    const pair = this.#registry.find(socket, from)
    if (!pair) {
      this.#counters.unknownAddress++
      return true
    }
    const transport = pair.agent.owner
    if (kind === 'rtp') {
      if (transport.receiveSrtp(bytes, start, end, now)) pair.heardAt = now
    } else {
      transport.receiveDtls(bytes, start, end, now)
      this.#watch(transport)
    }
    return true
  }

  /** Does what the rooms say. Throws for a transport that is not open. */
  command(row: ToMedia, now: number): void {
    this.#handlers[row.is](row as never, now)
  }

  nextTimeout(): number {
    let next = Math.min(this.#nextConsent, this.#options.router.nextTimeout())
    for (const transport of this.#handshaking) next = Math.min(next, transport.nextTimeout())
    return next
  }

  handleTimeout(now: number): void {
    for (const transport of this.#handshaking) {
      if (transport.nextTimeout() <= now) transport.handleTimeout(now)
      this.#watch(transport)
    }
    if (this.#nextConsent <= now) this.#checkConsent(now)
    if (this.#options.router.nextTimeout() <= now) this.#options.router.handleTimeout(now)
  }

  /** A copy of the counters as they are. */
  counters(): MediaCounters {
    let connected = 0
    for (const transport of this.#transports.values()) if (transport.connected) connected++
    return {
      ...this.#counters,
      transports: this.#transports.size,
      connected,
      addresses: this.#registry.paths,
      handshakes: this.#options.dtls.gate.inside,
      handshakesRefused: this.#options.dtls.gate.refused,
      handshakesGaveWay: this.#options.dtls.gate.gaveWay,
    }
  }

  /** Says goodbye to every peer. May be called twice. */
  close(now: number): void {
    for (const id of this.#transports.keys()) this.#close(id, now)
  }

  #open({ transport: id, local, role, remote }: Row<'open'>, now: number): void {
    if (this.#transports.has(id)) throw new Error(`transport ${id} is open already`)
    const { dtls, outgoing, router, report, sourceOf = byAddress } = this.#options
    const options: TransportOptions = {
      id,
      local,
      role,
      registry: this.#registry,
      context: dtls,
      outgoing,
      counters: this.#counters,
      receiver: router,
      sourceOf,
      onPath: (peer, at) => {
        this.#nextConsent = Math.min(this.#nextConsent, at + consentMs)
        this.#watch(peer)
      },
      onExcess: peer => report({ is: 'excess', transport: peer.id }),
      onState: (peer, state, why) => report({ is: 'transport', transport: peer.id, state, why }),
    }
    const transport = new Transport(options, now)
    this.#transports.set(id, transport)
    this.#nextConsent = Math.min(this.#nextConsent, transport.nextConsent())
    if (remote) transport.setRemote(remote, now)
  }

  #close(id: number, now: number): void {
    const transport = this.#transports.get(id)
    if (!transport) return
    this.#transports.delete(id)
    this.#handshaking.delete(transport)
    transport.close(now)
    if (this.#transports.size === 0) this.#nextConsent = Number.POSITIVE_INFINITY
  }

  #transport(id: number): Transport {
    const transport = this.#transports.get(id)
    if (!transport) throw new Error(`there is no transport ${id}`)
    return transport
  }

  #watch(transport: Transport): void {
    if (transport.nextTimeout() < Number.POSITIVE_INFINITY) this.#handshaking.add(transport)
    else this.#handshaking.delete(transport)
  }

  #checkConsent(now: number): void {
    this.#nextConsent = Number.POSITIVE_INFINITY
    for (const transport of this.#transports.values()) {
      if (transport.nextConsent() <= now) transport.handleConsent(now)
      this.#nextConsent = Math.min(this.#nextConsent, transport.nextConsent())
    }
  }
}
