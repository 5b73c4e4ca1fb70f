import { headerExtensions, isRtcp, RtpPacket, readCompound, timestampDistance, unixMsFromNtp } from '@parley/rtp'
import { LossyLink, type LossyLinkOptions } from '@parley/testkit'
import { type FromMedia, type SubscribedMedia, wantAll } from '../../control.ts'
import { PipedRouter } from '../../pipe/testing/piped-router.ts'
import { Router } from '../router.ts'
import { ModelSubscriber } from './model-subscriber.ts'
import { decodePayload, type SyntheticPacket, syntheticCodecs } from './synthetic-media.ts'
import { SyntheticPublisher } from './synthetic-publisher.ts'
import { TestTransport } from './test-transport.ts'

export type Kind = 'audio' | 'video'
const kinds: readonly Kind[] = ['video', 'audio']

export interface CallSimulationOptions {
  readonly random: () => number
  readonly link: Omit<LossyLinkOptions, 'random'>
  readonly signalSsrcs?: boolean
  /** Subscribers are at another router than the publisher. */
  readonly piped?: boolean
}

interface Party {
  readonly transport: TestTransport
  /** From the party to the router, and back. */
  readonly up: LossyLink<Uint8Array>
  readonly down: LossyLink<Uint8Array>
}

interface Subscriber extends Party {
  readonly tracks: Readonly<Record<Kind, ModelSubscriber>>
}

interface Arrived {
  readonly synthetic: SyntheticPacket
  readonly at: number
}

/** What left the router under one SSRC. */
interface Sent {
  readonly number: number
  readonly timestamp: number
  readonly clockRate: number
  readonly synthetic: SyntheticPacket | undefined
  readonly at: number
}

/** What to add to a subscription's number for its track. */
const subscriptionsOf = { video: 0, audio: 1 } as const
const publications = { video: 1, audio: 2 } as const
/** 500 ms, but for rounding. */
const leastBetweenKeyFrameRequestsMs = 499.9
const wallClockAt0 = 1_700_000_000_000.25

/**
 * A publisher with a camera and a microphone, a router and its subscribers, over bad networks in virtual time. Checks on
 * the way what must always be true of what the router sends; throws if it is not.
 */
export class CallSimulation {
  now = 0
  readonly reports: Extract<FromMedia, { is: 'publication' }>[] = []
  readonly router: Router | PipedRouter
  readonly publishers: Readonly<Record<Kind, SyntheticPublisher>>
  readonly subscribers: Subscriber[] = []
  readonly #options: CallSimulationOptions
  readonly #publisher: Party
  readonly #packet = new RtpPacket()
  readonly #sent = new Map<number, Sent[]>()
  readonly #used = new Set<number>()
  /** When what has this `line` and `place` reached the router, by kind. */
  readonly #arrived = { video: new Map<string, number>(), audio: new Map<string, number>() }
  /** All that reached the router, in order. */
  readonly #log = { video: [] as Arrived[], audio: [] as Arrived[] }
  /** When subscriptions were paused or resumed, by SSRC. */
  readonly #paused = new Map<number, number[]>()
  readonly #kinds = new Map<number, Kind>()
  /** When the last left, by SSRC. */
  readonly #keyFrameRequests = new Map<number, number>()
  #subscriptions = 0
  /** Sender reports that were checked for lip-sync. */
  syncChecks = 0

  constructor(options: CallSimulationOptions) {
    this.#options = options
    this.router = new (options.piped ? PipedRouter : Router)({
      report: (message: FromMedia) => {
        if (message.is === 'publication') this.reports.push(message)
      },
      random: options.random,
    })
    this.#publisher = this.#party(1)
    this.publishers = { video: this.#newPublisher('video'), audio: this.#newPublisher('audio') }
    this.router.transportConnected(this.#publisher.transport, 0)
    for (const kind of kinds) {
      const { media } = this.publishers[kind]
      this.router.publish({ is: 'publish', publication: publications[kind], transport: 1, media })
    }
  }

  join(paused = false): Subscriber {
    const party = this.#party(2 + this.subscribers.length)
    this.router.transportConnected(party.transport, this.now)
    const first = this.#subscriptions
    this.#subscriptions += 2
    const track = (kind: Kind) =>
      new ModelSubscriber(kind, subscribedMedia(kind, first + subscriptionsOf[kind]), (bytes, now) =>
        party.up.send(bytes, now),
      )
    const subscriber = { ...party, tracks: { video: track('video'), audio: track('audio') } }
    this.subscribers.push(subscriber)
    for (const kind of kinds) {
      const { media } = subscriber.tracks[kind]
      this.#kinds.set(media.ssrc, kind)
      const subscription = first + subscriptionsOf[kind]
      const publication = publications[kind]
      const transport = party.transport.id
      const want = { ...wantAll, paused }
      this.router.subscribe({ is: 'subscribe', subscription, transport, publication, media, want }, this.now)
    }
    return subscriber
  }

  pause(subscriber: Subscriber, kind: Kind, paused: boolean): void {
    const { ssrc } = subscriber.tracks[kind].media
    this.#paused.set(ssrc, [...(this.#paused.get(ssrc) ?? []), this.now])
    const subscription = 2 * this.subscribers.indexOf(subscriber) + subscriptionsOf[kind]
    this.router.want({ is: 'want', subscription, want: { ...wantAll, paused } }, this.now)
  }

  run(untilMs: number): void {
    for (;;) {
      const parties = [this.#publisher, ...this.subscribers]
      let next = this.router.nextTimeout()
      for (const { up, down } of parties) next = Math.min(next, up.nextTimeout(), down.nextTimeout())
      for (const kind of kinds) next = Math.min(next, this.publishers[kind].nextTimeout())
      for (const { tracks } of this.subscribers) {
        next = Math.min(next, tracks.video.nextTimeout(), tracks.audio.nextTimeout())
      }
      if (next > untilMs) break
      this.now = Math.max(this.now, next)
      this.#step()
    }
    this.now = untilMs
  }

  /** Everybody leaves; what the router keeps must be gone. Checks that there were no gaps but of what never arrived. */
  end(): void {
    for (const [ssrc, sent] of this.#sent) {
      const kind = this.#kinds.get(ssrc)
      if (kind) this.#checkGaps(kind, sent, this.#paused.get(ssrc) ?? [])
    }
    for (const { transport } of this.subscribers) this.router.transportClosed(transport, this.now)
    this.router.transportClosed(this.#publisher.transport, this.now)
    const { publications: left, subscriptions, historyBytes } = this.router.counters()
    if (left || subscriptions || historyBytes) throw new Error('something is left')
    if (this.router.nextTimeout() !== Number.POSITIVE_INFINITY) throw new Error('a timer is left')
  }

  #step(): void {
    const { now, router } = this
    if (router.nextTimeout() <= now) router.handleTimeout(now)
    for (const kind of kinds) {
      const publisher = this.publishers[kind]
      if (publisher.nextTimeout() <= now) publisher.handleTimeout(now)
    }
    const { transport, up, down } = this.#publisher
    for (let bytes = up.receive(now); bytes; bytes = up.receive(now)) {
      if (!isRtcp(bytes, 0)) this.#noteArrival(bytes)
      this.#toRouter(transport, bytes)
    }
    for (let bytes = down.receive(now); bytes; bytes = down.receive(now)) {
      for (const kind of kinds) this.publishers[kind].receiveRtcp(bytes, now)
    }
    for (const subscriber of this.subscribers) this.#stepSubscriber(subscriber)
  }

  #stepSubscriber({ transport, up, down, tracks }: Subscriber): void {
    const { now } = this
    for (const kind of kinds) tracks[kind].handleTimeout(now)
    for (let bytes = up.receive(now); bytes; bytes = up.receive(now)) this.#toRouter(transport, bytes)
    for (let bytes = down.receive(now); bytes; bytes = down.receive(now)) {
      if (isRtcp(bytes, 0)) {
        for (const kind of kinds) tracks[kind].receiveRtcp(bytes, now)
      } else {
        const ssrc = ssrcOf(bytes)
        const { video, audio } = tracks
        const track = ssrc === audio.media.ssrc ? audio : video
        track.receiveRtp(bytes, now)
      }
    }
  }

  #toRouter(transport: TestTransport, bytes: Uint8Array): void {
    if (isRtcp(bytes, 0)) this.router.receiveRtcp(transport, bytes, 0, bytes.length, this.now)
    else if (this.#packet.parse(bytes, 0, bytes.length)) this.router.receiveRtp(transport, this.#packet, this.now)
  }

  #noteArrival(bytes: Uint8Array): void {
    const packet = this.#packet
    packet.parse(bytes, 0, bytes.length)
    const rows = Object.values(syntheticCodecs)
    const repairs = rows.some(({ rtxPayloadType }) => rtxPayloadType === packet.payloadType) ? 2 : 0
    const sound = [syntheticCodecs.opus, syntheticCodecs.pcmu].some(row => row.payloadType === packet.payloadType)
    const kind = sound ? 'audio' : 'video'
    const synthetic = decodePayload(bytes, packet.payloadStart + repairs, packet.payloadEnd)
    if (!synthetic) return
    const name = `${synthetic.line}/${synthetic.place}`
    if (!this.#arrived[kind].has(name)) this.#arrived[kind].set(name, this.now)
    this.#log[kind].push({ synthetic, at: this.now })
  }

  #newPublisher(kind: Kind): SyntheticPublisher {
    const { random, signalSsrcs = true } = this.#options
    return new SyntheticPublisher({
      kind,
      mid: String(subscriptionsOf[kind]),
      random,
      wallClockAt0,
      signalSsrcs,
      send: (bytes, now) => this.#publisher.up.send(bytes, now),
      sendRtcp: (bytes, now) => this.#publisher.up.send(bytes, now),
    })
  }

  #party(id: number): Party {
    const { random, link } = this.#options
    const transport = new TestTransport(id)
    const party = {
      transport,
      up: new LossyLink<Uint8Array>({ random, ...link }),
      down: new LossyLink<Uint8Array>({ random, ...link }),
    }
    transport.onRtp = (bytes, now) => {
      this.#checkRtp(bytes)
      party.down.send(bytes, now)
    }
    transport.onRtcp = (bytes, now) => {
      this.#checkRtcp(bytes)
      party.down.send(bytes, now)
    }
    return party
  }

  #checkRtp(bytes: Uint8Array): void {
    const packet = this.#packet.bytes === bytes ? this.#packet : new RtpPacket()
    if (!packet.parse(bytes, 0, bytes.length)) throw new Error('sent what is not an RTP packet')
    const index = packet.ssrc * 0x10000 + packet.sequenceNumber
    if (this.#used.has(index)) throw new Error(`number ${packet.sequenceNumber} of ${packet.ssrc} was used twice`)
    this.#used.add(index)
    if (!this.#kinds.has(packet.ssrc)) return
    const codec = Object.values(syntheticCodecs).find(({ payloadType }) => payloadType === packet.payloadType - 1)
    const sent = {
      number: packet.sequenceNumber,
      timestamp: packet.timestamp,
      clockRate: codec?.clockRate ?? 0,
      synthetic: decodePayload(bytes, packet.payloadStart, packet.payloadEnd),
      at: this.now,
    }
    const all = this.#sent.get(packet.ssrc)
    if (all) all.push(sent)
    else this.#sent.set(packet.ssrc, [sent])
  }

  /** Key frames are not asked for too often; within a millisecond, timestamps mean the time at which the frame was captured. */
  #checkRtcp(bytes: Uint8Array): void {
    readCompound(bytes, 0, bytes.length, {
      senderReport: ({ ssrc, ntp, rtpTimestamp }) => {
        const last = this.#sent.get(ssrc)?.findLast(({ synthetic }) => synthetic)
        if (!last?.synthetic) throw new Error('a report of nothing')
        const ms = unixMsFromNtp(ntp) + timestampDistance(rtpTimestamp, last.timestamp) / (last.clockRate / 1000)
        const offMs = Math.abs(ms - last.synthetic.capturedAt)
        if (offMs > 1) throw new Error(`out of sync by ${offMs} ms`)
        this.syncChecks++
      },
      pictureLossIndication: ({ mediaSsrc }) => {
        const sinceMs = this.now - (this.#keyFrameRequests.get(mediaSsrc) ?? Number.NEGATIVE_INFINITY)
        if (sinceMs < leastBetweenKeyFrameRequestsMs) throw new Error(`a key frame asked for again after ${sinceMs} ms`)
        this.#keyFrameRequests.set(mediaSsrc, this.now)
      },
    })
  }

  #checkGaps(kind: Kind, sent: readonly Sent[], pauses: readonly number[]): void {
    const base = sent[0]?.number ?? 0
    const offset = ({ number }: Sent) => ((number - base) << 16) >> 16
    const inOrder = sent.toSorted((one, other) => offset(one) - offset(other))
    let before: Sent | undefined
    for (const next of inOrder) {
      const gap = before ? offset(next) - offset(before) - 1 : 0
      if (before?.synthetic && next.synthetic && gap > 0) {
        const { at, synthetic } = before
        const other = this.#log[kind].find(source => source.at >= at && !sameSource(source.synthetic, synthetic))
        const until = Math.min(other?.at ?? this.now, ...pauses.filter(pause => pause >= at))
        this.#checkGap(kind, synthetic, next.synthetic, gap, until)
      }
      before = next
    }
  }

  /** What is missing must not have arrived, as long as it was followed without a break. */
  #checkGap(kind: Kind, before: SyntheticPacket, next: SyntheticPacket, gap: number, until: number): void {
    const fits = before.line === next.line && next.place - before.place >= gap
    if (!fits) throw new Error(`a gap of ${gap} between ${JSON.stringify(before)} and ${JSON.stringify(next)}`)
    for (let place = before.place + 1; place < next.place; place++) {
      const at = this.#arrived[kind].get(`${next.line}/${place}`) ?? until
      if (at < until) throw new Error(`${kind} ${place} arrived at ${at} and was not sent`)
    }
  }
}

function sameSource(one: SyntheticPacket, other: SyntheticPacket): boolean {
  return one.line === other.line && one.generation === other.generation
}

function ssrcOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(8)
}

/** Payload types are called one higher than by the publisher. */
export function subscribedMedia(kind: Kind, subscription: number): SubscribedMedia {
  const names = kind === 'video' ? (['vp8', 'h264'] as const) : (['opus', 'pcmu'] as const)
  return {
    mid: String(subscription),
    ssrc: 0x10000 + 2 * subscription,
    rtxSsrc: kind === 'video' ? 0x10001 + 2 * subscription : undefined,
    cname: 'publisher',
    payloadTypes: names.map(name => {
      const { payloadType, rtxPayloadType } = syntheticCodecs[name]
      return {
        from: payloadType,
        to: payloadType + 1,
        rtx: rtxPayloadType === undefined ? undefined : payloadType + 20,
      }
    }),
    extensions: { [headerExtensions.mid]: 1 },
    feedback: kind === 'video' ? ['nack', 'nack pli', 'ccm fir'] : [],
  }
}
