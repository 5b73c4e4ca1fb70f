/** What the ICE agents count. Plain numbers, so that those of several threads can be added up. */
export interface IceCounters {
  /** Connectivity checks that were valid, and answered. */
  checks: number
  /** Authentic checks that were answered with an error: a role conflict, an unknown attribute, a malformed value. */
  checksRefused: number
  /** Checks that named one of our agents, but lacked its password or had a wrong FINGERPRINT. Not answered. */
  checksForged: number
  /** Checks that had arrived before, from another address. Not answered. */
  checksReplayed: number
  /** Checks from the address of another peer, who is still there. Not answered. */
  checksContested: number
  /** How often media moved to another path. */
  pathChanges: number
  /** How often a peer's consent ended (RFC 7675). */
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
