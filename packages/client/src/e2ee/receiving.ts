import type { FrameCryptor } from './frame-cryptor.ts'
import type { EncodedFrame, Reading } from './worker-messages.ts'

/** So many frames in a row have to fail before it is said: keys come a little later than frames, and some frames are just broken. */
const patience = 10

/** A picture is asked for at most so often, in frames that could not be used. */
const askEvery = 15

/** After the first, frames that could not be decrypted are told of by so many: about once a second of a picture. */
const tellEvery = 25

export interface ReceivingOptions {
  readonly cryptor: FrameCryptor
  /** Something else is true of the frames now. */
  changed(participant: string, reading: Reading): void
  /** So many more frames could not be decrypted. */
  undecrypted(participant: string, frames: number): void
  /** Asks the sender for a key frame, where the browser can. */
  wantKeyFrame(): void
}

/** The frames of one receiver: lets pass what can be decrypted, and nothing else. */
export class Receiving {
  readonly #options: ReceivingOptions
  #participant: string | undefined
  #reading: Reading | undefined
  #failures = 0
  /** Frames that could not be decrypted and have not been told of; NaN: none has been yet. */
  #untold = Number.NaN
  /** A frame was left out, so that those after it cannot be decoded until a key frame comes. */
  #broken = true
  #unusable = 0

  constructor(options: ReceivingOptions) {
    this.#options = options
  }

  /** Whose frames come from now on. */
  assign(participant: string | undefined): void {
    if (participant === this.#participant) return
    this.#participant = participant
    this.#reading = undefined
    this.#failures = 0
    this.#untold = Number.NaN
    this.#broken = true
  }

  /** Decrypts a frame in place. False: it must not be played. */
  async accept(frame: EncodedFrame): Promise<boolean> {
    const participant = this.#participant
    if (participant === undefined || frame.data.byteLength === 0) return false
    const problem = await this.#options.cryptor.decrypt(participant, frame)
    if (participant !== this.#participant) return false
    if (problem === 'replayed') return false
    if (problem) {
      this.#broken = true
      this.#failures++
      this.#count(participant)
      if (this.#failures >= patience) this.#say(participant, readings[problem])
      return false
    }
    this.#failures = 0
    this.#say(participant, 'readable')
    return frame.type === undefined || this.#decodable(frame.type)
  }

  /** Whether a picture can be decoded after those that were let pass. */
  #decodable(type: string): boolean {
    if (type === 'key') this.#broken = false
    if (!this.#broken) {
      this.#unusable = 0
      return true
    }
    if (this.#unusable++ % askEvery === 0) this.#options.wantKeyFrame()
    return false
  }

  #count(participant: string): void {
    const isFirst = Number.isNaN(this.#untold)
    this.#untold = isFirst ? 1 : this.#untold + 1
    if (!isFirst && this.#untold < tellEvery) return
    this.#options.undecrypted(participant, this.#untold)
    this.#untold = 0
  }

  #say(participant: string, reading: Reading): void {
    if (reading === this.#reading) return
    this.#reading = reading
    this.#options.changed(participant, reading)
  }
}

const readings = {
  plain: 'plain',
  malformed: 'foreign',
  'not-authentic': 'foreign',
  'no-key': 'no-key',
} as const
