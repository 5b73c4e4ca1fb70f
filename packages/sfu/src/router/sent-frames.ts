import type { DependencyDescriptor } from '@parley/rtp'

/** A power of two. Frames that need older ones are taken to need what was not sent. */
const slots = 256
const none = -1

/** Which of the last frames of a stream were sent to one subscriber, by the numbers in their dependency descriptors. */
export class SentFrames {
  readonly #numbers = new Int32Array(slots).fill(none)

  add(frameNumber: number): void {
    this.#numbers[frameNumber & (slots - 1)] = frameNumber
  }

  /** Whether everything that a frame needs was sent. */
  haveAll({ frameNumber, frameDiffs, frameDiffCount }: DependencyDescriptor): boolean {
    for (let i = 0; i < frameDiffCount; i++) {
      const needed = (frameNumber - (frameDiffs[i] as number)) & 0xffff
      if (this.#numbers[needed & (slots - 1)] !== needed) return false
    }
    return true
  }

  forget(): void {
    this.#numbers.fill(none)
  }
}
