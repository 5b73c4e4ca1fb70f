import { sequenceDistance, uint16At } from '@parley/bytes'
import { type ArrivalTime, feedbackOf, headerExtensions, RedBlocks, type RtpPacket } from '@parley/rtp'
import type { Feedback, PublishedMedia, SubscribedMedia } from '../../control.ts'
import { RedMaker } from '../red/red-maker.ts'
import { listening, microphone } from './media.ts'
import { rtp } from './packets.ts'
import { adaAndBob } from './router-harness.ts'
import { parsed } from './test-transport.ts'

export const opus = 111
export const red = 63
/** As {@link listening} calls Opus, and its RED. */
export const heard = { opus: 109, red: 110 } as const
const frameMs = 20
const ticks = 960
const transportId = 5
const firstSequenceNumber = 65_000

/** A microphone that may come as RED, and is asked for what is missing if it says so. */
export function microphoneWithRed(...feedback: Feedback[]): PublishedMedia {
  const codecs = microphone.codecs.map(codec =>
    codec.name === 'opus' ? { ...codec, feedback, red: { payloadType: red, preferred: true } } : codec,
  )
  return { ...microphone, codecs }
}

/** Somebody who takes RED, and tells what arrives. */
export const listeningToRed: SubscribedMedia = {
  ...listening,
  payloadTypes: [{ from: opus, to: heard.opus, rtx: undefined, red: heard.red }],
  extensions: { ...listening.extensions, [headerExtensions.transportSequenceNumber]: transportId },
  feedback: ['transport-cc'],
}

export interface LossySoundOptions {
  readonly media: SubscribedMedia
  /** Share of packets that is lost on the way to the router, and from it. */
  readonly uplinkLoss?: number
  readonly downlinkLoss?: number
  /** How many packets the publisher repeats; 0: it sends plain Opus. */
  readonly published?: number
  /** By what the receiver tells of its losses. */
  readonly tells: 'feedback' | 'reports'
}

/** One voice through a router over links that lose packets at random, in virtual time, into a jitter buffer. */
export class LossySound {
  readonly #bobs = new RedBlocks()
  readonly #maker = new RedMaker()
  readonly #made = new Uint8Array(1500)
  readonly #options: LossySoundOptions
  readonly #stage = adaAndBob()
  /** When each frame was there first, by its number; ms. */
  readonly #heardAt = new Map<number, number>()
  /** What arrived, by the payload type that Bob knows. */
  readonly arrived: { readonly at: number; readonly payloadType: number; readonly bytes: number }[] = []
  #arrivals: ArrivalTime[] = []
  #feedbackBase = -1
  #received = 0
  #receivedBefore = 0
  #highest = -1
  #highestBefore = -1
  #frame = 0
  #state = 7
  #firstTimestamp = -1

  constructor(options: LossySoundOptions) {
    this.#options = options
    const { call, ada, bob } = this.#stage
    call.publish(1, ada, microphoneWithRed())
    call.subscribe(2, bob, 1, options.media)
    bob.onRtp = bytes => {
      if (this.#random() >= (options.downlinkLoss ?? 0)) this.#receive(parsed(bytes))
    }
  }

  get counters() {
    return this.#stage.call.router.counters()
  }

  /** Share of the frames sent between these times that were not there in time; a frame is played so long after it was sent. */
  concealed(fromMs: number, toMs: number, bufferMs = 200): number {
    let missing = 0
    const [first, last] = [fromMs / frameMs, toMs / frameMs]
    for (let frame = first; frame < last; frame++) {
      const at = this.#heardAt.get(frame) ?? Number.POSITIVE_INFINITY
      if (at > frame * frameMs + bufferMs) missing++
    }
    return missing / (last - first)
  }

  /** The share of what arrived between these times that was RED. */
  shareOfRed(fromMs: number, toMs: number): number {
    const then = this.arrived.filter(({ at }) => at >= fromMs && at < toMs)
    return then.filter(({ payloadType }) => payloadType === heard.red).length / then.length
  }

  run(ms: number): void {
    const { call } = this.#stage
    for (const end = call.now + ms; call.now < end; call.advance(frameMs)) {
      this.#send()
      if (this.#frame % 4 === 0 && this.#options.tells === 'feedback') this.#feedBack()
      if (this.#frame % 50 === 0 && this.#options.tells === 'reports') this.#report()
    }
  }

  #send(): void {
    const { call, ada } = this.#stage
    const { uplinkLoss = 0, published = 0 } = this.#options
    const frame = this.#frame++
    const fields = {
      ssrc: 11,
      sequenceNumber: (firstSequenceNumber + frame) & 0xffff,
      timestamp: (0xffff_0000 + frame * ticks) >>> 0,
      payloadType: opus,
      payload: [frame & 0xff, frame >> 8, ...Array<number>(78).fill(0)],
    }
    const packet = parsed(rtp(fields))
    const end = this.#maker.write(packet, frame, opus, published, this.#made)
    this.#maker.remember(packet, frame)
    if (this.#random() < uplinkLoss) return
    call.receive(ada, end > 0 ? { ...fields, payloadType: red, payload: [...this.#made.subarray(0, end)] } : fields)
  }

  #receive(packet: RtpPacket): void {
    const { now } = this.#stage.call
    const { bytes, payloadStart, payloadEnd, payloadType, sequenceNumber, timestamp } = packet
    const at = packet.findExtension(transportId)
    if (at >= 0) this.#arrivals.push({ sequenceNumber: uint16At(bytes, at), arrivalUs: now * 1000 })
    this.arrived.push({ at: now, payloadType, bytes: bytes.length })
    this.#received++
    this.#highest =
      this.#highest < 0 ? sequenceNumber : this.#highest + sequenceDistance(this.#highest & 0xffff, sequenceNumber)
    if (payloadType !== heard.red) {
      this.#play(uint16At(bytes, payloadStart), timestamp)
      return
    }
    const blocks = this.#bobs
    if (!blocks.parse(bytes, payloadStart, payloadEnd)) throw new Error('broken RED')
    for (let i = 0; i < blocks.count; i++) {
      if (blocks.payloadTypes[i] !== heard.opus) throw new Error('RED of something else')
      this.#play(
        uint16At(bytes, blocks.offsets[i] as number),
        (timestamp - (blocks.timestampOffsets[i] as number)) >>> 0,
      )
    }
  }

  /** What a packet says of its time has to fit what is in it. */
  #play(swapped: number, timestamp: number): void {
    const frame = ((swapped & 0xff) << 8) | (swapped >> 8)
    const first = (timestamp - frame * ticks) >>> 0
    if (this.#firstTimestamp < 0) this.#firstTimestamp = first
    if (first !== this.#firstTimestamp) throw new Error(`frame ${frame} at another time`)
    if (!this.#heardAt.has(frame)) this.#heardAt.set(frame, this.#stage.call.now)
  }

  #feedBack(): void {
    const arrivals = this.#arrivals
    const last = arrivals.at(-1)
    if (!last) return
    const base = this.#feedbackBase < 0 ? (arrivals[0]?.sequenceNumber ?? 0) : this.#feedbackBase
    const { taken: _, ...report } = feedbackOf(base, arrivals)
    this.#feedbackBase = (last.sequenceNumber + 1) & 0xffff
    this.#arrivals = []
    const { call, bob } = this.#stage
    call.receiveRtcp(bob, 'transportFeedback', { senderSsrc: 1, mediaSsrc: 1, feedbackPacketCount: 0, ...report })
  }

  #report(): void {
    const expected = this.#highest - this.#highestBefore
    const received = this.#received - this.#receivedBefore
    this.#highestBefore = this.#highest
    this.#receivedBefore = this.#received
    const { call, bob } = this.#stage
    const fractionLost = Math.max(0, Math.floor((256 * (expected - received)) / expected))
    const block = { fractionLost, cumulativeLost: 0, jitter: 0, lastSr: 0, delaySinceLastSr: 0 }
    const reports = [{ ssrc: this.#options.media.ssrc, highestSequenceNumber: this.#highest, ...block }]
    call.receiveRtcp(bob, 'receiverReport', { ssrc: 1, reports })
  }

  #random(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0
    return this.#state / 0x1_0000_0000
  }
}
