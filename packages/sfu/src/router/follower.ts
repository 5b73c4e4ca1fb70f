import type { Want } from '../control.ts'
import { highestLayer, LayerGate } from './layer-gate.ts'
import { type Layer, largestUseful } from './layers.ts'
import type { Sink } from './sink.ts'
import type { Handed, Tap, TappedStream } from './tap.ts'

/** Payloads that cannot be read (end-to-end encrypted) are forwarded without a key frame after so long. */
const opaquePatienceMs = 1000
/** From a publisher that sends no key frame although asked, receivers get what there is after so long. */
const patienceMs = 4000

/** What there is to follow. */
export interface Followed {
  readonly kind: 'audio' | 'video'
  /** Each better than the one before. */
  readonly layers: readonly Layer[]
  /** The pixels of each size among them, ascending. */
  readonly sizes: readonly number[]
}

/**
 * One subscriber of a publication: decides which of its streams, and which layers, go to the sink. Changes to another stream with a key
 * frame of it, and goes on with the one before until then.
 */
export class Follower implements Tap {
  readonly followed: Followed
  readonly sink: Sink
  readonly reconsider: (now: number) => void
  /** What it forwards at present. */
  source: TappedStream | undefined
  /** What it waits to begin with, or to change to. */
  awaited: TappedStream | undefined
  want: Want
  /** The index of the best layer that the receiver's link carries; -1: none. */
  #granted = Number.POSITIVE_INFINITY
  /** Since when it waits, and packets come; ms. NaN: none came yet. */
  #awaitedSince = Number.NaN
  /** The layers of what it waits for, or follows. */
  #layer: Layer | undefined
  readonly #gate = new LayerGate()
  /** What the gate was opened for last. */
  #open: Layer | undefined

  /** @param reconsider What there is to follow, or what of it is wanted, has changed: answer with {@link grant}. */
  constructor(followed: Followed, sink: Sink, want: Want, reconsider: (now: number) => void) {
    this.reconsider = reconsider
    this.followed = followed
    this.sink = sink
    this.want = want
  }

  get remembers(): boolean {
    return this.sink.remembers
  }

  /** It is to be sent something, and can be. */
  get wants(): boolean {
    return !this.want.paused && this.sink.ready
  }

  /** The index of the best of its publication's layers that is of use to the subscriber; -1: none is. */
  get demanded(): number {
    if (!this.wants) return -1
    const { layers, sizes } = this.followed
    const mostSize = largestUseful(sizes, this.want)
    const mostTemporal = this.want.layer?.temporal ?? Number.POSITIVE_INFINITY
    let best = -1
    for (const [index, { size, temporal }] of layers.entries()) {
      const isLowest = layers[index - 1]?.size !== size
      if (size <= mostSize && (isLowest || temporal <= mostTemporal)) best = index
    }
    return best
  }

  get granted(): number {
    return this.#granted
  }

  /** It is to be sent less than it wants, since the receiver's link carries no more. */
  get isReduced(): boolean {
    return this.#granted < this.demanded
  }

  /** What it forwards now; until a change to another stream, that of the one before. */
  get layer(): Layer | undefined {
    return this.source && this.#open?.stream === this.source ? this.#open : undefined
  }

  /** What the receiver's link carries: the index of a layer; -1: nothing. */
  grant(index: number, now: number): void {
    this.#granted = index
    this.attend(now)
  }

  /** Follows the best layer that is wanted and granted; or nothing. */
  attend(now: number): void {
    const layer = this.followed.layers[Math.min(this.demanded, this.#granted)]
    if (!layer) this.leave()
    else if (layer.stream === this.source) this.#stay(layer, now)
    else this.#change(layer, now)
  }

  /** Follows nothing, until {@link attend}. */
  leave(): void {
    const { source, awaited } = this
    this.awaited = undefined
    this.#rest()
    source?.remove(this)
    awaited?.remove(this)
  }

  /** The subscriber lost the picture. */
  pictureLost(roundTripMs: number, now: number): void {
    if (this.awaited) this.awaited.wantKeyFrame(now)
    else this.source?.pictureLost(roundTripMs, now)
  }

  waitsFor(stream: TappedStream, payloadType: number): boolean {
    return stream === this.awaited && this.sink.accepts(payloadType)
  }

  take(stream: TappedStream, handed: Handed, now: number): boolean {
    const { packet, frame, place } = handed
    if (stream !== this.source) {
      if (!this.sink.accepts(packet.payloadType)) return false
      if (Number.isNaN(this.#awaitedSince)) this.#awaitedSince = now
      if (!this.#mayBegin(stream, handed, now - this.#awaitedSince)) {
        // One that came too late is not the one that was asked for.
        if (frame.start === 'key') stream.wantKeyFrame(now)
        return false
      }
      this.#begin(stream, handed, now)
    }
    const gate = this.#gate
    const passes = gate.passes(frame, place)
    if (frame.begins && gate.needsKeyFrame && !this.awaited) stream.wantKeyFrame(now)
    if (passes) return this.sink.send(handed, packet.marker || gate.isLast(frame, place), now)
    this.sink.omit(handed, now)
    return false
  }

  restarted(stream: TappedStream): void {
    if (stream !== this.source) return
    this.#rest()
    if (this.awaited) stream.remove(this)
    else this.#await(stream)
  }

  timelineKnown(stream: TappedStream, now: number): void {
    if (stream === this.source) this.sink.timelineKnown(now)
  }

  ended(stream: TappedStream): void {
    if (stream === this.source) this.#rest()
    if (stream === this.awaited) this.awaited = undefined
  }

  #rest(): void {
    this.source = undefined
    this.sink.rest()
  }

  #stay(layer: Layer, now: number): void {
    const { stream } = layer
    this.awaited?.remove(this)
    this.awaited = undefined
    this.#layer = layer
    stream.rememberFor(this)
    this.#openGate(layer)
    if (this.#gate.needsKeyFrame) stream.wantKeyFrame(now)
  }

  #openGate(layer: Layer): void {
    const { spatial, mostTemporal } = layer
    this.#open = layer
    this.#gate.want(spatial, Math.min(mostTemporal, this.want.layer?.temporal ?? highestLayer))
  }

  #change(layer: Layer, now: number): void {
    const { layers } = this.followed
    const current = layers.find(({ stream }) => stream === this.source)
    // Down at once: until the lower stream begins, no more of the higher one than has to be.
    if (current && current.size > layer.size) this.#gate.want(0, 0)
    this.#layer = layer
    if (this.awaited === layer.stream) return
    this.awaited?.remove(this)
    this.#await(layer.stream)
    const { codec } = layer.stream
    if (!codec || this.sink.accepts(codec.payloadType)) layer.stream.wantKeyFrame(now)
  }

  #await(stream: TappedStream): void {
    this.awaited = stream
    this.#awaitedSince = Number.NaN
    stream.add(this)
  }

  /** Sound begins with any packet, video with a key frame. */
  #mayBegin(stream: TappedStream, { frame, place }: Handed, waitedMs: number): boolean {
    const { highestPlace } = stream
    if (this.followed.kind === 'audio') return place > highestPlace
    // A key frame whose first packet comes late is made up for from the history.
    if (frame.start === 'key') return place > highestPlace || stream.remembers
    if (place < highestPlace) return false
    return waitedMs >= (frame.start === 'opaque' ? opaquePatienceMs : patienceMs)
  }

  #begin(stream: TappedStream, handed: Handed, now: number): void {
    const { source } = this
    this.source = stream
    this.awaited = undefined
    const layer = this.#layer
    if (layer?.stream === stream) this.#openGate(layer)
    this.#gate.begin()
    this.sink.follow(stream, handed, now)
    source?.remove(this)
    if (handed.place < stream.highestPlace) stream.behind(this)
  }
}
