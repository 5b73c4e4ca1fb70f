import { type DtlsContext, DtlsEndpoint, type Fingerprint, type SrtpKeys } from '@parley/dtls'
import { isRtcp, RtpPacket } from '@parley/rtp'
import { refusalName, SRTP_MAX_OVERHEAD, SrtpReceiver, SrtpSender } from '@parley/srtp'
import type { Loop } from '@parley/udp'
import { countedAs, type TransportCounters } from './counters.ts'
import { Inflow } from './inflow.ts'

/** Memory to write datagrams into. */
export type Outgoing = Pick<Loop, 'outgoing' | 'reserve' | 'trim'>

export interface SecureSessionOptions {
  readonly context: DtlsContext
  readonly role: 'server' | 'client'
  readonly outgoing: Outgoing
  readonly counters: TransportCounters
  /** Whose handshake it is; see `DtlsOptions`. */
  readonly source?: () => string
  /** Sends a datagram to the peer. Returns false if it cannot be sent. */
  readonly send: (bytes: Uint8Array, start: number, end: number) => boolean
  readonly onConnected: (now: number) => void
  /** The packet and its bytes are valid until this returns. */
  readonly onRtp: (packet: RtpPacket, now: number) => void
  /** Takes a compound packet, whose bytes are valid until this returns. */
  readonly onRtcp: (bytes: Uint8Array, start: number, end: number, now: number) => void
  /** The peer sends more than it may. The excess is dropped. */
  readonly onExcess?: () => void
  /** The peer closed the connection, or it failed. Nothing is called from then on. */
  readonly onEnded: (end: SessionEnd, now: number) => void
}

export interface SessionEnd {
  readonly state: 'closed' | 'failed'
  readonly why: string
}

const retryMs = 100

/** One view serves all sessions, because nobody keeps it. */
const packet = new RtpPacket()

/**
 * DTLS-SRTP with one peer (RFC 5764): agrees on keys by DTLS, then protects and unprotects packets with them. Knows nothing about
 * addresses: its owner passes in datagrams from the peer's checked addresses. Allocates nothing per packet.
 */
export class SecureSession {
  readonly #options: SecureSessionOptions
  #endpoint: DtlsEndpoint | undefined
  #receiver: SrtpReceiver | undefined
  #sender: SrtpSender | undefined
  readonly #inflow = new Inflow()
  #ended = false
  /** When to try again, as a client whose handshake was not admitted. */
  #retryAt = Number.POSITIVE_INFINITY
  #now = 0

  constructor(options: SecureSessionOptions) {
    this.#options = options
  }

  /** Keys have been agreed, and the peer has the certificate that was signalled. */
  get connected(): boolean {
    return this.#sender !== undefined
  }

  /** Sets the peer's certificates. Has no effect once the handshake has begun: another certificate needs another transport. */
  setFingerprints(fingerprints: readonly Fingerprint[], now: number): void {
    if (this.#ended || (this.#endpoint && this.#endpoint.state !== 'new')) return
    try {
      this.#endpoint = this.#expect(fingerprints)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#end({ state: 'failed', why: error.message }, now)
    }
  }

  /** Begins the handshake, if this is the client: the peer can be reached now. */
  start(now: number): void {
    if (!this.#endpoint || this.#ended) return
    this.#now = now
    this.#retryAt = this.#endpoint.start(now) ? Number.POSITIVE_INFINITY : now + retryMs
  }

  receiveDtls(bytes: Uint8Array, start: number, end: number, now: number): void {
    this.#now = now
    if (this.#endpoint) this.#endpoint.receive(bytes, start, end, now)
    else this.#options.counters.dtlsEarly++
  }

  /** Takes an RTP or RTCP packet, and unprotects it where it lies. Returns whether it is authentic and not a replay. */
  receiveSrtp(bytes: Uint8Array, start: number, end: number, now: number): boolean {
    const { counters } = this.#options
    const receiver = this.#receiver
    if (!receiver) {
      counters.early++
      return false
    }
    if (!this.#inflow.admits(end - start, now)) {
      counters.overLimit++
      this.#options.onExcess?.()
      return false
    }
    counters.bytesReceived += end - start
    const rtcp = isRtcp(bytes, start)
    const last = rtcp ? receiver.unprotectRtcp(bytes, start, end) : receiver.unprotectRtp(bytes, start, end)
    if (last < 0) {
      this.#refused(last)
      return false
    }
    if (rtcp) {
      counters.rtcpReceived++
      this.#options.onRtcp(bytes, start, last, now)
    } else if (packet.parse(bytes, start, last)) {
      counters.rtpReceived++
      this.#options.onRtp(packet, now)
    } else {
      counters.malformed++
    }
    return true
  }

  reserve(bytes: number): number {
    return this.#options.outgoing.reserve(bytes + SRTP_MAX_OVERHEAD)
  }

  /** See `RtpTransport.sendRtp`. */
  sendRtp(at: number, headerEnd: number, source: Uint8Array, payloadStart: number, payloadEnd: number): boolean {
    const { outgoing, counters } = this.#options
    const sender = this.#sender
    if (!sender) return this.#unsent(at)
    const end = sender.protectRtp(outgoing.outgoing, at, headerEnd, source, payloadStart, payloadEnd)
    if (!this.#finish(at, end)) return false
    counters.rtpSent++
    return true
  }

  sendRtcp(bytes: Uint8Array, start: number, end: number): boolean {
    const { outgoing, counters } = this.#options
    const at = this.reserve(end - start)
    const sender = this.#sender
    if (!sender) return this.#unsent(at)
    const target = outgoing.outgoing
    for (let i = start; i < end; i++) target[at + i - start] = bytes[i] as number
    if (!this.#finish(at, sender.protectRtcp(target, at, at + end - start))) return false
    counters.rtcpSent++
    return true
  }

  nextTimeout(): number {
    return Math.min(this.#retryAt, this.#endpoint?.nextTimeout() ?? Number.POSITIVE_INFINITY)
  }

  handleTimeout(now: number): void {
    this.#now = now
    if (this.#retryAt <= now) this.start(now)
    else this.#endpoint?.handleTimeout(now)
  }

  /** Tells the peer, and wipes the keys. May be called twice. */
  close(): void {
    this.#ended = true
    this.#retryAt = Number.POSITIVE_INFINITY
    this.#endpoint?.close()
    this.#receiver?.close()
    this.#sender?.close()
    this.#receiver = undefined
    this.#sender = undefined
  }

  #expect(fingerprints: readonly Fingerprint[]): DtlsEndpoint {
    const { context, role, source, send, counters } = this.#options
    return new DtlsEndpoint(context, {
      role,
      ...(source && { source }),
      fingerprints,
      send: (bytes, start, end) => {
        if (!send(bytes, start, end)) counters.unsent++
      },
      onConnected: keys => this.#connected(keys),
      onFailed: ({ reason, detail }) => {
        counters.handshakesFailed++
        this.#end({ state: 'failed', why: `${reason}: ${detail}` }, this.#now)
      },
      onClosed: () => this.#end({ state: 'closed', why: 'the peer closed the connection' }, this.#now),
    })
  }

  #connected({ profile, localKey, localSalt, remoteKey, remoteSalt }: SrtpKeys): void {
    this.#sender = new SrtpSender({ profile, masterKey: localKey, masterSalt: localSalt })
    this.#receiver = new SrtpReceiver({ profile, masterKey: remoteKey, masterSalt: remoteSalt })
    for (const secret of [localKey, localSalt, remoteKey, remoteSalt]) secret.fill(0)
    this.#options.counters.handshakesDone++
    this.#options.onConnected(this.#now)
  }

  #end(end: SessionEnd, now: number): void {
    if (this.#ended) return
    this.close()
    this.#options.onEnded(end, now)
  }

  /** Sends the protected packet in `outgoing` from `at` to `end`, and gives back the rest of the reserved room. */
  #finish(at: number, end: number): boolean {
    const { outgoing, counters, send } = this.#options
    if (end < 0) {
      outgoing.trim(at)
      this.#refused(end)
      return false
    }
    outgoing.trim(end)
    if (!send(outgoing.outgoing, at, end)) {
      counters.blocked++
      return false
    }
    counters.bytesSent += end - at
    return true
  }

  #unsent(at: number): false {
    this.#options.outgoing.trim(at)
    this.#options.counters.unsent++
    return false
  }

  #refused(code: number): void {
    const name = refusalName(code)
    if (name) this.#options.counters[countedAs[name]]++
  }
}
