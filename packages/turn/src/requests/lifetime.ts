const defaultS = 600

/** How long an allocation lives: what was asked for, between ten minutes and the most we give (RFC 8656 §7.2). */
export function grantedLifetimeS(asked: number | undefined, mostS: number): number {
  return Math.min(mostS, Math.max(asked ?? defaultS, defaultS))
}
