import type { MediaBody, MediaSignal } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import { Senders } from '../peer-connection/senders.ts'
import { askForDtx, planSound } from '../peer-connection/sound.ts'
import { randomId } from '../random-id.ts'
import type { FrameTransforms } from '../room/frame-transforms.ts'
import type { OutgoingTrack } from '../room/media-plane.ts'
import type { SfuConnection, SfuConnectionEvents } from './sfu-transport.ts'

export interface PublishConnectionOptions {
  readonly configuration: RTCConfiguration
  readonly clock: Clock
  readonly transforms?: FrameTransforms | undefined
  readonly events: SfuConnectionEvents
  send(body: MediaBody): void
}

/** The connection that carries what we send to the SFU: we offer, it answers. */
export class PublishConnection implements SfuConnection {
  readonly id = randomId()
  readonly senders: Senders
  readonly #connection: RTCPeerConnection
  readonly #options: PublishConnectionOptions
  #outgoingTracks: readonly OutgoingTrack[] = []
  #receivers = 1
  /** The server has said what is wanted, so it chooses among the layers. */
  #demanded = false
  #needed = false
  #seq = 0
  /** The number of our last offer; answers to earlier ones are dropped. */
  #offered: number | undefined
  #steps: Promise<void> = Promise.resolve()
  #closed = false

  /** @throws {DOMException} for a configuration that the browser does not accept. */
  constructor(options: PublishConnectionOptions) {
    const connection = new RTCPeerConnection(options.configuration)
    this.#connection = connection
    this.#options = options
    const { clock, transforms } = options
    this.senders = new Senders({
      connection,
      clock,
      transforms,
      layered: true,
      started: () => this.#step(() => this.#limit()),
    })
    connection.onnegotiationneeded = () => {
      this.#needed = true
      this.#step(() => this.#offer())
    }
    connection.onconnectionstatechange = () => options.events.changed()
    connection.onsignalingstatechange = () => options.events.changed()
  }

  get state(): RTCPeerConnectionState {
    return this.#connection.connectionState
  }

  get offering(): boolean {
    return this.#connection.signalingState === 'have-local-offer'
  }

  /**
   * @param receivers Sets the bitrate limits, as if this many peers were sent the tracks in a mesh; for as long as the server has
   * not said what is wanted.
   */
  publish(outgoingTracks: readonly OutgoingTrack[], receivers: number): void {
    if (outgoingTracks === this.#outgoingTracks && receivers === this.#receivers) return
    this.#outgoingTracks = outgoingTracks
    this.#receivers = receivers
    this.#step(async () => {
      await this.senders.sync(outgoingTracks)
      await this.#limit()
    })
  }

  /** The server's reaction to our offer, or its wish for another one. */
  receive(signal: MediaSignal): void {
    if (signal.kind === 'reoffer') {
      this.#needed = true
      this.#step(() => this.#offer())
    }
    if (signal.kind === 'demand') {
      this.#demanded = true
      this.#step(async () => {
        this.senders.demand(signal.tracks)
        await this.#limit()
      })
    }
    if (signal.kind !== 'description' && signal.kind !== 'refused') return
    const isCurrent = () => signal.answers === undefined || signal.answers === this.#offered
    if (signal.kind === 'refused') {
      if (isCurrent()) this.#options.events.broken(signal.reason)
      return
    }
    const { description } = signal
    if (description.type !== 'answer') return
    this.#step(async () => {
      if (!this.offering || !isCurrent()) return
      await this.#connection.setRemoteDescription({ ...description, sdp: askForDtx(description.sdp, this.#pausing()) })
      await this.#limit()
      if (this.#needed) await this.#offer()
    })
  }

  restart(): void {
    this.#step(async () => {
      if (this.offering) await this.#connection.setLocalDescription({ type: 'rollback' })
      this.#connection.restartIce()
      this.#needed = true
      await this.#offer()
    })
  }

  configure(configuration: RTCConfiguration): void {
    this.#connection.setConfiguration(configuration)
  }

  getStats(): Promise<RTCStatsReport> {
    return this.#connection.getStats()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    const connection = this.#connection
    connection.onnegotiationneeded = null
    connection.onconnectionstatechange = null
    connection.onsignalingstatechange = null
    this.senders.close()
    connection.close()
  }

  /** The sections of what is sent with pauses, by mid. */
  #pausing(): ReadonlySet<string> {
    const sections = [...this.senders.bySection()]
    return new Set(sections.flatMap(([mid, outgoingTrack]) => (planSound(outgoingTrack).dtx ? mid : [])))
  }

  async #offer(): Promise<void> {
    if (!this.#needed || this.#connection.signalingState !== 'stable') return
    if (this.#connection.getTransceivers().length === 0) return
    this.#needed = false
    await this.#connection.setLocalDescription()
    const sdp = this.#connection.localDescription?.sdp
    if (sdp === undefined || this.#closed) return
    this.#offered = this.#seq++
    const signal: MediaSignal = { kind: 'description', description: { type: 'offer', sdp } }
    this.#options.send({ side: 'publish', connection: this.id, seq: this.#offered, signal })
  }

  async #limit(): Promise<void> {
    try {
      await this.senders.limit(this.#demanded ? 1 : this.#receivers)
    } catch (error) {
      // Then the browser's own limits apply: a matter of quality, not of whether the call works.
      console.debug('parley: bitrate limits not used', error)
    }
  }

  /** Runs the steps of the negotiation one after another, so that none sees the connection in the middle of another. */
  #step(step: () => Promise<void>): void {
    this.#steps = this.#steps.then(async () => {
      if (this.#closed) return
      try {
        await step()
      } catch (error) {
        if (!this.#closed) this.#options.events.broken(`The browser and the server could not agree: ${String(error)}`)
      }
    })
  }
}
