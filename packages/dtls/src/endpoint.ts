import type { DtlsContext } from './context.ts'
import type { DtlsOptions, DtlsState } from './types.ts'

/**
 * One end of a DTLS-SRTP association (RFC 5764), without sockets or timers. `now` is in milliseconds on the caller's
 * clock. Callbacks come from within `start`, `receive`, `handleTimeout` and `close`, never from the constructor.
 */
export class DtlsEndpoint {
  /** Costs next to nothing: OpenSSL's part is made when the handshake begins. Throws RangeError for a wrong option. */
  constructor(_context: DtlsContext, _options: DtlsOptions) {}

  get state(): DtlsState {
    return 'new'
  }

  /** Begins the handshake where this is the client; a server waits for the client. */
  start(_now: number): void {
    throw new Error('to be filled')
  }

  /** Takes one datagram. Never throws for what it contains. */
  receive(_bytes: Uint8Array, _start: number, _end: number, _now: number): void {
    throw new Error('to be filled')
  }

  /** When `handleTimeout` is due; Infinity: never. */
  nextTimeout(): number {
    return Number.POSITIVE_INFINITY
  }

  /** Sends a lost flight again, or gives up. */
  handleTimeout(_now: number): void {
    throw new Error('to be filled')
  }

  /** Sends application data, one message, at most 16,384 bytes. False unless connected. */
  sendData(_bytes: Uint8Array, _start: number, _end: number): boolean {
    throw new Error('to be filled')
  }

  /** Says goodbye (close_notify) and frees everything; calls nothing but `send`. May be called twice. */
  close(): void {}
}
