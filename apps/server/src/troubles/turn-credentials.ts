import { bad, type Finding, good } from './finding.ts'

/** Totals of what TURN has refused. */
export interface RefusedCredentials {
  /** The password was right, but the time in the user name had passed. */
  readonly credentialsExpired: number
  /** By how much altogether, in seconds. */
  readonly credentialsExpiredS: number
  /** The password was not that of the user name. */
  readonly credentialsWrong: number
}

const memoryMs = 10 * 60_000
const check = 'TURN credentials'

/** Tells expired credentials from wrong ones, because their remedies differ. Pure; `now` is in milliseconds. */
export class CredentialWatch {
  #last: RefusedCredentials = { credentialsExpired: 0, credentialsExpiredS: 0, credentialsWrong: 0 }
  #expired: { readonly at: number; readonly byS: number } | undefined
  #wrongAt: number | undefined

  /** Takes totals, which begin at 0 again whenever the media process restarts. */
  counted(sums: RefusedCredentials, now: number): void {
    const fresh =
      sums.credentialsExpired < this.#last.credentialsExpired || sums.credentialsWrong < this.#last.credentialsWrong
    const before = fresh ? { credentialsExpired: 0, credentialsExpiredS: 0, credentialsWrong: 0 } : this.#last
    this.#last = sums
    const expired = sums.credentialsExpired - before.credentialsExpired
    if (expired > 0) this.#expired = { at: now, byS: (sums.credentialsExpiredS - before.credentialsExpiredS) / expired }
    if (sums.credentialsWrong > before.credentialsWrong) this.#wrongAt = now
  }

  findings(now: number): Finding[] {
    return [this.#ended(now), this.#mistaken(now)]
  }

  #ended(now: number): Finding {
    const about = `${check}, expired`
    if (!this.#expired || now - this.#expired.at > memoryMs) return good(about, 'none came')
    return bad(
      about,
      `a client came with credentials that ended ${duration(this.#expired.byS)} ago by this server’s clock (${new Date(now).toISOString()})`,
      'The page must fetch new ones in time (GET /api/ice-servers; the SDK does). If they were new, the clock of what made them is behind by as much: set both clocks by NTP.',
    )
  }

  #mistaken(now: number): Finding {
    const about = `${check}, wrong`
    if (this.#wrongAt === undefined || now - this.#wrongAt > memoryMs) return good(about, 'none came')
    return bad(
      about,
      'a client came with a user name or a password that is not of this server’s making',
      'Whatever makes the credentials needs this server’s secret (--turn-secret, or turn.key in the data folder) and realm (--turn-realm).',
    )
  }
}

/** In the unit that a person would use. */
export function duration(seconds: number): string {
  const s = Math.round(seconds)
  if (s < 120) return `${s} s`
  if (s < 7200) return `${Math.round(s / 60)} min`
  return s < 48 * 3600 ? `${Math.round(s / 3600)} h` : `${Math.round(s / 86_400)} days`
}
