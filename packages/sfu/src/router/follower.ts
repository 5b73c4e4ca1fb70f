import type { RtpPacket } from '@parley/rtp'
import type { PublishedCodec, Want } from '../control.ts'
import type { FrameInfo } from './frame-info.ts'
import { LayerGate } from './layer-gate.ts'
import type { Layer } from './layers.ts'
import type { Publication } from './publication.ts'
import type { Sink } from './sink.ts'
import type { SourceStream } from './source-stream.ts'
import type { Tap } from './tap.ts'

/** Payloads that cannot be read (end-to-end encrypted) are forwarded without a key frame after so long. */
const opaquePatienceMs = 1000
/** From a publisher that sends no key frame although asked, receivers get what there is after so long. */
const patienceMs = 4000
/** A picture that has so much of the pixels that are of use is large enough. */
const enough = 0.75

/**
 * One subscriber of a publication: decides which of its streams, and which layers, go to the sink. Changes to another stream with a key
 * frame of it, and goes on with the one before until then.
 */
export class Follower implements Tap {
  readonly publication: Publication
  readonly sink: Sink
  /** What it forwards at present. */
  source: SourceStream | undefined
  /** What it waits to begin with, or to change to. */
  awaited: SourceStream | undefined
  #want: Want
  /** The index of the best layer that the receiver's link carries; -1: none. */
  #granted = Number.POSITIVE_INFINITY
  /** Since when it waits, and packets come; ms. NaN: none came yet. */
  #awaitedSince = Number.NaN
  /** The layers of what it waits for. */
  #awaitedLayer: Layer | undefined
  readonly #gate = new LayerGate()

  constructor(publication: Publication, sink: Sink, want: Want) {
    this.publication = publication
    this.sink = sink
    this.#want = want
  }

  get remembers(): boolean {
    return this.sink.remembers
  }

  get want(): Want {
    return this.#want
  }

  set want(want: Want) {
    this.#want = want
  }

  /** The index of the best of its publication's layers that is of use to the subscriber; -1: none is. */
  get demanded(): number {
    const { paused, pixels, layer } = this.#want
    if (paused || !this.sink.ready) return -1
    const { layers } = this.publication
    const mostTemporal = layer?.temporal ?? Number.POSITIVE_INFINITY
    let mostSize = layer?.spatial ?? Number.POSITIVE_INFINITY
    if (pixels !== undefined) {
      const large = layers.find(({ pixels: has, size }) => has >= enough * pixels || size >= mostSize)
      if (large) mostSize = Math.min(mostSize, large.size)
    }
    let best = layers.length > 0 ? 0 : -1
    for (const [index, { size, temporal }] of layers.entries()) {
      const isFirstOfSize = layers[index - 1]?.size !== size
      if (size <= mostSize && (isFirstOfSize || temporal <= mostTemporal)) best = index
    }
    return best
  }

  /** What the receiver's link carries: the index of a layer; -1: nothing. */
  grant(index: number, now: number): void {
    this.#granted = index
    this.attend(now)
  }

  /** Follows the best layer that is wanted and granted; or nothing. */
  attend(now: number): void {
    const layer = this.publication.layers[Math.min(this.demanded, this.#granted)]
    if (!layer) this.leave()
    else if (layer.stream === this.source) this.#stay(layer, now)
    else this.#change(layer, now)
  }

  /** Follows nothing, until {@link attend}. */
  leave(): void {
    const { source, awaited } = this
    this.source = undefined
    this.awaited = undefined
    source?.remove(this)
    awaited?.remove(this)
  }

  /** The subscriber lost the picture. */
  pictureLost(roundTripMs: number, now: number): void {
    if (this.awaited) this.awaited.wantKeyFrame(now)
    else this.source?.pictureLost(roundTripMs, now)
  }

  waitsFor(stream: SourceStream, payloadType: number): boolean {
    return stream === this.awaited && this.sink.accepts(payloadType)
  }

  take(
    stream: SourceStream,
    packet: RtpPacket,
    frame: FrameInfo,
    codec: PublishedCodec,
    place: number,
    now: number,
  ): boolean {
    if (stream !== this.source) {
      if (!this.sink.accepts(packet.payloadType)) return false
      if (Number.isNaN(this.#awaitedSince)) this.#awaitedSince = now
      if (!this.#mayBegin(stream, frame, place, now - this.#awaitedSince)) return false
      this.#begin(stream, packet, frame, codec, place, now)
    }
    const gate = this.#gate
    if (gate.passes(frame)) {
      return this.sink.send(packet, frame, place, packet.marker || gate.isLast(frame), now)
    }
    this.sink.omit(packet, frame, place, now)
    return false
  }

  restarted(stream: SourceStream): void {
    if (stream !== this.source) return
    this.source = undefined
    if (this.awaited) stream.remove(this)
    else this.#await(stream)
  }

  timelineKnown(stream: SourceStream, now: number): void {
    if (stream === this.source) this.sink.timelineKnown(now)
  }

  ended(stream: SourceStream): void {
    if (stream === this.source) this.source = undefined
    if (stream === this.awaited) this.awaited = undefined
  }

  #stay({ stream, spatial, mostTemporal }: Layer, now: number): void {
    this.awaited?.remove(this)
    this.awaited = undefined
    stream.rememberFor(this)
    this.#gate.want(spatial, mostTemporal)
    if (this.#gate.needsKeyFrame) stream.wantKeyFrame(now)
  }

  #change(layer: Layer, now: number): void {
    const { layers } = this.publication
    const current = layers.find(({ stream }) => stream === this.source)
    // Down at once: until the lower stream begins, no more of the higher one than has to be.
    if (current && current.size > layer.size) this.#gate.want(0, 0)
    this.#awaitedLayer = layer
    if (this.awaited === layer.stream) return
    this.awaited?.remove(this)
    this.#await(layer.stream)
    const { codec } = layer.stream
    if (!codec || this.sink.accepts(codec.payloadType)) layer.stream.wantKeyFrame(now)
  }

  #await(stream: SourceStream): void {
    this.awaited = stream
    this.#awaitedSince = Number.NaN
    stream.add(this)
  }

  /** Sound begins with any packet, video with a key frame. */
  #mayBegin(stream: SourceStream, frame: FrameInfo, place: number, waitedMs: number): boolean {
    const { highestPlace } = stream
    if (this.publication.media.kind === 'audio') return place > highestPlace
    // A key frame whose first packet comes late is made up for from the history.
    if (frame.start === 'key') return place > highestPlace || stream.remembers
    if (place < highestPlace) return false
    return waitedMs >= (frame.start === 'opaque' ? opaquePatienceMs : patienceMs)
  }

  #begin(
    stream: SourceStream,
    packet: RtpPacket,
    frame: FrameInfo,
    codec: PublishedCodec,
    place: number,
    now: number,
  ): void {
    const { source } = this
    this.source = stream
    this.awaited = undefined
    source?.remove(this)
    const layer = this.#awaitedLayer
    if (layer?.stream === stream) this.#gate.want(layer.spatial, layer.mostTemporal)
    this.#gate.begin()
    this.sink.follow(stream, packet, frame, codec, place, now)
    if (place < stream.highestPlace) stream.behind(this)
  }
}
