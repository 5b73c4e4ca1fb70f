import type { Clock } from '../clock.ts'
import { type NoPath, Recovery } from '../peer-connection/recovery.ts'
import type { ConnectionStatus, Unsubscribe } from '../types.ts'

/** One RTCPeerConnection with the SFU. */
export interface SfuConnection {
  readonly state: RTCPeerConnectionState
  /** Whether an offer of ours waits for its answer. */
  readonly offering: boolean
  /** Restarts ICE: the publisher makes a new offer, the subscriber asks for one. */
  restart(): void
  getStats(): Promise<RTCStatsReport>
  close(): void
}

export interface SfuTransportOptions<C extends SfuConnection> {
  readonly clock: Clock
  /** Makes a connection; throws if the browser refuses. */
  open(events: SfuConnectionEvents): C
  /** The connection is beyond restarting, or could not be made. */
  replace(): void
  status(status: ConnectionStatus): void
  /** Why there is no path, where nothing better is known. */
  noPath(): NoPath
}

export interface SfuConnectionEvents {
  /** The connection's state has changed. */
  changed(): void
  /** A step of the negotiation failed. */
  broken(reason: string): void
}

/**
 * Media with the SFU in one direction. Keeps the connection for it alive: restarts ICE, replaces the connection when that
 * does not help, and reports the state.
 */
export class SfuTransport<C extends SfuConnection> {
  readonly #options: SfuTransportOptions<C>
  #connection: C | undefined
  #recovery: Recovery | undefined
  #reachable = true
  #stopTimer: Unsubscribe = () => {}

  constructor(options: SfuTransportOptions<C>) {
    this.#options = options
  }

  get connection(): C | undefined {
    return this.#connection
  }

  get connected(): boolean {
    return this.#connection?.state === 'connected'
  }

  /** Makes a new connection in place of the old one. */
  open(): C | undefined {
    this.#connection?.close()
    this.#recovery ??= new Recovery(this.#reachable, this.#now())
    try {
      const connection: C = this.#options.open({
        changed: () => this.#connection === connection && this.#changed(connection),
        broken: reason => this.#connection === connection && this.broken(reason),
      })
      this.#connection = connection
      this.#changed(connection)
    } catch (error) {
      this.#connection = undefined
      this.broken(`The browser refused to make a connection: ${String(error)}`)
    }
    return this.#connection
  }

  /** Closes the connection and stops watching; {@link open} may be called again. */
  close(): void {
    this.#stopTimer()
    this.#connection?.close()
    this.#connection = undefined
    this.#recovery = undefined
  }

  /** Says whether signals can reach the server. */
  reachable(reachable: boolean): void {
    this.#reachable = reachable
    this.#recovery?.reachable(reachable, this.#now())
    this.#look()
  }

  tryNow(): void {
    this.#recovery?.tryNow(this.#now())
    this.#look()
  }

  broken(reason: string): void {
    this.#recovery?.broken(reason, this.#now())
    this.#look()
  }

  #changed(connection: C): void {
    this.#recovery?.connectionState(connection.state, this.#now())
    this.#recovery?.offering(connection.offering, this.#now())
    this.#look()
  }

  /** Does what is due, reports the state, and sets the timer for the next time. */
  #look(): void {
    const recovery = this.#recovery
    if (!recovery) return
    const { clock, status, noPath, replace } = this.#options
    const action = recovery.due(clock.now())
    if (action === 'restart' && this.#connection) this.#connection.restart()
    else if (action) replace()
    status(recovery.status(clock.now(), noPath))
    this.#stopTimer()
    const at = recovery.nextTimeout(clock.now())
    this.#stopTimer = at === undefined ? () => {} : clock.after(at - clock.now(), () => this.#look())
  }

  #now(): number {
    return this.#options.clock.now()
  }
}
