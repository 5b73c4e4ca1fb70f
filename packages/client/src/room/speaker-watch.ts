import type { Speakers } from '@parley/protocol'
import { LevelsWatch, type LevelsWatchOptions } from './levels-watch.ts'
import { SpeakerChoice } from './speaker-choice.ts'

export interface SpeakerWatchOptions extends LevelsWatchOptions {
  readonly speakers: (speakers: Speakers) => void
}

/**
 * Knows how loud people are and who speaks, for those who listen. Who speaks is told by the server where media goes through the
 * SFU; where the server cannot say, we go by what we hear.
 */
export class SpeakerWatch {
  readonly #options: SpeakerWatchOptions
  readonly #levels: LevelsWatch
  readonly #listeners = { levels: 0, speakers: 0 }
  #choice = new SpeakerChoice()
  #told = false

  constructor(options: SpeakerWatchOptions) {
    this.#options = options
    this.#levels = new LevelsWatch({ ...options, heard: levels => this.#heard(levels) })
  }

  /** So many listen to an event now. */
  listening(event: 'levels' | 'speakers', count: number): void {
    this.#listeners[event] = count
    this.#measure()
  }

  /** What the server says; undefined: it cannot say, or we cannot hear it. */
  tell(speakers: Speakers | undefined): void {
    this.#told = speakers !== undefined
    if (speakers) {
      this.#choice = new SpeakerChoice(speakers.recent)
      this.#options.speakers(speakers)
    }
    this.#measure()
  }

  /** Somebody left. */
  forget(id: string): void {
    this.#choice.forget(id)
  }

  close(): void {
    this.#levels.listen(false)
  }

  #measure(): void {
    const { levels, speakers } = this.#listeners
    this.#levels.listen(levels > 0 || (speakers > 0 && !this.#told))
  }

  #heard(levels: ReadonlyMap<string, number>): void {
    const { clock, heard, speakers } = this.#options
    heard(levels)
    if (!this.#told) speakers(this.#choice.receive(levels, clock.now()))
  }
}
