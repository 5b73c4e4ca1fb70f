import type { Clock } from '../clock.ts'
import { type NoPath, Recovery } from '../connection/recovery.ts'
import type { ConnectionStatus, Unsubscribe } from '../types.ts'

/** One of the two connections with the SFU. */
export interface HalfConnection {
  readonly state: RTCPeerConnectionState
  /** An offer of ours waits for its answer. */
  readonly offering: boolean
  /** Finds a path again, by whatever way this side of the negotiation has. */
  restart(): void
  getStats(): Promise<RTCStatsReport>
  close(): void
}

export interface HalfOptions<C extends HalfConnection> {
  readonly clock: Clock
  /** Throws where the browser refuses. `changed`: the connection's state has; `broken`: a step of the negotiation failed. */
  open(events: HalfEvents): C
  /** The connection is beyond restarting, or could not be made. */
  replace(): void
  status(status: ConnectionStatus): void
  /** Why there is no path, where nothing better is known. */
  noPath(): NoPath
}

export interface HalfEvents {
  changed(): void
  broken(reason: string): void
}

/** Keeps one connection with the SFU alive: watches it, mends it, and says how it is. */
export class Half<C extends HalfConnection> {
  readonly #options: HalfOptions<C>
  #connection: C | undefined
  #recovery: Recovery | undefined
  #reachable = true
  #stopTimer: Unsubscribe = () => {}

  constructor(options: HalfOptions<C>) {
    this.#options = options
  }

  get connection(): C | undefined {
    return this.#connection
  }

  get connected(): boolean {
    return this.#connection?.state === 'connected'
  }

  /** A new connection, in the place of the one there was. */
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

  /** Nothing is wanted of it any more. */
  close(): void {
    this.#stopTimer()
    this.#connection?.close()
    this.#connection = undefined
    this.#recovery = undefined
  }

  /** Signals reach the server, or cannot. */
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

  /** Does what is due, tells how it is, and sets the timer for the next time. */
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
