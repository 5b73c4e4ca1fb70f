import type { Signal, SignalBody } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import { type NoPath, Recovery } from '../peer-connection/recovery.ts'
import type { FrameTransforms } from '../room/frame-transforms.ts'
import type { IncomingTrack, MediaPeer, OutgoingTrack } from '../room/media-plane.ts'
import type { ConnectionStatus, Unsubscribe } from '../types.ts'
import { PathMemory } from './no-path.ts'
import { PairConnection } from './pair-connection.ts'
import { SignalSequence } from './signal-sequence.ts'

interface PeerEvents {
  /** Rejects if the server could not pass it on. */
  send(body: SignalBody): Promise<unknown>
  media(stream: string, incoming: IncomingTrack | undefined): void
  connection(status: ConnectionStatus): void
}

export interface PeerOptions {
  readonly polite: boolean
  readonly configuration: () => RTCConfiguration
  readonly clock: Clock
  readonly transforms?: FrameTransforms | undefined
  readonly events: PeerEvents
}

/** The desired state of a peer, as the mesh sets it. */
export interface PeerGoal {
  readonly peer: MediaPeer
  /** What to send to this peer, and to how many peers in all. */
  readonly outgoingTracks: readonly OutgoingTrack[]
  readonly receivers: number
  /** Whether we want what they send. */
  readonly receive: boolean
}

/** The shortest time between two ICE restarts that the peer asks for, ms. */
const restartGapMs = 2_000

/** How long to wait for the first offer of a peer that should make it, ms. */
const patienceMs = 500

/**
 * The media path to one other participant, while they are in the room: opens a connection when there is something to send or
 * to receive, and repairs or replaces it when it breaks.
 */
export class Peer {
  readonly #options: PeerOptions
  readonly #sequence = new SignalSequence()
  readonly #handlers: { [K in Signal['kind']]: (signal: Extract<Signal, { kind: K }>, seq: number) => void } = {
    description: (signal, seq) => this.#pair?.receiveDescription(signal, seq),
    candidate: signal => this.#pair?.receiveCandidate(signal),
    restart: () => this.#pair && this.#restart(this.#pair),
    close: () => this.#replace(),
  }
  #goal: PeerGoal
  #pair: PairConnection | undefined
  #recovery: Recovery | undefined
  #status: ConnectionStatus = { status: 'connected' }
  #restartedAt = Number.NEGATIVE_INFINITY
  #stopTimer: Unsubscribe = () => {}
  readonly #pathMemory = new PathMemory()
  #stopWaiting: Unsubscribe = () => {}
  #closed = false

  constructor(goal: PeerGoal, options: PeerOptions) {
    this.#goal = goal
    this.#options = options
    this.setGoal(goal)
  }

  get goal(): PeerGoal {
    return this.#goal
  }

  get pair(): PairConnection | undefined {
    return this.#pair
  }

  get connected(): boolean {
    return this.#pair?.state === 'connected'
  }

  setGoal(goal: PeerGoal): void {
    if (this.#closed) return
    const before = this.#goal
    this.#goal = goal
    const { peer, outgoingTracks, receivers, receive } = goal
    this.#recovery?.reachable(peer.reachable, this.#now())
    if (this.#pair) {
      if (outgoingTracks !== before.outgoingTracks || receivers !== before.receivers) {
        this.#pair.publish(outgoingTracks, receivers)
      }
    } else if (outgoingTracks.length > 0 || (receive && peer.tracks.length > 0)) {
      this.#open()
      if (peer.offersFirst && receive) this.#leaveOffer()
    }
    this.#look()
  }

  receive({ connection, seq, signal }: SignalBody): void {
    if (this.#closed) return
    const arrival = this.#sequence.accept(connection, seq)
    if (arrival === 'stale') return
    if (arrival === 'unknown' && !this.#adopt(connection, seq, signal)) return
    // If two first offers cross, the polite side replaces its whole connection: in Chromium, one that rolls back its very first
    // offer may never gather candidates, nor unmute what it receives.
    if (this.#options.polite && isOffer(signal) && this.#pair?.unheard) this.#make()
    this.#handle(signal, seq)
  }

  /** The ICE servers have changed; the connection uses them from the next restart on. */
  configure(): void {
    try {
      this.#pair?.configure(this.#options.configuration())
    } catch (error) {
      this.#broken(`The browser does not accept the ICE servers: ${String(error)}`)
    }
  }

  /** Our addresses may have changed: looks for a path again, even if the old one still works. */
  networkChanged(): void {
    this.#recovery?.tryNow(this.#now())
    this.#look()
  }

  /** Retries at once if there is no connection. */
  retry(): void {
    if (!this.connected) this.networkChanged()
  }

  close(): void {
    this.#closed = true
    this.#stopTimer()
    this.#stopWaiting()
    this.#pair?.close()
    this.#pair = undefined
  }

  #handle<K extends Signal['kind']>(signal: Extract<Signal, { kind: K }>, seq: number): void {
    const handle: (signal: Extract<Signal, { kind: K }>, seq: number) => void = this.#handlers[signal.kind as K]
    handle(signal, seq)
  }

  /**
   * A connection that is new to us: the peer's first one, one that answers our offer in place of one that it gave up, or one
   * that replaces their old one, and so replaces ours.
   */
  #adopt(connection: string, seq: number, signal: Signal): boolean {
    if (signal.kind === 'close') return false
    const first = this.#sequence.connection === undefined
    const answersUs = signal.kind === 'description' && this.#pair?.answersUs(signal)
    if (!first && !answersUs) {
      if (!isOffer(signal) && signal.kind !== 'restart') return false
      this.#open()
    }
    if (!this.#pair) this.#open()
    this.#sequence.adopt(connection, seq)
    return true
  }

  /** Makes a new connection in place of the old one; the peer will answer with a new one too. */
  #open(): void {
    this.#sequence.retire()
    this.#make()
  }

  /** Leaves the first offer to the peer: two that cross cost a connection, and whoever comes later knows that one is coming. */
  #leaveOffer(): void {
    const pair = this.#pair
    pair?.leaveOffer()
    this.#stopWaiting = this.#options.clock.after(patienceMs, () => pair?.offer())
  }

  #make(): void {
    const { polite, configuration, clock, events, transforms } = this.#options
    this.#pair?.close()
    this.#recovery ??= new Recovery(this.#goal.peer.reachable, clock.now())
    try {
      const pair: PairConnection = new PairConnection({
        configuration: configuration(),
        polite,
        clock,
        transforms,
        participant: this.#goal.peer.id,
        events: {
          send: body => this.#send(body),
          changed: () => pair === this.#pair && this.#changed(pair),
          media: events.media,
          broken: error => pair === this.#pair && this.#broken(`The browsers could not agree: ${String(error)}`),
        },
      })
      this.#pair = pair
      this.#changed(pair)
      pair.publish(this.#goal.outgoingTracks, this.#goal.receivers)
    } catch (error) {
      this.#pair = undefined
      this.#broken(`The browser refused to make a connection: ${String(error)}`)
    }
  }

  #replace(): void {
    this.#open()
    this.#look()
  }

  #send(body: SignalBody): void {
    const isDescription = body.signal.kind === 'description'
    this.#options.events.send(body).catch(error => {
      // One candidate more or less is not worth a restart, and a peer that cannot be reached is retried when it can.
      if (isDescription && !this.#closed) this.#broken(`The server could not pass it on: ${String(error)}`)
    })
  }

  #changed(pair: PairConnection): void {
    if (pair.state === 'connected') this.#pathMemory.worked()
    this.#recovery?.connectionState(pair.state, this.#now())
    this.#recovery?.offering(pair.offering, this.#now())
    this.#look()
  }

  #broken(reason: string): void {
    this.#recovery?.broken(reason, this.#now())
    this.#look()
  }

  /** Does what is due, reports the state if it has changed, and sets the timer for the next time. */
  #look(): void {
    const recovery = this.#recovery
    if (!recovery || this.#closed) return
    const { clock } = this.#options
    const action = recovery.due(clock.now())
    if (action) this.#recover(action)
    this.#tell(recovery.status(clock.now(), () => this.#noPath()))
    this.#stopTimer()
    const at = recovery.nextTimeout(clock.now())
    this.#stopTimer = at === undefined ? () => {} : clock.after(at - clock.now(), () => this.#look())
  }

  /** Only one side offers, and the other asks it to: two that restart at the same time get in each other's way. */
  #recover(action: 'restart' | 'replace'): void {
    const { polite } = this.#options
    const pair = this.#pair
    if (!pair) this.#open()
    else if (!pair.hasMedia || (polite && !pair.offering)) pair.askForRestart()
    else if (action === 'replace' && !polite) this.#open()
    else this.#restart(pair)
  }

  #restart(pair: PairConnection): void {
    const now = this.#now()
    if (!pair.hasMedia || now - this.#restartedAt < restartGapMs) return
    this.#restartedAt = now
    // If nobody has answered its first offer, a new connection is as good, and needs no rollback.
    if (pair.unheard) this.#open()
    else pair.restart()
  }

  #noPath(): NoPath {
    const { iceServers = [], iceTransportPolicy = 'all' } = this.#options.configuration()
    return this.#pathMemory.why({
      iceServers,
      policy: iceTransportPolicy,
      localTypes: this.#pair?.localTypes ?? new Set(),
      answered: this.#sequence.connection !== undefined,
    })
  }

  #tell(status: ConnectionStatus): void {
    const before = this.#status
    const same = status.status === before.status && JSON.stringify(status) === JSON.stringify(before)
    if (same) return
    this.#status = status
    this.#options.events.connection(status)
  }

  #now(): number {
    return this.#options.clock.now()
  }
}

function isOffer(signal: Signal): boolean {
  return signal.kind === 'description' && signal.description.type === 'offer'
}
