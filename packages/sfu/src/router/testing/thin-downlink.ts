import { setUint16At, setUint32At } from '@parley/bytes'
import { headerExtensions, isRtcp, RtpPacket, readCompound } from '@parley/rtp'
import { Bottleneck, Capacity } from '@parley/testkit'
import { type FromMedia, type PublishedMedia, type SubscribedMedia, type Want, wantAll } from '../../control.ts'
import { ArrivalReporter } from '../../testing/arrival-reporter.ts'
import { Router } from '../router.ts'
import { camera, microphone } from './media.ts'
import { vp8Delta, vp8KeyOf } from './packets.ts'
import { TestTransport } from './test-transport.ts'

const frameMs = 100 / 3
const feedbackMs = 75
const packetBytes = 1100
const transportId = 5
/** Of the three encodings of a camera. */
const encodings = [
  { width: 320, height: 180, bps: 150_000 },
  { width: 640, height: 360, bps: 500_000 },
  { width: 1280, height: 720, bps: 1_600_000 },
] as const

const simulcast: PublishedMedia = {
  ...camera,
  encodings: [1, 3, 5].map(ssrc => ({ rid: undefined, ssrc, rtxSsrc: ssrc + 1 })),
}

function watchingOver(first: number, mid: string, rtx: boolean): SubscribedMedia {
  return {
    mid,
    ssrc: first,
    rtxSsrc: rtx ? first + 1 : undefined,
    cname: 'ada',
    payloadTypes: [{ from: 96, to: 96, rtx: rtx ? 97 : undefined }],
    extensions: { [headerExtensions.transportSequenceNumber]: transportId },
    feedback: ['nack', 'nack pli', 'transport-cc'],
  }
}

const hearing: SubscribedMedia = {
  mid: 'a',
  ssrc: 9001,
  rtxSsrc: undefined,
  cname: 'ada',
  payloadTypes: [{ from: 111, to: 111, rtx: undefined }],
  extensions: { [headerExtensions.transportSequenceNumber]: transportId },
  feedback: ['transport-cc'],
}

/** A link that gets thin at 15 s, and is as wide as before from 35 s on. */
export const thinForAWhile = (): Capacity =>
  new Capacity([
    { at: 0, bps: 2_500_000 },
    { at: 15_000, bps: 300_000 },
    { at: 35_000, bps: 2_500_000 },
  ])

interface Receiver {
  readonly transport: TestTransport
  readonly link: Bottleneck<Uint8Array>
  readonly arrivals: ArrivalReporter
}

interface Sent {
  readonly ssrc: number
  readonly payloadType: number
  readonly marker: boolean
  /** What the payload begins with, and how long it is. */
  readonly head: readonly number[]
  readonly length: number
}

/** What a receiver saw of one camera: the height of its pictures, from when on. */
export interface Seen {
  readonly at: number
  readonly ssrc: number
  readonly height: number
}

/**
 * Somebody sends cameras in three sizes and a microphone, others receive them over links with a capacity, and tell when packets
 * arrive; in virtual time.
 */
export class ThinDownlink {
  now = 0
  readonly router = new Router({ report: message => this.reports.push(message), random: () => 0.5 })
  readonly reports: FromMedia[] = []
  readonly seen: Seen[] = []
  /** How long packets waited in the link's queue, ms; and when sound arrived. */
  readonly waits: { at: number; ms: number }[] = []
  readonly heardAt: number[] = []
  /** What left for the first receiver. */
  readonly left: { at: number; bytes: number }[] = []
  /** How often the router had something to do by itself. */
  wakings = 0
  /** Packets that did not follow on the one before, retransmissions aside. */
  gaps = 0
  readonly #last = new Map<number, number>()
  readonly #cameras: number
  readonly #publishers: TestTransport[] = []
  readonly #receivers: Receiver[] = []
  readonly #packet = new RtpPacket()
  /** By camera and encoding. */
  readonly #keyFrameWanted = new Set<number>()
  readonly #sequenceNumbers = new Map<number, number>()
  #frameAt = 0
  #audioAt = 0
  #feedbackAt = feedbackMs
  #subscriptions = 0

  /** @param pictures Whether the cameras send any. */
  constructor(cameras: number, pictures = true) {
    this.#cameras = cameras
    if (!pictures) this.#frameAt = Number.POSITIVE_INFINITY
    for (let camera = 0; camera < cameras; camera++) {
      const transport = new TestTransport(camera)
      transport.onRtcp = bytes => {
        readCompound(bytes, 0, bytes.length, {
          pictureLossIndication: ({ mediaSsrc }) => this.#keyFrameWanted.add(camera * 10 + mediaSsrc),
        })
      }
      this.#publishers.push(transport)
      this.router.transportConnected(transport, 0)
      this.router.publish({ is: 'publish', publication: camera, transport: camera, media: simulcast })
    }
    this.router.publish({ is: 'publish', publication: 99, transport: 0, media: microphone })
  }

  /** @param wants One for each camera; the others are wanted as they are. @param rtx Whether the receiver takes retransmissions. */
  join(capacity: Capacity, queueMs = 500, wants: readonly Want[] = [], rtx = true): void {
    const transport = new TestTransport(100 + this.#receivers.length)
    const link = new Bottleneck<Uint8Array>({ capacity, queueMs, propagationMs: 20 })
    const receiver: Receiver = { transport, link, arrivals: new ArrivalReporter(transportId) }
    this.#receivers.push(receiver)
    transport.onRtp = (bytes, now) => {
      if (receiver === this.#receivers[0]) this.left.push({ at: now, bytes: bytes.length })
      link.send(bytes, bytes.length + 46, now)
    }
    this.router.transportConnected(transport, this.now)
    const subscribe = (publication: number, media: SubscribedMedia, want: Want) => {
      const subscription = ++this.#subscriptions
      this.router.subscribe(
        { is: 'subscribe', subscription, transport: transport.id, publication, media, want },
        this.now,
      )
    }
    for (let camera = 0; camera < this.#cameras; camera++) {
      subscribe(camera, watchingOver(1000 + 10 * camera, String(camera), rtx), wants[camera] ?? wantAll)
    }
    subscribe(99, hearing, wantAll)
  }

  run(untilMs: number): void {
    while (this.now < untilMs) {
      const links = this.#receivers.map(({ link }) => link.nextTimeout())
      const next = Math.min(this.router.nextTimeout(), this.#frameAt, this.#audioAt, this.#feedbackAt, ...links)
      this.now = Math.max(this.now, Math.min(next, untilMs))
      if (this.router.nextTimeout() <= this.now) {
        this.wakings++
        this.router.handleTimeout(this.now)
      }
      if (this.#frameAt <= this.now) this.#sendFrames()
      if (this.#audioAt <= this.now) this.#sendAudio()
      for (const receiver of this.#receivers) this.#receive(receiver)
      if (this.#feedbackAt <= this.now) this.#report()
    }
  }

  /** The height of the pictures that arrive of a camera at a time; 0: none do. */
  heightAt(at: number, camera = 0): number {
    return this.seen.findLast(seen => seen.at <= at && seen.ssrc === 1000 + 10 * camera)?.height ?? 0
  }

  #sendFrames(): void {
    this.#frameAt += frameMs
    for (let camera = 0; camera < this.#cameras; camera++) {
      for (const [i, { width, height, bps }] of encodings.entries()) {
        const ssrc = 1 + 2 * i
        const key = this.#keyFrameWanted.delete(camera * 10 + ssrc)
        const bytes = ((bps * frameMs) / 8000) * (key ? 4 : 0.97)
        const count = Math.max(1, Math.ceil(bytes / packetBytes))
        for (let index = 0; index < count; index++) {
          const head = index > 0 ? [0x00, 0x01, 0] : key ? vp8KeyOf(width, height) : vp8Delta
          const length = Math.round(bytes / count)
          this.#send(camera, { ssrc, payloadType: 96, marker: index === count - 1, head, length }, 90)
        }
      }
    }
  }

  #sendAudio(): void {
    this.#audioAt += 20
    this.#send(0, { ssrc: 11, payloadType: 111, marker: false, head: [], length: 80 }, 48)
  }

  #send(camera: number, { ssrc, payloadType, marker, head, length }: Sent, ticksPerMs: number): void {
    const id = camera * 100 + ssrc
    const sequenceNumber = ((this.#sequenceNumbers.get(id) ?? 0) + 1) & 0xffff
    this.#sequenceNumbers.set(id, sequenceNumber)
    const bytes = new Uint8Array(12 + length)
    bytes[0] = 0x80
    bytes[1] = (marker ? 0x80 : 0) | payloadType
    setUint16At(bytes, 2, sequenceNumber)
    setUint32At(bytes, 4, Math.round(this.now * ticksPerMs))
    setUint32At(bytes, 8, ssrc)
    bytes.set(head, 12)
    this.#packet.parse(bytes, 0, bytes.length)
    this.router.receiveRtp(this.#publishers[camera] as TestTransport, this.#packet, this.now)
  }

  #receive(receiver: Receiver): void {
    const { link } = receiver
    for (let bytes = link.receive(this.now); bytes; bytes = link.receive(this.now)) {
      if (isRtcp(bytes, 0)) continue
      const packet = receiver.arrivals.arrived(bytes, 0, bytes.length, this.now)
      if (receiver !== this.#receivers[0]) continue
      this.waits.push({ at: this.now, ms: link.waitedMs })
      if (packet.payloadType !== 97) this.#count(packet)
      if (packet.payloadType === 111) this.heardAt.push(this.now)
      if (packet.payloadType === 96) this.#look(packet)
    }
  }

  #count({ ssrc, sequenceNumber }: RtpPacket): void {
    const last = this.#last.get(ssrc)
    if (last !== undefined && sequenceNumber !== ((last + 1) & 0xffff)) this.gaps++
    this.#last.set(ssrc, sequenceNumber)
  }

  /** A key frame says its size. */
  #look({ bytes, payloadStart: at, ssrc }: RtpPacket): void {
    const isKey = bytes[at] === 0x10 && bytes[at + 4] === 0x9d
    if (isKey)
      this.seen.push({ at: this.now, ssrc, height: (bytes[at + 9] as number) | ((bytes[at + 10] as number) << 8) })
  }

  #report(): void {
    this.#feedbackAt += feedbackMs
    for (const { arrivals, transport } of this.#receivers) {
      arrivals.report((bytes, start, end) => this.router.receiveRtcp(transport, bytes, start, end, this.now))
    }
  }
}
