import { bad, type Finding, good, note } from './finding.ts'
import { duration } from './turn-credentials.ts'

const tolerableMs = 2 * 60_000
const memoryMs = 60 * 60_000
const most = 64
/** If so many guests agree with each other, their clocks are right. */
const enough = 3

/** Compares this machine's clock with those of its guests. Pure; times are in milliseconds since 1970. */
export class Clocks {
  /** By identity; the newest last. */
  readonly #ahead = new Map<string, { readonly at: number; readonly ms: number }>()

  /** A guest reports the time of its own clock. */
  heard(identity: string, theirs: number, now: number): void {
    this.#ahead.delete(identity)
    this.#ahead.set(identity, { at: now, ms: theirs - now })
    const [oldest] = this.#ahead.keys()
    if (this.#ahead.size > most && oldest !== undefined) this.#ahead.delete(oldest)
  }

  finding(now: number): Finding {
    const check = 'clock beside those of guests'
    const recent = [...this.#ahead.values()].filter(({ at }) => now - at < memoryMs).map(({ ms }) => ms)
    const off = recent.filter(ms => Math.abs(ms) > tolerableMs).sort((a, b) => a - b)
    const median = off[Math.floor(off.length / 2)]
    if (median === undefined) return good(check, 'they agree')
    const agree = off.filter(ms => Math.abs(ms - median) < tolerableMs).length
    const way = (ms: number) => `${duration(Math.abs(ms) / 1000)} ${ms > 0 ? 'ahead of' : 'behind'}`
    if (agree >= enough && agree > recent.length / 2) {
      const detail = `${agree} of the last ${recent.length} guests have a clock that is ${way(median)} this one, and agree with each other: this one is wrong`
      return bad(
        check,
        detail,
        'Set the clock of this machine, and keep it set with NTP (timedatectl set-ntp true): tokens and TURN credentials go by it.',
      )
    }
    const whose = off.length === 1 ? 'a guest’s clock is' : `the clocks of ${off.length} guests are, in the middle,`
    return note(
      check,
      `${whose} ${way(median)} this one, where it is ${new Date(now).toISOString()}`,
      'If this one is right, theirs is wrong: let them set it, or tokens and certificates fail for them. If not, set that of this machine, and keep it set with NTP (timedatectl set-ntp true).',
    )
  }
}
