import type { DemandedTrack, TrackSource } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import type { FrameTransforms } from '../room/frame-transforms.ts'
import type { OutgoingTrack } from '../room/media-plane.ts'
import type { Unsubscribe } from '../types.ts'
import { type EncodingPlan, planEncoding } from './budget.ts'
import { addLayered, pictureOf } from './layered-transceiver.ts'
import { planLayers, sendEncodings } from './layers.ts'

interface Slot {
  readonly sender: RTCRtpSender
  /** Undefined while nothing is published from this source; its transceiver is kept for the next time. */
  outgoingTrack: OutgoingTrack | undefined
  /** As it was set last. */
  degradationPreference: RTCDegradationPreference | undefined
}

/** How long a connection begins with small pictures, ms; its bandwidth is known well before that. */
const startMs = 1_000

export interface SendersOptions {
  readonly connection: RTCPeerConnection
  readonly clock: Clock
  readonly transforms?: FrameTransforms | undefined
  /** Pictures go to somebody who forwards what each receiver can use of them: in layers, as far as their options allow. */
  readonly layered?: boolean
  /** Larger pictures may be sent from now on: call {@link Senders.limit} again. */
  readonly started: () => void
}

/** What a peer connection sends: one transceiver per source, which is kept for good. */
export class Senders {
  readonly #connection: RTCPeerConnection
  readonly #transforms: FrameTransforms | undefined
  readonly #layered: boolean
  readonly #slots = new Map<TrackSource, Slot>()
  /** Whether an encoding of a track is wanted, by track and rid; the only one has an empty rid. Absent: it is. */
  #demand: ReadonlyMap<string, ReadonlyMap<string, boolean>> = new Map()
  #starting = true
  #stopStart: Unsubscribe = () => {}

  constructor({ connection, clock, transforms, layered = false, started }: SendersOptions) {
    this.#connection = connection
    this.#transforms = transforms
    this.#layered = layered
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
      this.#forgetDemand(slot.outgoingTrack.id)
      slot.outgoingTrack = undefined
      this.#connection.removeTrack(slot.sender)
    }
    await Promise.all(replaced)
  }

  /** Takes which encodings are wanted of the tracks; about those that are not listed, nothing is known. Call {@link limit} next. */
  demand(tracks: readonly DemandedTrack[]): void {
    this.#demand = new Map(
      tracks.map(({ track, encodings }) => [track, new Map(encodings.map(({ rid = '', active }) => [rid, active]))]),
    )
  }

  /** @param peers How many peers are sent each track. */
  async limit(peers: number): Promise<void> {
    for (const slot of this.#slots.values()) {
      if (!slot.outgoingTrack) continue
      const parameters = slot.sender.getParameters()
      const changed = applyPlans(parameters.encodings, this.#plans(slot.outgoingTrack, peers))
      const preference = degradationPreference(slot.outgoingTrack)
      if (!changed && slot.degradationPreference === preference) continue
      // Not compared with the parameters: Firefox does not know it.
      if (preference !== undefined) Object.assign(parameters, { degradationPreference: preference })
      slot.degradationPreference = preference
      await slot.sender.setParameters(parameters)
    }
  }

  #plans(outgoingTrack: OutgoingTrack, peers: number): readonly EncodingPlan[] {
    const { id, source, carrier, options } = outgoingTrack
    const size = carrier.getSettings()
    const picture = this.#layered ? pictureOf(outgoingTrack) : undefined
    // Of layers, the small ones come first by themselves.
    const starting = this.#starting && (!picture || sendEncodings(picture).length === 1)
    const plan = planEncoding(source, peers, size.height, options.maxBitrateBps, starting)
    if (!picture) return [plan]
    const demand = this.#demand.get(id)
    return planLayers(picture, size, plan, (rid = '') => demand?.get(rid) ?? true)
  }

  #forgetDemand(track: string): void {
    this.#demand = new Map([...this.#demand].filter(([id]) => id !== track))
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
    const { source, carrier, streams, track } = outgoingTrack
    // In a mesh not addTransceiver: with addTrack, an offer of the peer reuses this track's transceiver for both directions.
    const sender = this.#layered
      ? addLayered(this.#connection, outgoingTrack).sender
      : this.#connection.addTrack(carrier, ...streams)
    this.#transforms?.sender(this.#connection, sender)
    this.#slots.set(source, { sender, outgoingTrack, degradationPreference: undefined })
    if (!track) await sender.replaceTrack(null)
  }

  async #change(slot: Slot, outgoingTrack: OutgoingTrack): Promise<void> {
    const before = slot.outgoingTrack
    slot.outgoingTrack = outgoingTrack
    // The server knows no layers that a smaller picture did not have, so it cannot have asked for them.
    if (before && longSide(outgoingTrack) > longSide(before)) this.#forgetDemand(outgoingTrack.id)
    if (!before) this.#resume(slot.sender)
    if (before?.track !== outgoingTrack.track) await slot.sender.replaceTrack(outgoingTrack.track ?? null)
  }

  #resume(sender: RTCRtpSender): void {
    const transceiver = this.#connection.getTransceivers().find(candidate => candidate.sender === sender)
    if (!transceiver) return
    transceiver.direction = this.#layered || transceiver.direction === 'inactive' ? 'sendonly' : 'sendrecv'
  }
}

function longSide({ carrier }: OutgoingTrack): number {
  const { width = 0, height = 0 } = carrier.getSettings()
  return Math.max(width, height)
}

/** @returns Whether anything has changed. */
function applyPlans(encodings: readonly RTCRtpEncodingParameters[], plans: readonly EncodingPlan[]): boolean {
  const changes = encodings.map((encoding, index) => {
    const plan = plans[index]
    if (!plan) return false
    const before = JSON.stringify(encoding)
    encoding.active = plan.active
    set(encoding, 'maxBitrate', plan.maxBitrateBps)
    set(encoding, 'maxFramerate', plan.maxFramerate)
    if (plan.scaleResolutionDownBy !== undefined) encoding.scaleResolutionDownBy = plan.scaleResolutionDownBy
    return JSON.stringify(encoding) !== before
  })
  return changes.includes(true)
}

function set<K extends keyof RTCRtpEncodingParameters>(
  encoding: RTCRtpEncodingParameters,
  name: K,
  value: RTCRtpEncodingParameters[K] | undefined,
): void {
  if (value === undefined) delete encoding[name]
  else encoding[name] = value
}

/** A screen has to be read, unless it shows a film. */
function degradationPreference({ source, carrier, options }: OutgoingTrack): RTCDegradationPreference | undefined {
  const readable = source === 'screen' && carrier.contentHint !== 'motion'
  return options.degradationPreference ?? (readable ? 'maintain-resolution' : undefined)
}
