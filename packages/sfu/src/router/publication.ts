import { headerExtensions, levelOf, type RtpPacket, readAudioLevel } from '@parley/rtp'
import type { FromMedia, PublishedCodec, PublishedMedia } from '../control.ts'
import type { Voice } from '../speakers/voice.ts'
import { Alarm, type Alarms } from './alarms.ts'
import type { RouterCounters } from './counters.ts'
import { Demand } from './demand.ts'
import type { Followed, Follower } from './follower.ts'
import { HeaderLayouts } from './header-layouts.ts'
import { type Layer, largestUseful, layersOf, ranked } from './layers.ts'
import { type SourceFeedback, SourceStream } from './source-stream.ts'
import type { LayerStatistics, PublicationStatistics } from './statistics.ts'
import type { TappedStream } from './tap.ts'

/**
 * Without a packet for so long, a track does not flow: who plays it looks for another. Opus without a voice sends one in
 * 400 ms (RFC 7587 §3.1.3), a still screen one in a second.
 */
const silenceMs = 1500
/** A layer that has not sent for so long does not flow. */
const layerSilenceMs = 1000
const measureMs = 500
/** Sent beside a codec, under the same SSRC: not a change of it. */
const besides: readonly string[] = ['telephone-event', 'cn']

export interface PublicationOptions {
  readonly id: number
  readonly media: PublishedMedia
  readonly alarms: Alarms
  readonly feedback: SourceFeedback
  readonly counters: RouterCounters
  readonly report: (message: FromMedia) => void
}

/** Takes a publication's streams as they are; what of them is sent to whom is decided elsewhere. */
export interface Outlet {
  /** Whether it has a use for an encoding, by its index. */
  wants(encoding: number): boolean
  /** This is an encoding's stream from now on. */
  opened(encoding: number, stream: TappedStream): void
}

/**
 * A published track: one stream, or several of simulcast, and the layers that subscribers can choose from: those that flow, by the size
 * of their pictures, else by bitrate. The order in which encodings were named says nothing: browsers begin with the lowest, encoders
 * with the best (RFC 8853 §5.2).
 */
export class Publication implements Followed {
  readonly id: number
  readonly layouts: HeaderLayouts
  layers: readonly Layer[] = []
  sizes: readonly number[] = []
  readonly #followers = new Set<Follower>()
  readonly #outlets = new Set<Outlet>()
  /** Undefined: what it sends is not judged as speech. */
  voice: Voice | undefined
  #media: PublishedMedia
  readonly #options: PublicationOptions
  /** By payload type. */
  #codecs: (PublishedCodec | undefined)[] = []
  /** One for each encoding, in the same order. */
  #streams: (SourceStream | undefined)[] = []
  /** From the lowest to the best. */
  #order: SourceStream[] = []
  readonly #silence = new Alarm(now => this.#checkSilence(now))
  readonly #measuring = new Alarm(now => this.#measure(now))
  readonly #demand: Demand
  #active = false
  #codec: string | undefined
  #lastAt = Number.NEGATIVE_INFINITY
  /** Since when the publisher has known that something of it is wanted. */
  #wantedSince = Number.NEGATIVE_INFINITY
  #closed = false
  /** Id of the audio level; 0: it was not agreed. */
  #audioLevelId = 0

  constructor(options: PublicationOptions) {
    this.id = options.id
    this.#options = options
    this.#media = options.media
    this.layouts = new HeaderLayouts(options.media.extensions)
    const { id, alarms, report } = options
    this.#demand = new Demand(alarms, layers => report({ is: 'demand', publication: id, layers }))
    this.#index()
  }

  get media(): PublishedMedia {
    return this.#media
  }

  get kind(): 'audio' | 'video' {
    return this.#media.kind
  }

  get streams(): readonly (SourceStream | undefined)[] {
    return this.#streams
  }

  /** The agreed codec of a payload type, which may be that of its RED. */
  codec(payloadType: number): PublishedCodec | undefined {
    return this.#codecs[payloadType]
  }

  /** The codec whose retransmissions have this payload type. */
  repairedBy(rtxPayloadType: number): PublishedCodec | undefined {
    return this.#media.codecs.find(codec => codec.rtxPayloadType === rtxPayloadType)
  }

  /** Takes what was agreed anew; streams of encodings that stay go on. Returns those that do not. */
  republish(media: PublishedMedia, now: number): SourceStream[] {
    const streams = media.encodings.map(({ rid, ssrc }, i) => {
      const stream = this.#streams[i]
      const same = rid === this.#media.encodings[i]?.rid && (ssrc === undefined || ssrc === stream?.ssrc)
      return same ? stream : undefined
    })
    const dropped = this.#streams.filter(stream => stream !== undefined).filter(stream => !streams.includes(stream))
    this.#media = media
    this.#streams = streams
    this.#index()
    for (const stream of dropped) stream.close()
    this.layouts.reset(media.extensions)
    for (const { sink } of this.#followers) sink.compile()
    this.#rank(now)
    return dropped
  }

  /** Opens the stream of an encoding, in place of the one that was. */
  open(encoding: number, ssrc: number, now: number): SourceStream {
    const { layouts } = this
    const { alarms, feedback, counters } = this.#options
    const { kind } = this.#media
    // Before the key frame that says it is passed on: who is to have this layer begins with it.
    const resized = (at: number) => this.#rank(at)
    const stream = new SourceStream({ ssrc, kind, layouts, alarms, feedback, counters, resized, now })
    const replaced = this.#streams[encoding]
    this.#streams[encoding] = stream
    this.#describe(stream)
    this.#order = replaced ? this.#order.map(one => (one === replaced ? stream : one)) : [...this.#order, stream]
    replaced?.close()
    for (const outlet of this.#outlets) outlet.opened(encoding, stream)
    this.#rank(now)
    return stream
  }

  receive(stream: SourceStream, packet: RtpPacket, codec: PublishedCodec, retransmitted: boolean, now: number): void {
    // A layer that is sent again: who is to have it begins with its first packet.
    if (!this.#flows(stream, now) && !retransmitted) {
      stream.lastAt = now
      this.#rank(now)
    }
    if (!stream.receive(packet, codec, retransmitted, now)) return
    this.#lastAt = now
    if (this.#measuring.place < 0 && this.kind === 'video') {
      this.#options.alarms.set(this.#measuring, now + measureMs)
    }
    const audioLevel = this.voice ? readAudioLevel(packet, this.#audioLevelId) : -1
    if (audioLevel >= 0) this.voice?.heard(levelOf(audioLevel), now)
    const name = stream.codec?.name
    if (name !== undefined && (!this.#active || (name !== this.#codec && !besides.includes(name))))
      this.#began(name, now)
  }

  subscribe(follower: Follower): void {
    this.#followers.add(follower)
  }

  unsubscribe(follower: Follower, now: number): void {
    this.#followers.delete(follower)
    follower.leave()
    this.weigh(now)
  }

  attach(outlet: Outlet, now: number): void {
    this.#outlets.add(outlet)
    for (const [encoding, stream] of this.#streams.entries()) if (stream) outlet.opened(encoding, stream)
    this.weigh(now)
  }

  detach(outlet: Outlet, now: number): void {
    this.#outlets.delete(outlet)
    this.weigh(now)
  }

  /** What a follower wants, or can take, has changed. */
  attend(follower: Follower, now: number): void {
    if (this.#closed) follower.leave()
    else follower.attend(now)
    this.weigh(now)
  }

  statistics(): PublicationStatistics {
    return {
      publication: this.id,
      layers: this.layers.map(layer => this.describe(layer)),
      encodings: this.#media.encodings.map(({ rid }, index) => ({ rid, wanted: this.#demand.wants(index) })),
    }
  }

  /** One of its {@link layers}. */
  describe({ stream, size, temporal, pixels, bps }: Layer): LayerStatistics {
    return {
      size,
      temporal,
      rid: this.#media.encodings[this.#streams.indexOf(stream)]?.rid,
      pixels: pixels || undefined,
      bitrateBps: Math.round(bps) || undefined,
    }
  }

  /** The publisher said that this stream has ended (RFC 3550 §6.6). */
  ended(stream: SourceStream, now: number): void {
    const others = this.#streams.some(other => other && other !== stream && this.#flows(other, now))
    if (!others) this.#stop()
  }

  /** Its packets come no more; its subscriptions rest. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.layers = []
    for (const stream of this.#streams) stream?.close()
    this.#options.alarms.clear(this.#silence)
    this.#options.alarms.clear(this.#measuring)
    this.#demand.close()
    this.#stop()
  }

  #began(codec: string, now: number): void {
    this.#active = true
    this.#codec = codec
    const { alarms, report, id } = this.#options
    alarms.set(this.#silence, now + silenceMs)
    report({ is: 'publication', publication: id, active: true, codec })
  }

  #stop(): void {
    if (!this.#active) return
    this.#active = false
    this.#options.report({ is: 'publication', publication: this.id, active: false, codec: this.#codec })
  }

  #checkSilence(now: number): void {
    const endsAt = Math.max(this.#lastAt, this.#wantedSince) + silenceMs
    // What nobody wants is not sent; it has not ended.
    if (now >= endsAt && !this.#demand.isNone) this.#stop()
    else if (this.#active) this.#options.alarms.set(this.#silence, Math.max(endsAt, now + silenceMs))
  }

  #flows({ lastAt }: SourceStream, now: number): boolean {
    return now - lastAt < layerSilenceMs
  }

  #measure(now: number): void {
    for (const stream of this.#streams) stream?.rates.measure(now)
    this.#rank(now)
    if (now - this.#lastAt < layerSilenceMs) this.#options.alarms.set(this.#measuring, now + measureMs)
  }

  /** Brings the layers up to date with what flows; followers go on from there. */
  #rank(now: number): void {
    const order = ranked(this.#order.filter(stream => this.#streams.includes(stream)))
    const flowing = order.filter(stream => this.#flows(stream, now))
    this.#order = order
    const before = this.layers
    this.layers = layersOf(
      flowing.length > 0 ? flowing : order.filter(stream => before.some(one => one.stream === stream)),
    )
    this.sizes = this.layers.flatMap(({ size, pixels }, i) => (this.layers[i - 1]?.size === size ? [] : pixels))
    if (!sameQualities(before, this.layers)) for (const follower of this.#followers) follower.reconsider(now)
    this.weigh(now)
  }

  /** Looks which encodings anybody wants. */
  weigh(now: number): void {
    if (this.#closed || this.kind === 'audio') return
    const pixels = this.#order.map(stream => stream.pixels)
    let most = -1
    for (const follower of this.#followers) {
      if (follower.wants) most = Math.max(most, largestUseful(pixels, follower.want))
    }
    // What has not been seen yet may be just what is of use.
    const isFollowed = (stream: SourceStream | undefined) => (stream ? this.#order.indexOf(stream) <= most : most >= 0)
    const outlets = [...this.#outlets]
    const wasNone = this.#demand.isNone
    this.#demand.is(
      this.#media.encodings.map(
        (_, encoding) => isFollowed(this.#streams[encoding]) || outlets.some(outlet => outlet.wants(encoding)),
      ),
      now,
    )
    if (wasNone && !this.#demand.isNone) this.#wantedSince = now
  }

  #index(): void {
    this.#codecs = []
    this.#audioLevelId = this.#media.extensions[headerExtensions.audioLevel] ?? 0
    for (const codec of this.#media.codecs) {
      this.#codecs[codec.payloadType] = codec
      if (codec.red) this.#codecs[codec.red.payloadType] = codec
    }
    for (const stream of this.#streams) if (stream) this.#describe(stream)
  }

  #describe(stream: SourceStream): void {
    stream.setDependencyDescriptor(this.#media.extensions[headerExtensions.dependencyDescriptor])
  }
}

/** Whether they are the same, but for what they take. */
function sameQualities(before: readonly Layer[], now: readonly Layer[]): boolean {
  return (
    before.length === now.length &&
    before.every(({ stream, spatial, temporal, pixels }, i) => {
      const other = now[i] as Layer
      return (
        stream === other.stream && spatial === other.spatial && temporal === other.temporal && pixels === other.pixels
      )
    })
  )
}
