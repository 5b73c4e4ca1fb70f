import type { FromMedia } from '../control.ts'
import { Alarm, type Alarms } from '../router/alarms.ts'
import { SpeakerDetector } from './speaker-detector.ts'
import { tickMs, type Voice } from './voice.ts'

/** At most one report of a group in so long. */
const reportMs = 200

export interface SpeakerGroupsOptions {
  readonly alarms: Alarms
  readonly report: (message: FromMedia) => void
}

/** Those of whom one is the speaker, with the times at which they are judged and told of. */
class SpeakerGroup {
  readonly detector = new SpeakerDetector(now => this.#wake(now))
  readonly #number: number
  readonly #options: SpeakerGroupsOptions
  readonly #alarm = new Alarm(now => this.#ring(now))
  #reportedAt = Number.NEGATIVE_INFINITY
  #news = false

  constructor(number: number, options: SpeakerGroupsOptions) {
    this.#number = number
    this.#options = options
  }

  remove(voice: number, now: number): void {
    if (!this.detector.remove(voice)) return
    this.#news = true
    this.#wake(now)
  }

  close(): void {
    this.#options.alarms.clear(this.#alarm)
  }

  #wake(now: number): void {
    this.#options.alarms.setBy(this.#alarm, now + tickMs)
  }

  #ring(now: number): void {
    if (this.detector.tick()) this.#news = true
    if (this.#news && now - this.#reportedAt >= reportMs) this.#report(now)
    if (this.#news || !this.detector.idle) this.#options.alarms.set(this.#alarm, now + tickMs)
  }

  #report(now: number): void {
    this.#news = false
    this.#reportedAt = now
    const { speakers, speaking } = this.detector
    this.#options.report({ is: 'speakers', group: this.#number, publications: speakers, speaking })
  }
}

/** Who speaks in each group of publications. A group is made by its first voice and ends with its last. */
export class SpeakerGroups {
  readonly #options: SpeakerGroupsOptions
  readonly #groups = new Map<number, SpeakerGroup>()
  /** The group of each publication. */
  readonly #memberships = new Map<number, number>()

  constructor(options: SpeakerGroupsOptions) {
    this.#options = options
  }

  /** The voice of a publication, now in this group and in no other. */
  join(publication: number, group: number, now: number): Voice {
    this.leave(publication, now)
    const joined = this.#groups.get(group) ?? new SpeakerGroup(group, this.#options)
    this.#groups.set(group, joined)
    this.#memberships.set(publication, group)
    return joined.detector.add(publication)
  }

  leave(publication: number, now: number): void {
    const number = this.#memberships.get(publication)
    const group = number === undefined ? undefined : this.#groups.get(number)
    if (number === undefined || !group) return
    this.#memberships.delete(publication)
    group.remove(publication, now)
    if (group.detector.size > 0) return
    group.close()
    this.#groups.delete(number)
  }

  close(): void {
    for (const group of this.#groups.values()) group.close()
    this.#groups.clear()
    this.#memberships.clear()
  }
}
