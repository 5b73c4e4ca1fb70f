/** What the ICE agents count; plain numbers, so that threads can add theirs up. */
export interface IceCounters {
  /** Connectivity checks that were right, and answered. */
  checks: number
  /** Authenticated, but answered with an error: a role conflict, an unknown attribute, a malformed value. */
  checksRefused: number
  /** Named one of our agents, but without its password, or with a wrong FINGERPRINT: not answered. */
  checksForged: number
  /** A check that had come before, from elsewhere: not answered. */
  checksReplayed: number
  /** From the address of another peer, who is still there: not answered. */
  checksContested: number
  /** Times that media moved to another path. */
  pathChanges: number
  /** Times that a peer's consent ended (RFC 7675). */
  consentLost: number
}

export function emptyIceCounters(): IceCounters {
  return {
    checks: 0,
    checksRefused: 0,
    checksForged: 0,
    checksReplayed: 0,
    checksContested: 0,
    pathChanges: 0,
    consentLost: 0,
  }
}
