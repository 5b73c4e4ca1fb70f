import { DtlsConnection, type LastError, type Progress, requireRange } from '@parley/ffi'
import type { DtlsContext } from './context.ts'
import { Fingerprints } from './fingerprints.ts'
import type { Place } from './handshake-gate.ts'
import { type ProfileName, profiles } from './profiles.ts'
import { beginsHandshake, packRecords } from './records.ts'
import type { DtlsFailure, DtlsOptions, DtlsState, SrtpKeys } from './types.ts'

const DEFAULT_MTU = 1200
const MIN_MTU = 256
const LONGEST_WAIT_MS = 1600
/** What the keys of SRTP are exported under (RFC 5764 §4.2). */
const EXPORTER_LABEL = 'EXTRACTOR-dtls_srtp'
/** Numbers of errors in libssl (sslerr.h). An alert that the peer sent is 1000 more than its number. */
const NO_CERTIFICATE = 199
const TOO_MANY_TIMEOUTS = 312
const FIRST_ALERT = 1000

/**
 * One end of a DTLS-SRTP association (RFC 5764), without sockets or timers. `now` is in milliseconds on the caller's clock,
 * which must run as fast as the system's, because OpenSSL goes by the latter (but see `DtlsContextOptions.simulatedTime`).
 * Callbacks come from within `start`, `receive`, `handleTimeout`, `sendData` and `close`, which throw what they throw; they
 * never come from the constructor. `send` must not call the endpoint.
 */
export class DtlsEndpoint {
  readonly #context: DtlsContext
  readonly #options: DtlsOptions
  readonly #fingerprints: Fingerprints
  readonly #mtu: number
  #state: DtlsState = 'new'
  #connection: DtlsConnection | undefined
  #place: Place | undefined
  /** When OpenSSL will send its flight again, and when the handshake is given up. */
  #due = Number.POSITIVE_INFINITY
  #deadline = Number.POSITIVE_INFINITY

  /** Costs next to nothing: OpenSSL's part is made when the handshake begins. Throws RangeError for an invalid option. */
  constructor(context: DtlsContext, options: DtlsOptions) {
    this.#context = context
    this.#options = options
    this.#mtu = options.mtu ?? DEFAULT_MTU
    if (!Number.isInteger(this.#mtu) || this.#mtu < MIN_MTU) throw new RangeError(`an MTU of ${this.#mtu} bytes`)
    this.#fingerprints = new Fingerprints(options.fingerprints)
  }

  get state(): DtlsState {
    return this.#state
  }

  /**
   * Begins the handshake if this is the client and it has not begun yet; a server waits for the client. Returns false if too
   * many handshakes are under way: try again later.
   */
  start(now: number): boolean {
    if (this.#options.role === 'server' || this.#state !== 'new') return true
    if (!this.#begin(now)) return false
    this.#advance(now)
    return true
  }

  /** Takes one datagram. Never throws because of what it contains; throws RangeError for a range outside the bytes. */
  receive(bytes: Uint8Array, start: number, end: number, now: number): void {
    requireRange(bytes, start, end)
    if (this.#state === 'new' && this.#options.role === 'server' && beginsHandshake(bytes, start, end)) this.#begin(now)
    if (!this.#connection || start === end) return
    this.#connection.input(bytes, start, end)
    this.#advance(now)
  }

  /** When `handleTimeout` is due; Infinity for never. */
  nextTimeout(): number {
    return this.#state === 'handshaking' ? Math.min(this.#due, this.#deadline) : Number.POSITIVE_INFINITY
  }

  /** Sends a lost flight again, or gives up the handshake. */
  handleTimeout(now: number): void {
    const connection = this.#connection
    if (!connection || this.#state !== 'handshaking') return
    if (now >= this.#deadline) {
      this.#fail({ reason: 'timeout', detail: `no handshake within ${this.#context.handshakeTimeoutMs} ms` })
      return
    }
    if (now < this.#due) return
    if (this.#context.simulatedTime) hold(Math.min(connection.timeoutMs(), LONGEST_WAIT_MS))
    const progress = connection.handleTimeout()
    this.#flush()
    if (progress === 'failed') this.#settle(progress)
    this.#schedule(now)
  }

  /** Sends one message of application data. Returns false unless connected. Throws RangeError unless it has 1 to 16,384 bytes. */
  sendData(bytes: Uint8Array, start: number, end: number): boolean {
    const connection = this.#connection
    if (!connection || this.#state !== 'connected') return false
    const progress = connection.write(bytes, start, end)
    this.#flush()
    if (progress === 'failed') this.#settle(progress)
    return progress === 'done'
  }

  /** Tells the peer (close_notify) and frees everything. Calls back only `send`. May be called twice. */
  close(): void {
    if (this.#state === 'failed' || this.#state === 'closed') return
    this.#end('closed')
  }

  #begin(now: number): boolean {
    const { role, source } = this.#options
    this.#place = this.#context.gate.enter(source?.(), now, () =>
      this.#fail({ reason: 'crowded-out', detail: 'the handshake was stalled, and gave way to another' }),
    )
    if (!this.#place) return false
    try {
      this.#connection = new DtlsConnection(this.#context.ssl, role, this.#mtu)
    } catch (error) {
      this.#place.leave()
      throw error
    }
    this.#state = 'handshaking'
    this.#deadline = now + this.#context.handshakeTimeoutMs
    return true
  }

  /** Lets OpenSSL work on what was received, and sends what it produces. */
  #advance(now: number): void {
    if (this.#state === 'handshaking') this.#handshake()
    if (this.#state === 'connected') this.#read()
    this.#schedule(now)
  }

  #handshake(): void {
    const progress = this.#connection?.handshake() ?? 'waiting'
    this.#flush()
    if (progress === 'done') this.#connect()
    else this.#settle(progress)
  }

  #connect(): void {
    const agreed = this.#agree()
    if ('reason' in agreed) {
      this.#fail(agreed)
      return
    }
    this.#place?.leave()
    this.#state = 'connected'
    this.#options.onConnected(agreed)
  }

  /** Checks that the peer is the one that was signalled, and returns the agreed keys, or why there are none. */
  #agree(): SrtpKeys | DtlsFailure {
    const digest = this.#connection?.peerDigest(this.#fingerprints.algorithm)
    if (!this.#connection || !digest) return { reason: 'no-certificate', detail: 'the peer showed no certificate' }
    if (!this.#fingerprints.include(digest)) {
      return { reason: 'fingerprint', detail: 'the peer has another certificate than was signalled' }
    }
    const keys = exportKeys(this.#connection, this.#options.role)
    return keys ?? { reason: 'no-profile', detail: 'the peer can do none of our SRTP profiles' }
  }

  /** Reads everything that was received. A handler may close the endpoint meanwhile. */
  #read(): void {
    let progress: Progress = 'done'
    while (this.#connection && progress === 'done') {
      progress = this.#connection.read()
      if (progress === 'done') this.#options.onData?.(this.#connection.message)
    }
    // The peer may have missed our last flight and asked for it again.
    this.#flush()
    this.#settle(progress)
    this.#connection?.rest()
  }

  /** Ends the association if an operation failed or the peer closed it. */
  #settle(progress: Progress): void {
    const connection = this.#connection
    if (!connection) return
    if (progress === 'failed') {
      this.#fail(failureOf(connection.failure ?? { reason: 0, text: 'no reason given' }))
    } else if (progress === 'closed' && this.#state === 'handshaking') {
      this.#fail({ reason: 'alert', detail: 'the peer closed the handshake' })
    } else if (progress === 'closed') {
      this.#end('closed')
      this.#options.onClosed()
    }
  }

  #schedule(now: number): void {
    if (this.#connection && this.#state === 'handshaking') this.#due = now + this.#connection.timeoutMs()
  }

  #flush(): void {
    const records = this.#connection?.output()
    if (records) packRecords(records, this.#mtu, this.#options.send)
  }

  #fail(failure: DtlsFailure): void {
    this.#end('failed')
    this.#options.onFailed(failure)
  }

  #end(state: 'closed' | 'failed'): void {
    const connection = this.#connection
    this.#connection = undefined
    this.#state = state
    this.#place?.leave()
    if (!connection) return
    connection.shutdown()
    const records = connection.output()
    connection.close()
    if (records) packRecords(records, this.#mtu, this.#options.send)
  }
}

/** The keys for SRTP that a handshake agreed on (RFC 5764 §4.2); undefined if it agreed on no profile. */
function exportKeys(connection: DtlsConnection, role: 'server' | 'client'): SrtpKeys | undefined {
  const id = connection.srtpProfile()
  const names = Object.keys(profiles) as ProfileName[]
  const profile = names.find(name => profiles[name].id === id)
  if (!profile) return undefined
  const { keyBytes, saltBytes } = profiles[profile]
  const material = connection.keyingMaterial(EXPORTER_LABEL, 2 * (keyBytes + saltBytes))
  const salts = 2 * keyBytes
  const client = { key: material.slice(0, keyBytes), salt: material.slice(salts, salts + saltBytes) }
  const server = { key: material.slice(keyBytes, salts), salt: material.slice(salts + saltBytes) }
  material.fill(0)
  const [local, remote] = role === 'client' ? [client, server] : [server, client]
  return { profile, localKey: local.key, localSalt: local.salt, remoteKey: remote.key, remoteSalt: remote.salt }
}

function failureOf({ reason, text }: LastError): DtlsFailure {
  if (reason === NO_CERTIFICATE) return { reason: 'no-certificate', detail: text }
  if (reason === TOO_MANY_TIMEOUTS) return { reason: 'timeout', detail: text }
  return { reason: reason >= FIRST_ALERT ? 'alert' : 'protocol', detail: text }
}

/** Blocks the thread. */
function hold(ms: number): void {
  if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
