import type { CarriedTrack, MediaBody, MediaSignal } from '@parley/protocol'
import type { FrameTransforms } from '../room/frame-transforms.ts'
import type { IncomingTrack } from '../room/media-plane.ts'
import type { SfuConnection, SfuConnectionEvents } from './sfu-transport.ts'
import { SubscribedTracks } from './subscribed-tracks.ts'

export interface SubscribeConnectionOptions {
  /** The server's name for it. */
  readonly id: string
  readonly configuration: RTCConfiguration
  readonly transforms?: FrameTransforms | undefined
  readonly events: SfuConnectionEvents
  send(body: MediaBody): void
  media(participant: string, track: string, incoming: IncomingTrack | undefined): void
}

/** The connection that carries what the SFU sends us: it offers, we answer. */
export class SubscribeConnection implements SfuConnection {
  readonly id: string
  readonly tracks: SubscribedTracks
  readonly #connection: RTCPeerConnection
  readonly #options: SubscribeConnectionOptions
  readonly offering = false
  #seq = 0
  /** The server still waits for an answer that it can use, and will not offer again before it has one. */
  #unanswered = false
  #steps: Promise<void> = Promise.resolve()
  #closed = false

  /** @throws {DOMException} for a configuration that the browser does not accept. */
  constructor(options: SubscribeConnectionOptions) {
    const connection = new RTCPeerConnection(options.configuration)
    this.id = options.id
    this.#connection = connection
    this.#options = options
    this.tracks = new SubscribedTracks(options.media, (receiver, participant) =>
      options.transforms?.receiver(receiver, participant),
    )
    connection.onconnectionstatechange = () => options.events.changed()
  }

  get state(): RTCPeerConnectionState {
    return this.#connection.connectionState
  }

  receiveOffer(description: RTCSessionDescriptionInit, carried: readonly CarriedTrack[], seq: number): void {
    this.#step(async () => {
      this.#unanswered = true
      await this.#connection.setRemoteDescription(description)
      this.#options.transforms?.prepare(this.#connection)
      await this.#connection.setLocalDescription()
      const sdp = this.#connection.localDescription?.sdp
      if (sdp === undefined || this.#closed) return
      this.#send({ kind: 'description', description: { type: 'answer', sdp }, answers: seq })
      this.#unanswered = false
      this.tracks.update(carried, this.#connection.getTransceivers())
    })
  }

  /** The server cannot use our answer. */
  refused(reason: string): void {
    this.#unanswered = true
    this.#options.events.broken(reason)
  }

  /** Asks for an offer with new ICE credentials. */
  restart(): void {
    if (this.#unanswered) this.giveUp()
    else this.#send({ kind: 'restart' })
  }

  /** Asks for a new connection in place of this one. */
  giveUp(): void {
    this.#send({ kind: 'close' })
    this.#send({ kind: 'restart' })
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
    this.#connection.onconnectionstatechange = null
    this.tracks.close()
    this.#connection.close()
  }

  #send(signal: MediaSignal): void {
    this.#options.send({ side: 'subscribe', connection: this.id, seq: this.#seq++, signal })
  }

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
