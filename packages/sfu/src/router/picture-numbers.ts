import { type LayerInfo, type RtpPacket, rewritePictureId } from '@parley/rtp'
import { Compaction } from './compaction.ts'

const cycle = { pictureId: 0x8000, tl0PicIdx: 0x100 } as const

/**
 * Keeps the numbers that VP8 and VP9 give to pictures (RFC 7741 §4.2, RFC 9628 §4.2) in one line over changes of source and, in VP8,
 * over pictures that are left out: a receiver of VP8 takes a gap for a loss; VP9 counts references in these numbers, so
 * that a gap there has to stay.
 */
export class PictureNumbers {
  #pictureIdShift = 0
  #tl0Shift = 0
  #lastPictureId = -1
  #lastTl0PicIdx = -1
  /** By place of the packet: how many pictures before it were left out. */
  #omitted: Compaction | undefined
  #lastOmitted = -1
  readonly #before = { pictureId: 0, tl0PicIdx: 0 }

  /** Another source begins with this packet: its numbers go on after the last. */
  follow(numbers: LayerInfo): void {
    this.#omitted = undefined
    this.#lastOmitted = -1
    this.#pictureIdShift = this.#lastPictureId < 0 ? 0 : this.#lastPictureId + 1 - numbers.pictureId
    this.#tl0Shift = this.#lastTl0PicIdx < 0 ? 0 : this.#lastTl0PicIdx + 1 - numbers.tl0PicIdx
  }

  /** A packet of VP8 is left out, the newest so far. */
  omit({ pictureId }: LayerInfo, place: number): void {
    if (pictureId < 0 || pictureId === this.#lastOmitted) return
    this.#lastOmitted = pictureId
    this.#omitted ??= new Compaction()
    this.#omitted.omit(place)
  }

  /** A packet is sent, or will be. */
  sent({ pictureId, pictureIdBits, tl0PicIdx }: LayerInfo, place: number): void {
    const ownPictureId = this.#pictureId(pictureId, place)
    const ownTl0PicIdx = this.#tl0PicIdx(tl0PicIdx)
    if (pictureId >= 0 && isAhead(this.#lastPictureId, ownPictureId, 2 ** pictureIdBits)) {
      this.#lastPictureId = ownPictureId
    }
    if (tl0PicIdx >= 0 && isAhead(this.#lastTl0PicIdx, ownTl0PicIdx, cycle.tl0PicIdx)) {
      this.#lastTl0PicIdx = ownTl0PicIdx
    }
  }

  /** Writes this subscriber's numbers into a payload. @returns Whether they are others: then {@link restore} takes them out again. */
  apply({ bytes }: RtpPacket, numbers: LayerInfo, place: number): boolean {
    if (this.#pictureIdShift === 0 && this.#tl0Shift === 0 && !this.#omitted) return false
    const { pictureId, tl0PicIdx } = numbers
    this.#before.pictureId = pictureId
    this.#before.tl0PicIdx = tl0PicIdx
    rewritePictureId(bytes, numbers, this.#pictureId(pictureId, place), this.#tl0PicIdx(tl0PicIdx))
    return true
  }

  /** Makes the payload what it was before {@link apply}: others are sent it, too. */
  restore({ bytes }: RtpPacket, numbers: LayerInfo): void {
    rewritePictureId(bytes, numbers, this.#before.pictureId, this.#before.tl0PicIdx)
  }

  #pictureId(pictureId: number, place: number): number {
    // As far as it is known how many pictures before this place were left out.
    const omitted = this.#omitted ? place - this.#omitted.place(place) || 0 : 0
    return (pictureId + this.#pictureIdShift - omitted) & (cycle.pictureId - 1)
  }

  #tl0PicIdx(tl0PicIdx: number): number {
    return (tl0PicIdx + this.#tl0Shift) & (cycle.tl0PicIdx - 1)
  }
}

function isAhead(last: number, next: number, of: number): boolean {
  return last < 0 || ((next - last) & (of - 1)) < of / 2
}
