import type { DtlsContext } from '@parley/dtls'
import { UNKNOWN_SOURCE } from '@parley/net'
import type { Address } from '@parley/udp'
import type { IceCredentials, RemoteTransport, TransportState } from '../control.ts'
import { consentMs, type IceAgent } from '../ice/agent.ts'
import type { Path } from '../ice/path.ts'
import type { IceRegistry } from '../ice/registry.ts'
import type { RtpReceiver, RtpTransport } from '../ports.ts'
import type { TransportCounters } from './counters.ts'
import { type Outgoing, SecureSession, type SessionEnd } from './secure-session.ts'

export interface TransportOptions {
  readonly id: number
  readonly local: IceCredentials
  readonly role: 'server' | 'client'
  readonly registry: IceRegistry<Transport>
  readonly context: DtlsContext
  readonly outgoing: Outgoing
  readonly counters: TransportCounters
  readonly receiver: RtpReceiver
  /** The source that a peer at that address counts towards, for limits. */
  readonly sourceOf: (remote: Address) => string
  /** The peer has a path, or another one than before. */
  readonly onPath: (transport: Transport, now: number) => void
  /** The peer sends more than it may. Called once. */
  readonly onExcess: (transport: Transport) => void
  readonly onState: (transport: Transport, state: TransportState, why: string | undefined, now: number) => void
}

/** A peer that has not connected after so long is given up. */
const connectMs = 20_000
const silence = `neither a check nor media came from it for ${consentMs / 1000} s`

/**
 * The connection to one peer: ICE finds where it is, DTLS proves who it is, SRTP protects what is sent. It is `connected` while
 * ICE has a path and DTLS has succeeded. A `disconnected` one may come back; one that `failed` or is `closed` will not.
 */
export class Transport implements RtpTransport {
  readonly id: number
  readonly #options: TransportOptions
  readonly #ice: IceAgent<Transport>
  readonly #session: SecureSession
  #state: TransportState | 'new' = 'new'
  /** Where to send the closing alert when nothing else may be sent any more. */
  #lastPath: Path | undefined
  #leaving = false
  #exceeded = false
  #connectBy: number

  /** Throws if the user name fragment is taken. */
  constructor(options: TransportOptions, now: number) {
    const { id, local, registry, role, context, outgoing, counters, receiver } = options
    this.id = id
    this.#options = options
    this.#connectBy = now + connectMs
    this.#ice = registry.open(this, local, {
      onPath: (path, now) => {
        this.#lastPath = path
        this.#session.start(now)
        this.#update(now)
        options.onPath(this, now)
      },
      onLost: now => this.#update(now),
    })
    this.#session = new SecureSession({
      role,
      context,
      outgoing,
      counters,
      source: () => (this.#lastPath ? options.sourceOf(this.#lastPath.remote) : UNKNOWN_SOURCE),
      send: (bytes, start, end) => {
        const path = this.#leaving ? this.#lastPath : this.#ice.path
        return path?.socket.send(bytes, start, end, path.remote) ?? false
      },
      onConnected: now => this.#update(now),
      onExcess: () => {
        if (!this.#exceeded) options.onExcess(this)
        this.#exceeded = true
      },
      onEnded: (end, now) => this.#end(end, now),
      onRtp: (packet, now) => receiver.receiveRtp(this, packet, now),
      onRtcp: (bytes, start, end, now) => receiver.receiveRtcp(this, bytes, start, end, now),
    })
  }

  get state(): TransportState | 'new' {
    return this.#state
  }

  get connected(): boolean {
    return this.#state === 'connected'
  }

  /** Where media is sent; undefined if nowhere. */
  get path(): Path | undefined {
    return this.#ice.path
  }

  get outgoing(): Uint8Array {
    return this.#options.outgoing.outgoing
  }

  setRemote({ fingerprints }: RemoteTransport, now: number): void {
    this.#session.setFingerprints(fingerprints, now)
    if (this.#ice.path) this.#session.start(now)
  }

  restart(local: IceCredentials): void {
    this.#ice.restart(local)
  }

  receiveDtls(bytes: Uint8Array, start: number, end: number, now: number): void {
    this.#session.receiveDtls(bytes, start, end, now)
  }

  /** See `SecureSession.receiveSrtp`. */
  receiveSrtp(bytes: Uint8Array, start: number, end: number, now: number): boolean {
    return this.#session.receiveSrtp(bytes, start, end, now)
  }

  reserve(bytes: number): number {
    return this.#session.reserve(bytes)
  }

  sendRtp(at: number, headerEnd: number, source: Uint8Array, payloadStart: number, payloadEnd: number): boolean {
    if (this.#state === 'connected') {
      return this.#session.sendRtp(at, headerEnd, source, payloadStart, payloadEnd)
    }
    this.#options.outgoing.trim(at)
    this.#options.counters.unsent++
    return false
  }

  sendRtcp(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#state === 'connected') return this.#session.sendRtcp(bytes, start, end)
    this.#options.counters.unsent++
    return false
  }

  /** When the handshake needs `handleTimeout`; Infinity for never. */
  nextTimeout(): number {
    return this.#session.nextTimeout()
  }

  handleTimeout(now: number): void {
    this.#session.handleTimeout(now)
  }

  /** When the peer's consent for one of its addresses will end unless it is heard, or by when it must have connected. */
  nextConsent(): number {
    return Math.min(this.#connectBy, this.#ice.nextTimeout())
  }

  handleConsent(now: number): void {
    this.#ice.handleTimeout(now)
    if (this.#connectBy > now) return
    this.#connectBy = Number.POSITIVE_INFINITY
    const missing = this.#ice.path ? 'its DTLS handshake was not finished' : 'no connectivity check arrived'
    this.#options.onState(this, 'disconnected', `it did not connect in ${connectMs / 1000} s: ${missing}`, now)
  }

  /** Tells the peer, and forgets everything. Does not call `onState`. May be called twice. */
  close(now: number): void {
    if (this.#state === 'closed' || this.#state === 'failed') return
    this.#release('closed', now)
  }

  #update(now: number): void {
    const state = this.#session.connected && this.#ice.path ? 'connected' : 'disconnected'
    if (state === this.#state || (this.#state === 'new' && state === 'disconnected')) return
    this.#state = state
    this.#connectBy = Number.POSITIVE_INFINITY
    this.#options.onState(this, state, state === 'connected' ? undefined : silence, now)
    if (state === 'connected') this.#options.receiver.transportConnected(this, now)
  }

  #end({ state, why }: SessionEnd, now: number): void {
    this.#release(state, now)
    this.#options.onState(this, state, why, now)
  }

  #release(state: 'closed' | 'failed', now: number): void {
    this.#state = state
    this.#leaving = true
    this.#session.close()
    this.#ice.close()
    this.#options.receiver.transportClosed(this, now)
  }
}
