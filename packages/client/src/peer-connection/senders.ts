import type { TrackSource } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import type { FrameTransforms } from '../room/frame-transforms.ts'
import type { OutgoingTrack } from '../room/media-plane.ts'
import type { Unsubscribe } from '../types.ts'
import { planEncoding } from './budget.ts'

interface Slot {
  readonly sender: RTCRtpSender
  /** Undefined while nothing is published from this source; its transceiver is kept for the next time. */
  outgoingTrack: OutgoingTrack | undefined
}

/** How long a connection begins with small pictures, ms; its bandwidth is known well before that. */
const startMs = 1_000

export interface SendersOptions {
  readonly connection: RTCPeerConnection
  readonly clock: Clock
  readonly transforms?: FrameTransforms | undefined
  /** Larger pictures may be sent from now on: call {@link Senders.limit} again. */
  readonly started: () => void
}

/** What a peer connection sends: one transceiver per source, which is kept for good. */
export class Senders {
  readonly #connection: RTCPeerConnection
  readonly #transforms: FrameTransforms | undefined
  readonly #slots = new Map<TrackSource, Slot>()
  #starting = true
  #stopStart: Unsubscribe = () => {}

  constructor({ connection, clock, transforms, started }: SendersOptions) {
    this.#connection = connection
    this.#transforms = transforms
    const connected = () => {
      if (connection.connectionState !== 'connected') return
      connection.removeEventListener('connectionstatechange', connected)
      this.#stopStart = clock.after(startMs, () => {
        this.#starting = false
        started()
      })
    }
    connection.addEventListener('connectionstatechange', connected)
  }

  /** Sends exactly these tracks. Renegotiates only when a source starts or stops. Settles when the tracks are in place. */
  async sync(outgoingTracks: readonly OutgoingTrack[]): Promise<void> {
    const replaced: Promise<void>[] = []
    for (const outgoingTrack of outgoingTracks) {
      const slot = this.#slots.get(outgoingTrack.source)
      if (slot) replaced.push(this.#change(slot, outgoingTrack))
      else replaced.push(this.#add(outgoingTrack))
    }
    const sources = new Set(outgoingTracks.map(({ source }) => source))
    for (const [source, slot] of this.#slots) {
      if (sources.has(source) || !slot.outgoingTrack) continue
      slot.outgoingTrack = undefined
      this.#connection.removeTrack(slot.sender)
    }
    await Promise.all(replaced)
  }

  /** @param peers How many peers are sent each track. */
  async limit(peers: number): Promise<void> {
    for (const { sender, outgoingTrack } of this.#slots.values()) {
      if (!outgoingTrack) continue
      const { source, carrier, options } = outgoingTrack
      const plan = planEncoding(source, peers, carrier.getSettings().height, options.maxBitrateBps, this.#starting)
      const parameters = sender.getParameters()
      const encoding = parameters.encodings[0]
      if (!encoding) continue
      const { maxBitrateBps: maxBitrate, scaleResolutionDownBy } = plan
      const keep =
        encoding.maxBitrate === maxBitrate && (encoding.scaleResolutionDownBy ?? 1) === (scaleResolutionDownBy ?? 1)
      if (keep) continue
      if (maxBitrate === undefined) delete encoding.maxBitrate
      else encoding.maxBitrate = maxBitrate
      if (scaleResolutionDownBy !== undefined) encoding.scaleResolutionDownBy = scaleResolutionDownBy
      await sender.setParameters(parameters)
    }
  }

  /** What is being sent, by the `mid` of its media section. */
  bySection(): ReadonlyMap<string, OutgoingTrack> {
    const sections = new Map<string, OutgoingTrack>()
    for (const { mid, sender } of this.#connection.getTransceivers()) {
      const slot = [...this.#slots.values()].find(slot => slot.sender === sender)
      if (mid !== null && slot?.outgoingTrack) sections.set(mid, slot.outgoingTrack)
    }
    return sections
  }

  sender(source: TrackSource): RTCRtpSender | undefined {
    return this.#slots.get(source)?.sender
  }

  close(): void {
    this.#stopStart()
  }

  async #add(outgoingTrack: OutgoingTrack): Promise<void> {
    // Not addTransceiver: with addTrack, an offer of the peer reuses this track's transceiver for both directions.
    const sender = this.#connection.addTrack(outgoingTrack.carrier, ...outgoingTrack.streams)
    this.#transforms?.sender(this.#connection, sender)
    this.#slots.set(outgoingTrack.source, { sender, outgoingTrack })
    if (!outgoingTrack.track) await sender.replaceTrack(null)
  }

  async #change(slot: Slot, outgoingTrack: OutgoingTrack): Promise<void> {
    const before = slot.outgoingTrack
    slot.outgoingTrack = outgoingTrack
    if (!before) this.#resume(slot.sender)
    if (before?.track !== outgoingTrack.track) await slot.sender.replaceTrack(outgoingTrack.track ?? null)
  }

  #resume(sender: RTCRtpSender): void {
    const transceiver = this.#connection.getTransceivers().find(candidate => candidate.sender === sender)
    if (transceiver) transceiver.direction = transceiver.direction === 'inactive' ? 'sendonly' : 'sendrecv'
  }
}
