import type { RtpPacket } from '@parley/rtp'
import type { PublishedCodec } from '../control.ts'
import type { FrameStart } from './frame-start.ts'
import type { SourceStream } from './source-stream.ts'
import type { Subscription } from './subscription.ts'

/** Payloads that cannot be read (end-to-end encrypted) are forwarded without a key frame after so long. */
const opaquePatienceMs = 1000
/** From a publisher that sends no key frame although asked, receivers get what there is after so long. */
const patienceMs = 4000

/**
 * Those who follow a stream: fed with every packet, or waiting for one to begin with. Video begins with a key frame,
 * sound with any packet.
 */
export class Audience {
  readonly #stream: SourceStream
  readonly #kind: 'audio' | 'video'
  readonly #fed: Subscription[] = []
  readonly #waiting: Subscription[] = []
  /** They have begun with a late packet; what came after it they have not had. */
  readonly #behind: Subscription[] = []
  #highestPlace = Number.NEGATIVE_INFINITY

  constructor(stream: SourceStream, kind: 'audio' | 'video') {
    this.#stream = stream
    this.#kind = kind
  }

  get size(): number {
    return this.#fed.length + this.#waiting.length
  }

  /** Whether somebody waits who could be sent packets of this payload type. */
  waitsFor(payloadType: number): boolean {
    for (const subscription of this.#waiting) if (subscription.forwards(payloadType)) return true
    return false
  }

  await(subscription: Subscription): void {
    subscription.awaited?.forget(subscription)
    subscription.awaited = this.#stream
    subscription.awaitedSince = Number.NaN
    this.#waiting.push(subscription)
  }

  forget(subscription: Subscription): void {
    remove(this.#fed, subscription)
    remove(this.#waiting, subscription)
    if (subscription.source === this.#stream) subscription.source = undefined
    if (subscription.awaited === this.#stream) subscription.awaited = undefined
  }

  forgetAll(): void {
    for (const subscription of [...this.#fed, ...this.#waiting]) this.forget(subscription)
  }

  /** The stream's timestamps can be told in wall-clock time now. */
  timelineKnown(now: number): void {
    for (const subscription of this.#fed) subscription.timelineKnown(now)
  }

  /** What comes next does not go on from what was: everybody waits for a beginning. */
  restart(): void {
    for (const subscription of this.#fed.splice(0)) {
      subscription.source = undefined
      if (!subscription.awaited) this.await(subscription)
    }
  }

  /** Sends the packet of this place on to everybody; those who waited for one like it begin. Returns how many got it. */
  feed(packet: RtpPacket, codec: PublishedCodec, start: FrameStart, place: number, now: number): number {
    if (this.#waiting.length > 0) this.#beginWith(packet, codec, start, place, now)
    const fed = this.#fed
    for (let i = 0; i < fed.length; i++) (fed[i] as Subscription).forward(packet, place, now)
    if (this.#behind.length > 0) this.#catchUp(place, now)
    if (place > this.#highestPlace) this.#highestPlace = place
    return fed.length
  }

  #beginWith(packet: RtpPacket, codec: PublishedCodec, start: FrameStart, place: number, now: number): void {
    for (let i = this.#waiting.length - 1; i >= 0; i--) {
      const subscription = this.#waiting[i] as Subscription
      if (!subscription.forwards(packet.payloadType)) continue
      if (Number.isNaN(subscription.awaitedSince)) subscription.awaitedSince = now
      if (this.#mayBegin(start, place, now - subscription.awaitedSince)) {
        this.#begin(subscription, packet, codec, place, now)
      }
    }
  }

  #mayBegin(start: FrameStart, place: number, waitedMs: number): boolean {
    if (this.#kind === 'audio') return place > this.#highestPlace
    // A key frame whose first packet comes late is made up for from the history.
    if (start === 'key') return place > this.#highestPlace || this.#stream.remembers
    if (place < this.#highestPlace) return false
    return waitedMs >= (start === 'opaque' ? opaquePatienceMs : patienceMs)
  }

  #begin(subscription: Subscription, packet: RtpPacket, codec: PublishedCodec, place: number, now: number): void {
    if (subscription.source !== this.#stream) subscription.source?.forget(subscription)
    remove(this.#waiting, subscription)
    remove(this.#fed, subscription)
    subscription.follow(this.#stream, packet, place, codec.clockRate, now)
    this.#fed.push(subscription)
    if (place < this.#highestPlace) this.#behind.push(subscription)
  }

  #catchUp(place: number, now: number): void {
    for (const subscription of this.#behind.splice(0)) {
      this.#stream.replay(subscription, place + 1, this.#highestPlace, now)
    }
  }
}

function remove(list: Subscription[], subscription: Subscription): void {
  const at = list.indexOf(subscription)
  if (at >= 0) list.splice(at, 1)
}
