/** A wall-clock time as sender reports have it: 64-bit NTP, in two halves (RFC 3550 §4). */
export interface NtpTime {
  /** Seconds since 1900, modulo 2^32. */
  readonly seconds: number
  /** The rest, in units of 2^-32 s. */
  readonly fraction: number
}

/** The seconds from 1900 to 1970. */
const unixEpochSeconds = 2_208_988_800
const wrap = 0x100000000

/** Milliseconds since 1970, fractions included, as NTP time. */
export function ntpFromUnixMs(unixMs: number): NtpTime {
  const wholeSeconds = Math.floor(unixMs / 1000)
  const fraction = Math.round(((unixMs - wholeSeconds * 1000) / 1000) * wrap)
  const carried = fraction === wrap
  return { seconds: (wholeSeconds + unixEpochSeconds + (carried ? 1 : 0)) % wrap, fraction: carried ? 0 : fraction }
}

/** NTP time as milliseconds since 1970. Seconds whose highest bit is 0 count from February 2036 (RFC 4330 §3). */
export function unixMsFromNtp({ seconds, fraction }: NtpTime): number {
  const since1900 = seconds < wrap / 2 ? seconds + wrap : seconds
  return (since1900 - unixEpochSeconds) * 1000 + (fraction * 1000) / wrap
}

/** The middle 32 bits, in units of 1/65,536 s, as the fields LSR and LRR hold them (RFC 3550 §6.4.1). */
export function compactNtp({ seconds, fraction }: NtpTime): number {
  return ((seconds << 16) | (fraction >>> 16)) >>> 0
}

/** A time span in units of 1/65,536 s, as the fields DLSR and DLRR hold it; at most 18 hours, which is what 32 bits hold. */
export function compactNtpSpan(ms: number): number {
  return Math.min(0xffffffff, Math.max(0, Math.round(ms * 65.536)))
}

/**
 * The round-trip time in milliseconds, worked out from a report block (RFC 3550 §6.4.1); undefined if its sender had no
 * sender report yet (`lastSr` is 0). Where clock errors would make it negative, it is 0.
 */
export function roundTripMs(
  now: NtpTime,
  { lastSr, delaySinceLastSr }: { readonly lastSr: number; readonly delaySinceLastSr: number },
): number | undefined {
  if (lastSr === 0) return undefined
  return Math.max(0, (compactNtp(now) - lastSr - delaySinceLastSr) | 0) / 65.536
}
