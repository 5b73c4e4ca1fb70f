import { headerExtensions, isRtcp, RtpPacket, readCompound, timestampDistance, unixMsFromNtp } from '@parley/rtp'
import { LossyLink, type LossyLinkOptions } from '@parley/testkit'
import { type FromMedia, type SubscribedMedia, type Want, wantAll } from '../../control.ts'
import { PipedRouter } from '../../pipe/testing/piped-router.ts'
import { Router } from '../router.ts'
import { toTheirs } from './layered-decoder.ts'
import { readLayeredPayload } from './layered-payloads.ts'
import { LayeredPublisher, type LayeredPublisherOptions, layeredPayloadTypes } from './layered-publisher.ts'
import { LayeredReceiver } from './layered-receiver.ts'
import { TestTransport } from './test-transport.ts'

const wallClockAt0 = 1_700_000_000_000.25
/** 500 ms, but for rounding. */
const leastBetweenKeyFrameRequestsMs = 499.9
/** Until the publisher has heard of the demand. */
const signallingMs = 60
const descriptorId = 11
const clockTicksPerMs = 90

type Link = Omit<LossyLinkOptions, 'random'>

export interface LayeredSimulationOptions
  extends Pick<LayeredPublisherOptions, 'codec' | 'described' | 'encodings' | 'obeys' | 'random'> {
  /** From the publisher, and to and from subscribers. */
  readonly up: Link
  readonly down: Link
  /** Subscribers are at another router than the publisher. */
  readonly piped?: boolean
}

interface Party {
  readonly transport: TestTransport
  readonly up: LossyLink<Uint8Array>
  readonly down: LossyLink<Uint8Array>
}

export interface Watcher extends Party {
  readonly subscription: number
  readonly receiver: LayeredReceiver
  want: Want
}

/** What left the router under one SSRC. */
interface Sent {
  readonly packet: RtpPacket
  readonly number: number
}

/** A publisher in layers, a router and its subscribers, over bad networks in virtual time. Throws where something is wrong. */
export class LayeredSimulation {
  now = 0
  readonly demands: { readonly at: number; readonly layers: readonly boolean[] }[] = []
  readonly activity: { readonly at: number; readonly active: boolean }[] = []
  readonly router: Router | PipedRouter
  readonly publisher: LayeredPublisher
  watchers: Watcher[] = []
  readonly #options: LayeredSimulationOptions
  readonly #publishing: Party
  readonly #packet = new RtpPacket()
  /** By SSRC and number. */
  readonly #sent = new Map<number, Map<number, RtpPacket>>()
  readonly #last = new Map<number, Sent>()
  readonly #keyFrameRequests = new Map<number, number>()
  #told = 0
  #count = 0

  constructor(options: LayeredSimulationOptions) {
    this.#options = options
    const { random, piped = false } = options
    this.router = new (piped ? PipedRouter : Router)({ report: (message: FromMedia) => this.#report(message), random })
    this.#publishing = this.#party(1, options.up)
    const send = (bytes: Uint8Array, now: number) => this.#publishing.up.send(bytes, now)
    this.publisher = new LayeredPublisher({ ...options, wallClockAt0, send })
    this.router.transportConnected(this.#publishing.transport, 0)
    this.router.publish({ is: 'publish', publication: 1, transport: 1, media: this.publisher.media })
  }

  join(want: Want = wantAll): Watcher {
    const subscription = ++this.#count
    const party = this.#party(1 + subscription, this.#options.down)
    this.router.transportConnected(party.transport, this.now)
    const { described } = this.#options
    const media = subscribedMedia(subscription, described)
    const receiver = new LayeredReceiver(media, described ? descriptorId : 0, (bytes, now) => party.up.send(bytes, now))
    const watcher = { ...party, subscription, receiver, want }
    this.watchers.push(watcher)
    const transport = party.transport.id
    this.router.subscribe({ is: 'subscribe', subscription, transport, publication: 1, media, want }, this.now)
    return watcher
  }

  want(watcher: Watcher, want: Want): void {
    watcher.want = want
    this.router.want({ is: 'want', subscription: watcher.subscription, want }, this.now)
  }

  leave(watcher: Watcher): void {
    this.watchers = this.watchers.filter(one => one !== watcher)
    this.router.transportClosed(watcher.transport, this.now)
  }

  /** From now on networks lose nothing. */
  calm(): void {
    for (const { up, down } of [this.#publishing, ...this.watchers]) {
      for (const link of [up, down]) link.options = { random: this.#options.random, delayMs: 20 }
    }
  }

  run(untilMs: number): void {
    for (;;) {
      let next = Math.min(this.router.nextTimeout(), this.publisher.nextTimeout(), this.#nextDemand())
      for (const { up, down } of [this.#publishing, ...this.watchers]) {
        next = Math.min(next, up.nextTimeout(), down.nextTimeout())
      }
      for (const { receiver } of this.watchers) next = Math.min(next, receiver.nextTimeout())
      if (next > untilMs) break
      this.now = Math.max(this.now, next)
      this.#step()
    }
    this.now = untilMs
  }

  /** Numbers under which nothing was sent, between the first and the last of each subscriber. */
  get gaps(): number {
    let gaps = 0
    for (const [ssrc, packets] of this.#sent) {
      if (ssrc % 2 === 1) continue
      const { number: last } = this.#last.get(ssrc) as Sent
      const first = Math.min(...packets.keys())
      gaps += last - first + 1 - packets.size
    }
    return gaps
  }

  /** Everybody leaves; what the router keeps must be gone. */
  end(): void {
    for (const watcher of this.watchers) this.leave(watcher)
    this.router.transportClosed(this.#publishing.transport, this.now)
    const { publications, subscriptions, historyBytes } = this.router.counters()
    if (publications || subscriptions || historyBytes) throw new Error('something is left')
    if (this.router.nextTimeout() !== Number.POSITIVE_INFINITY) throw new Error('a timer is left')
  }

  #report(message: FromMedia): void {
    if (message.is === 'demand') this.demands.push({ at: this.now, layers: message.layers })
    if (message.is === 'publication') this.activity.push({ at: this.now, active: message.active })
  }

  #nextDemand(): number {
    return (this.demands[this.#told]?.at ?? Number.POSITIVE_INFINITY) + signallingMs
  }

  #step(): void {
    const { now, router, publisher } = this
    if (router.nextTimeout() <= now) router.handleTimeout(now)
    while (this.#nextDemand() <= now) publisher.demand(this.demands[this.#told++]?.layers ?? [])
    if (publisher.nextTimeout() <= now) publisher.handleTimeout(now)
    const { transport, up, down } = this.#publishing
    for (let bytes = up.receive(now); bytes; bytes = up.receive(now)) this.#toRouter(transport, bytes)
    for (let bytes = down.receive(now); bytes; bytes = down.receive(now)) publisher.receiveRtcp(bytes, now)
    for (const watcher of this.watchers) {
      watcher.receiver.handleTimeout(now)
      for (let bytes = watcher.up.receive(now); bytes; bytes = watcher.up.receive(now)) {
        this.#toRouter(watcher.transport, bytes)
      }
      for (let bytes = watcher.down.receive(now); bytes; bytes = watcher.down.receive(now)) {
        if (!isRtcp(bytes, 0)) watcher.receiver.receiveRtp(bytes, now)
      }
    }
  }

  #toRouter(transport: TestTransport, bytes: Uint8Array): void {
    if (isRtcp(bytes, 0)) this.router.receiveRtcp(transport, bytes, 0, bytes.length, this.now)
    else if (this.#packet.parse(bytes, 0, bytes.length)) this.router.receiveRtp(transport, this.#packet, this.now)
  }

  #party(id: number, link: Link): Party {
    const { random } = this.#options
    const transport = new TestTransport(id)
    const up = new LossyLink<Uint8Array>({ random, ...link })
    const down = new LossyLink<Uint8Array>({ random, ...link })
    transport.onRtp = (bytes, now) => {
      this.#checkRtp(bytes)
      down.send(bytes, now)
    }
    transport.onRtcp = (bytes, now) => {
      this.#checkRtcp(bytes)
      down.send(bytes, now)
    }
    return { transport, up, down }
  }

  #checkRtp(bytes: Uint8Array): void {
    const packet = new RtpPacket()
    if (!packet.parse(bytes, 0, bytes.length)) throw new Error('sent what is not an RTP packet')
    const { ssrc, sequenceNumber } = packet
    const last = this.#last.get(ssrc)
    const step = last ? ((sequenceNumber - last.number) << 16) >> 16 : 0
    const number = last ? last.number + step : sequenceNumber
    const packets = this.#sent.get(ssrc) ?? new Map<number, RtpPacket>()
    if (packets.has(number)) throw new Error(`number ${number} of ${ssrc} was used twice`)
    packets.set(number, packet)
    this.#sent.set(ssrc, packets)
    if (!last || step > 0) this.#last.set(ssrc, { packet, number })
    if (ssrc % 2 === 1) this.#checkRepair(packet)
  }

  /** What is sent again is what was sent: with its time, its end and its numbers. */
  #checkRepair(repair: RtpPacket): void {
    const { bytes, payloadStart, payloadEnd, timestamp, marker } = repair
    const original = new DataView(bytes.buffer, bytes.byteOffset).getUint16(payloadStart)
    const packets = this.#sent.get(repair.ssrc - 1) ?? new Map<number, RtpPacket>()
    const number = [...packets.keys()].findLast(one => (one & 0xffff) === original) ?? -1
    const first = packets.get(number)
    if (!first) throw new Error(`${original} was sent again, but never before`)
    if (first.timestamp !== timestamp || first.marker !== marker) throw new Error(`${original} changed its header`)
    const payloads = [
      bytes.subarray(payloadStart + 2, payloadEnd),
      first.bytes.subarray(first.payloadStart, first.payloadEnd),
    ]
    if (Buffer.compare(...(payloads as [Uint8Array, Uint8Array])) !== 0) throw new Error(`${original} changed`)
    const descriptors = [repair, first].map(packet => {
      const offset = packet.findExtension(descriptorId)
      return offset < 0 ? new Uint8Array() : packet.bytes.subarray(offset, offset + packet.extensionLength)
    })
    if (Buffer.compare(...(descriptors as [Uint8Array, Uint8Array])) !== 0)
      throw new Error(`${original} is described otherwise`)
  }

  #checkRtcp(bytes: Uint8Array): void {
    readCompound(bytes, 0, bytes.length, {
      senderReport: ({ ssrc, ntp, rtpTimestamp }) => {
        const last = this.#last.get(ssrc)?.packet
        const read = last && readLayeredPayload(last.bytes, last.payloadStart, last.payloadEnd)
        if (!last || !read) return
        const ms = unixMsFromNtp(ntp) + timestampDistance(rtpTimestamp, last.timestamp) / clockTicksPerMs
        const offMs = Math.abs(ms - read.capturedAt)
        if (offMs > 1) throw new Error(`out of sync by ${offMs} ms`)
      },
      pictureLossIndication: ({ mediaSsrc }) => {
        const sinceMs = this.now - (this.#keyFrameRequests.get(mediaSsrc) ?? Number.NEGATIVE_INFINITY)
        if (sinceMs < leastBetweenKeyFrameRequestsMs) throw new Error(`a key frame asked for again after ${sinceMs} ms`)
        this.#keyFrameRequests.set(mediaSsrc, this.now)
      },
    })
  }
}

function subscribedMedia(subscription: number, described: boolean): SubscribedMedia {
  return {
    mid: String(subscription),
    ssrc: 0x10000 + 2 * subscription,
    rtxSsrc: 0x10001 + 2 * subscription,
    cname: 'publisher',
    payloadTypes: Object.values(layeredPayloadTypes).map(from => ({
      from,
      to: from + toTheirs,
      rtx: from + toTheirs + 1,
    })),
    extensions: {
      [headerExtensions.mid]: 1,
      ...(described && { [headerExtensions.dependencyDescriptor]: descriptorId }),
    },
    feedback: ['nack', 'nack pli'],
  }
}
