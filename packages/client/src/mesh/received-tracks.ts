import { watchArrival } from '../peer-connection/media-arrival.ts'
import type { IncomingTrack } from '../room/media-plane.ts'

interface Received {
  readonly track: MediaStreamTrack
  readonly receiver: RTCRtpReceiver
  readonly streams: readonly MediaStream[]
  readonly stopListening: AbortController
}

/** The tracks that a peer connection receives, by the ids of their streams (`msid`, RFC 8830). */
export class ReceivedTracks {
  readonly #connection: RTCPeerConnection
  readonly #changed: (stream: string, incoming: IncomingTrack | undefined) => void
  readonly #byTransceiver = new Map<RTCRtpTransceiver, Received>()

  readonly #owned: (receiver: RTCRtpReceiver, theirs: boolean) => void

  /**
   * @param changed A track has been negotiated, has brought its first media, or is gone.
   * @param owned A receiver brings media from now on, or none any more.
   */
  constructor(
    connection: RTCPeerConnection,
    changed: (stream: string, incoming: IncomingTrack | undefined) => void,
    owned: (receiver: RTCRtpReceiver, theirs: boolean) => void,
  ) {
    this.#connection = connection
    this.#changed = changed
    this.#owned = owned
    connection.ontrack = event => this.#add(event)
  }

  /** The stream ids of each media section, by its `mid`. */
  bySection(): ReadonlyMap<string, readonly string[]> {
    const sections = new Map<string, readonly string[]>()
    for (const [{ mid }, { streams }] of this.#byTransceiver) {
      if (mid !== null)
        sections.set(
          mid,
          streams.map(({ id }) => id),
        )
    }
    return sections
  }

  receiverOf(stream: string): RTCRtpReceiver | undefined {
    for (const { streams, receiver } of this.#byTransceiver.values()) {
      if (streams.some(({ id }) => id === stream)) return receiver
    }
    return undefined
  }

  close(): void {
    this.#connection.ontrack = null
    for (const transceiver of [...this.#byTransceiver.keys()]) this.#remove(transceiver)
  }

  #add({ track, receiver, streams, transceiver }: RTCTrackEvent): void {
    this.#remove(transceiver)
    const stopListening = new AbortController()
    const { signal } = stopListening
    this.#owned(receiver, true)
    this.#byTransceiver.set(transceiver, { track, receiver, streams, stopListening })
    for (const stream of streams) {
      const removed = (event: MediaStreamTrackEvent) => event.track === track && this.#remove(transceiver)
      stream.addEventListener('removetrack', removed, { signal })
    }
    watchArrival(receiver, signal, incoming => {
      for (const { id } of streams) this.#changed(id, incoming)
    })
  }

  #remove(transceiver: RTCRtpTransceiver): void {
    const received = this.#byTransceiver.get(transceiver)
    if (!received) return
    this.#byTransceiver.delete(transceiver)
    received.stopListening.abort()
    this.#owned(received.receiver, false)
    for (const { id } of received.streams) this.#changed(id, undefined)
  }
}
