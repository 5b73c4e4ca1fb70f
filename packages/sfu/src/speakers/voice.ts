/** How often voices are judged, ms: five packets of 20 ms. */
export const tickMs = 100

/** Levels are in -dBov as in RFC 6464: 0 is the loudest, 127 is silence. What is quieter than this is never a voice. */
const gate = 55
/** How much louder than its own noise a voice is, dB. */
const aboveNoiseDb = 9
/** The noise is the quietest tick of such a window: speech pauses in it, machines do not. */
const noiseWindowMs = 3000
/** From one window to the next the noise grows by no more, dB, for those who talk without a pause. */
const noiseStepDb = 10
/** No noise is taken to be quieter. */
const leastNoise = 75
/** What is taken for the noise of somebody who was not heard before. */
const firstNoise = 45
/** What was quiet for so long is not judged until it is louder. */
const sleepMs = 1000
const silence = 127

/** So much speech makes somebody a speaker; a cough or a slammed door is shorter. */
const attackMs = 600
/** Credit for speech stops growing here, so that somebody else can take over after a monologue. */
const mostCreditMs = 1000
/** A pause between words takes nothing away. */
const pauseMs = 200
/** So much speech lights somebody up: more than a click. */
const noticedMs = 300
/** Somebody is shown as speaking until so long after the last sound. */
const lingerMs = 500
/** Weight of loudness beside credit, so that of a voice and its echo the voice wins. */
const loudnessMsPerDb = 4

/**
 * What is known of one microphone, from the audio levels of its packets (RFC 6464). Takes speech to be what is clearly louder
 * than that microphone's own noise for a while. The sender's own verdict, the V bit, is not used: Chromium sets it for
 * everything that it sends.
 */
export class Voice {
  readonly id: number
  readonly #woken: (now: number) => void
  /** Of the packets since the last tick. */
  #sum = 0
  #count = 0
  #quietMs = 0
  #noise = firstNoise
  #quietest = 0
  #windowMs = 0
  #unvoicedMs = lingerMs
  /** Average of the ticks with a voice. */
  #level = gate
  #awake = false
  /** How much was spoken lately, ms. */
  credit = 0
  /** Is heard now, or was until a moment ago. */
  speaking = false

  /** @param woken Called when there is something to judge after silence: {@link tick} is to be called from then on. */
  constructor(id: number, woken: (now: number) => void) {
    this.id = id
    this.#woken = woken
  }

  /** There is nothing to judge until the next packet that is not silent. */
  get asleep(): boolean {
    return !this.#awake
  }

  /** Has spoken long enough for a speaker. */
  get holds(): boolean {
    return this.credit >= attackMs
  }

  /** What voices are compared by. */
  get score(): number {
    return this.credit + loudnessMsPerDb * (gate - this.#level)
  }

  /** A packet has come. @param level 0 to 127, in -dBov. */
  heard(level: number, now: number): void {
    if (!this.#awake) {
      if (level > gate) {
        this.#noise = Math.max(this.#noise, Math.min(level, leastNoise))
        return
      }
      this.#awake = true
      this.#woken(now)
    }
    this.#sum += level
    this.#count++
  }

  /** Judges the last {@link tickMs}. Without packets it was silent: nothing is sent of silence (DTX), or it is muted. */
  tick(): void {
    const level = this.#count > 0 ? this.#sum / this.#count : silence
    const voiced = level <= gate && level <= this.#noise - aboveNoiseDb
    // Only packets tell of noise: where there is none, it may have been lost.
    if (this.#count > 0) this.#learnNoise(level)
    this.#sum = 0
    this.#count = 0
    this.#quietMs = level <= gate ? 0 : this.#quietMs + tickMs
    if (voiced) {
      this.#unvoicedMs = 0
      this.#level += (level - this.#level) / 4
      this.credit = Math.min(mostCreditMs, this.credit + tickMs)
      if (this.credit >= noticedMs) this.speaking = true
    } else {
      this.#unvoicedMs += tickMs
      if (this.#unvoicedMs > pauseMs) this.credit = Math.max(0, this.credit - tickMs)
      if (this.#unvoicedMs >= lingerMs) this.speaking = false
    }
    if (this.#quietMs >= sleepMs && this.credit === 0) this.#sleep()
  }

  #learnNoise(level: number): void {
    this.#quietest = Math.max(this.#quietest, level)
    this.#noise = Math.max(this.#noise, Math.min(level, leastNoise))
    this.#windowMs += tickMs
    if (this.#windowMs < noiseWindowMs) return
    this.#noise = Math.max(this.#quietest, this.#noise - noiseStepDb)
    this.#quietest = 0
    this.#windowMs = 0
  }

  #sleep(): void {
    this.#awake = false
    this.#quietMs = 0
    this.#quietest = 0
    this.#windowMs = 0
    this.#level = gate
  }
}
