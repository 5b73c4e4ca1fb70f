import { headerExtensions, type RtpPacket } from '@parley/rtp'
import type { FromMedia, PublishedCodec, PublishedMedia } from '../control.ts'
import { Alarm, type Alarms } from './alarms.ts'
import type { RouterCounters } from './counters.ts'
import { HeaderLayouts } from './header-layouts.ts'
import { type SourceFeedback, SourceStream } from './source-stream.ts'
import type { Subscription } from './subscription.ts'

/**
 * Without a packet for so long, a track does not flow: who plays it looks for another. Opus without a voice sends one in
 * 400 ms (RFC 7587 §3.1.3), a still screen one in a second.
 */
const silenceMs = 1500
/** A layer that has not sent for so long does not flow. */
const layerSilenceMs = 1000
const layerCheckMs = 500
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

/** Of layers whose size is not known, one is better that carries so much more. */
const clearlyMore = 1.3

/**
 * A published track: one stream, or several of simulcast, of which subscribers get the best that flows: by the size of its
 * pictures, else by its bitrate. The order in which layers were named says nothing: browsers begin with the lowest, encoders with
 * the best (RFC 8853 §5.2).
 */
export class Publication {
  readonly id: number
  readonly layouts: HeaderLayouts
  readonly #subscriptions = new Set<Subscription>()
  #media: PublishedMedia
  readonly #options: PublicationOptions
  /** By payload type. */
  #codecs: (PublishedCodec | undefined)[] = []
  /** One for each encoding, in the same order. */
  #streams: (SourceStream | undefined)[] = []
  /** The stream that is forwarded. */
  #chosen: SourceStream | undefined
  readonly #silence = new Alarm(now => this.#checkSilence(now))
  readonly #layers = new Alarm(now => this.#checkLayers(now))
  #active = false
  #codec: string | undefined
  #lastAt = Number.NEGATIVE_INFINITY
  #closed = false

  constructor(options: PublicationOptions) {
    this.id = options.id
    this.#options = options
    this.#media = options.media
    this.layouts = new HeaderLayouts(options.media.extensions)
    this.#index()
  }

  get media(): PublishedMedia {
    return this.#media
  }

  get streams(): readonly (SourceStream | undefined)[] {
    return this.#streams
  }

  /** The agreed codec of a payload type. */
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
    for (const subscription of this.#subscriptions) subscription.compile()
    this.#choose(now)
    return dropped
  }

  /** Opens the stream of an encoding, in place of the one that was. */
  open(encoding: number, ssrc: number, now: number): SourceStream {
    const { layouts } = this
    const { alarms, feedback, counters } = this.#options
    const { kind } = this.#media
    // Before the key frame that says it is passed on: who is to have this layer begins with it.
    const resized = (at: number) => this.#streams.length > 1 && this.#choose(at)
    const stream = new SourceStream({ ssrc, kind, layouts, alarms, feedback, counters, resized, now })
    const replaced = this.#streams[encoding]
    this.#streams[encoding] = stream
    this.#describe(stream)
    replaced?.close()
    this.#choose(now)
    return stream
  }

  receive(stream: SourceStream, packet: RtpPacket, codec: PublishedCodec, retransmitted: boolean, now: number): void {
    if (!stream.receive(packet, codec, retransmitted, now)) return
    this.#lastAt = now
    const name = stream.codec?.name
    if (name !== undefined && (!this.#active || (name !== this.#codec && !besides.includes(name))))
      this.#began(name, now)
  }

  subscribe(subscription: Subscription, now: number): void {
    this.#subscriptions.add(subscription)
    this.attend(subscription, now)
  }

  unsubscribe(subscription: Subscription): void {
    this.#subscriptions.delete(subscription)
    this.leave(subscription)
  }

  /** Forwards to it, or waits to; or stops if it does not want packets. */
  attend(subscription: Subscription, now: number): void {
    if (!subscription.wanted || this.#closed) this.leave(subscription)
    else if (subscription.source === this.#chosen) {
      subscription.awaited?.forget(subscription)
      this.#chosen?.rememberFor(subscription)
    } else this.#chosen?.await(subscription, now)
  }

  /** Forwards nothing to it, until {@link attend}. */
  leave(subscription: Subscription): void {
    subscription.source?.forget(subscription)
    subscription.awaited?.forget(subscription)
  }

  /** A subscriber lost the picture. */
  pictureLost(subscription: Subscription, now: number): void {
    const stream = subscription.awaited ?? subscription.source
    stream?.pictureLost(subscription, now)
  }

  /** The publisher said that this stream has ended (RFC 3550 §6.6). */
  ended(stream: SourceStream, now: number): void {
    const others = this.#streams.some(other => other && other !== stream && now - other.lastAt < layerSilenceMs)
    if (!others) this.#stop()
  }

  /** Its packets come no more; its subscriptions rest. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const stream of this.#streams) stream?.close()
    this.#options.alarms.clear(this.#silence)
    this.#options.alarms.clear(this.#layers)
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
    const endsAt = this.#lastAt + silenceMs
    if (now >= endsAt) this.#stop()
    else if (this.#active) this.#options.alarms.set(this.#silence, endsAt)
  }

  #checkLayers(now: number): void {
    for (const stream of this.#streams) stream?.measure()
    this.#choose(now)
  }

  #choose(now: number): void {
    if (this.#streams.length > 1) this.#options.alarms.setBy(this.#layers, now + layerCheckMs)
    const current = this.#chosen && this.#streams.includes(this.#chosen) ? this.#chosen : undefined
    const flows = (stream: SourceStream | undefined) => stream !== undefined && now - stream.lastAt < layerSilenceMs
    let best = flows(current) ? current : undefined
    for (const stream of this.#streams) {
      if (stream && flows(stream) && (!best || isBetter(stream, best))) best = stream
    }
    const chosen = best ?? current
    if (chosen === this.#chosen) return
    this.#chosen = chosen
    for (const subscription of this.#subscriptions) this.attend(subscription, now)
  }

  #index(): void {
    this.#codecs = []
    for (const codec of this.#media.codecs) this.#codecs[codec.payloadType] = codec
    for (const stream of this.#streams) if (stream) this.#describe(stream)
  }

  #describe(stream: SourceStream): void {
    stream.setDependencyDescriptor(this.#media.extensions[headerExtensions.dependencyDescriptor])
  }
}

function isBetter(one: SourceStream, other: SourceStream): boolean {
  if (one.pixels > 0 && other.pixels > 0 && one.pixels !== other.pixels) return one.pixels > other.pixels
  return other.octetsLately > 0 && one.octetsLately > clearlyMore * other.octetsLately
}
