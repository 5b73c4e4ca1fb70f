import type { DtlsContext } from '@parley/dtls'
import type { RtpPacket } from '@parley/rtp'
import { packetKindAt } from '@parley/stun'
import type { Address, Datagram, Loop, UdpSocket } from '@parley/udp'
import type { IceCredentials, RemoteTransport, TransportState } from '../control.ts'
import { newIceCredentials } from '../ice/credentials.ts'
import type { RtpTransport } from '../ports.ts'
import { emptyTransportCounters, type TransportCounters } from '../transport/counters.ts'
import { type Outgoing, SecureSession } from '../transport/secure-session.ts'
import { Prober } from './prober.ts'

export interface SfuClientOptions {
  readonly id?: number
  readonly loop: Outgoing & Pick<Loop, 'open'>
  /** To bind to. */
  readonly address: string
  /** One of the server's candidates. */
  readonly server: Address
  /** Shared by as many clients as there are. */
  readonly dtls: DtlsContext
  /** Default: `client`, since the server waits. */
  readonly role?: 'client' | 'server'
  readonly local?: IceCredentials
  /** Of ICE: the server is a full agent that made the offer, and its checks are answered elsewhere. Default: we control. */
  readonly controlled?: boolean
  /** What the server said of its transport. */
  readonly remote: RemoteTransport
  readonly counters?: TransportCounters
  readonly onRtp?: (packet: RtpPacket, now: number, client: SfuClient) => void
  readonly onRtcp?: (bytes: Uint8Array, start: number, end: number, now: number, client: SfuClient) => void
  readonly onState?: (state: TransportState, why: string | undefined, now: number, client: SfuClient) => void
}

/**
 * The other end of a transport, for tests and load: on a socket of its own it checks, nominates, shakes hands and speaks
 * SRTP as a browser does. Whoever has it drives it with `start` and `handleTimeout`.
 *
 * @example
 * const client = new SfuClient({ loop, address: '127.0.0.1', server, dtls, remote })
 * core.command({ is: 'open', transport: 1, local, role: 'server', remote: client.description }, now)
 * client.start(now)
 */
export class SfuClient implements RtpTransport {
  readonly id: number
  readonly local: IceCredentials
  readonly counters: TransportCounters
  readonly #options: SfuClientOptions
  readonly #session: SecureSession
  readonly #prober: Prober
  #socket: UdpSocket
  #closed = false

  constructor(options: SfuClientOptions) {
    const { loop, dtls, remote, role = 'client', onRtp, onRtcp, onState } = options
    this.id = options.id ?? 0
    this.local = options.local ?? newIceCredentials()
    this.counters = options.counters ?? emptyTransportCounters()
    this.#options = options
    this.#socket = this.#open()
    const ice = { local: this.local, remote: remote.ice, controlled: options.controlled ?? false }
    this.#prober = new Prober(ice, bytes => this.#send(bytes, 0, bytes.length))
    this.#session = new SecureSession({
      role,
      context: dtls,
      outgoing: loop,
      counters: this.counters,
      send: (bytes, start, end) => this.#send(bytes, start, end),
      onConnected: now => onState?.('connected', undefined, now, this),
      onEnded: ({ state, why }, now) => onState?.(state, why, now, this),
      onRtp: (packet, now) => onRtp?.(packet, now, this),
      onRtcp: (bytes, start, end, now) => onRtcp?.(bytes, start, end, now, this),
    })
  }

  /** What the server must know of it. */
  get description(): RemoteTransport {
    return { ice: this.local, fingerprints: [this.#options.dtls.fingerprint] }
  }

  /** What the server said of itself. */
  get remote(): RemoteTransport {
    return this.#options.remote
  }

  get dtls(): DtlsContext {
    return this.#options.dtls
  }

  get address(): Address {
    return this.#socket.local
  }

  get connected(): boolean {
    return this.#session.connected
  }

  get outgoing(): Uint8Array {
    return this.#options.loop.outgoing
  }

  start(now: number): void {
    this.#session.setFingerprints(this.#options.remote.fingerprints, now)
    this.#prober.start(now)
  }

  /** Goes on from another port, as after a change of network. */
  move(now: number): void {
    this.#socket.close()
    this.#socket = this.#open()
    this.#prober.start(now)
  }

  /** Restarts ICE with new credentials of both sides. */
  restart(local: IceCredentials, remote: IceCredentials, now: number): void {
    this.#prober.restart(local, remote, now)
  }

  /** Checks no more, but goes on otherwise. */
  stopChecks(): void {
    this.#prober.stop()
  }

  reserve(bytes: number): number {
    return this.#session.reserve(bytes)
  }

  sendRtp(at: number, headerEnd: number, source: Uint8Array, payloadStart: number, payloadEnd: number): boolean {
    return this.#session.sendRtp(at, headerEnd, source, payloadStart, payloadEnd)
  }

  sendRtcp(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#session.sendRtcp(bytes, start, end)
  }

  nextTimeout(): number {
    return Math.min(this.#prober.nextTimeout(), this.#session.nextTimeout())
  }

  handleTimeout(now: number): void {
    this.#prober.handleTimeout(now)
    if (this.#session.nextTimeout() <= now) this.#session.handleTimeout(now)
  }

  /** Says goodbye. May be called twice. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#prober.stop()
    this.#session.close()
    this.#socket.close()
  }

  #open(): UdpSocket {
    const { loop, address } = this.#options
    return loop.open({ address, onDatagram: (datagram, now) => this.#receive(datagram, now) })
  }

  #send(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#socket.send(bytes, start, end, this.#options.server)
  }

  #receive({ bytes, start, end, from }: Datagram, now: number): void {
    if (this.#closed || !from.equals(this.#options.server)) return
    const kind = packetKindAt(bytes, start, end)
    if (kind === 'stun') {
      if (this.#prober.receive(bytes, start, end, now)) this.#session.start(now)
    } else if (kind === 'dtls') {
      this.#session.receiveDtls(bytes, start, end, now)
    } else if (kind === 'rtp') {
      this.#session.receiveSrtp(bytes, start, end, now)
    }
  }
}
