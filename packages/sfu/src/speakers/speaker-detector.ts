import { tickMs, Voice } from './voice.ts'

/** How far ahead of a speaker who is still heard another has to be, ms of credit. */
const marginMs = 300
/** As many as may be of use to a screen. */
const mostSpeakers = 10

/**
 * Decides who speaks in a room, without flicker: coughs and clicks are too short, constant noise is no speech, pauses between
 * words do not count, and the last speaker stays while everybody is silent. Somebody else takes over 0.6 to 1 s after they have
 * begun and the one before has stopped; whoever talks over the speaker does not, unless much louder. After Volfin and Cohen
 * (Dominant speaker identification for multipoint videoconferencing, 2013) it judges by what was spoken over a medium time, and
 * leaves out their likelihoods, which need frames at an even pace: packets are lost, late or, in silence, not sent.
 *
 * Pure: levels come by {@link Voice.heard}, and while {@link SpeakerDetector.idle} is false, {@link SpeakerDetector.tick} is
 * to be called every {@link tickMs}.
 */
export class SpeakerDetector {
  readonly #voices = new Map<number, Voice>()
  readonly #woken: (now: number) => void
  #speakers: number[] = []
  #speaking: number[] = []
  #awake = 0

  /** @param woken Somebody can be heard after everybody was silent: begin to tick. */
  constructor(woken: (now: number) => void) {
    this.#woken = woken
  }

  /** The speaker, who may be silent at the moment, then those before, the latest first. */
  get speakers(): readonly number[] {
    return this.#speakers
  }

  /** Whose voice is heard now, in no order that means anything. */
  get speaking(): readonly number[] {
    return this.#speaking
  }

  get idle(): boolean {
    return this.#awake === 0
  }

  get size(): number {
    return this.#voices.size
  }

  add(id: number): Voice {
    const voice = new Voice(id, now => {
      this.#awake++
      if (this.#awake === 1) this.#woken(now)
    })
    this.#voices.set(id, voice)
    return voice
  }

  /** @returns Whether anything has changed. */
  remove(id: number): boolean {
    const voice = this.#voices.get(id)
    if (!voice) return false
    this.#voices.delete(id)
    if (!voice.asleep) this.#awake--
    const told = this.#speakers.includes(id) || this.#speaking.includes(id)
    this.#speakers = this.#speakers.filter(speaker => speaker !== id)
    this.#speaking = this.#speaking.filter(speaker => speaker !== id)
    return told
  }

  /** Judges the time since the last call. @returns Whether anything has changed. */
  tick(): boolean {
    let speaking = 0
    let changed = false
    let best: Voice | undefined
    for (const voice of this.#voices.values()) {
      if (voice.asleep) continue
      voice.tick()
      if (voice.asleep) this.#awake--
      if (voice.holds && (!best || voice.score > best.score)) best = voice
      if (!voice.speaking) continue
      changed ||= this.#speaking[speaking] !== voice.id
      speaking++
    }
    if (changed || speaking !== this.#speaking.length) {
      changed = true
      this.#speaking = [...this.#voices.values()].filter(voice => voice.speaking).map(voice => voice.id)
    }
    return this.#consider(best) || changed
  }

  #consider(best: Voice | undefined): boolean {
    const [current] = this.#speakers
    if (!best || best.id === current) return false
    const defending = current === undefined ? undefined : this.#voices.get(current)
    if (defending && best.score <= defending.score + (defending.speaking ? marginMs : 0)) return this.#remember(best)
    this.#speakers = [best.id, ...this.#speakers.filter(id => id !== best.id)].slice(0, mostSpeakers)
    return true
  }

  /** Somebody who talks over the speaker is worth remembering, behind them. */
  #remember({ id }: Voice): boolean {
    const [current, ...others] = this.#speakers
    if (current === undefined || others.includes(id)) return false
    this.#speakers = [current, id, ...others].slice(0, mostSpeakers)
    return true
  }
}
