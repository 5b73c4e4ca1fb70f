/** A wall-clock time as in sender reports: 64-bit NTP, in two halves (RFC 3550 §4). */
export interface NtpTime {
  /** Since 1900, modulo 2^32. */
  readonly seconds: number
  /** In 2^-32 s. */
  readonly fraction: number
}

/** From 1900 to 1970. */
const unixEpochSeconds = 2_208_988_800
const wrap = 0x100000000

/** Milliseconds since 1970, fractions included, as NTP time. */
export function ntpFromUnixMs(unixMs: number): NtpTime {
  const wholeSeconds = Math.floor(unixMs / 1000)
  const fraction = Math.round(((unixMs - wholeSeconds * 1000) / 1000) * wrap)
  const carried = fraction === wrap
  return { seconds: (wholeSeconds + unixEpochSeconds + (carried ? 1 : 0)) % wrap, fraction: carried ? 0 : fraction }
}

/** NTP time as milliseconds since 1970. Seconds without the first bit are after February 2036 (RFC 4330 §3). */
export function unixMsFromNtp({ seconds, fraction }: NtpTime): number {
  const since1900 = seconds < wrap / 2 ? seconds + wrap : seconds
  return (since1900 - unixEpochSeconds) * 1000 + (fraction * 1000) / wrap
}

/** The middle 32 bits: what LSR and LRR hold, in 1/65,536 s (RFC 3550 §6.4.1). */
export function compactNtp({ seconds, fraction }: NtpTime): number {
  return ((seconds << 16) | (fraction >>> 16)) >>> 0
}

/** A time span in 1/65,536 s, as DLSR and DLRR hold it; at most what fits 32 bits, 18 hours. */
export function compactNtpSpan(ms: number): number {
  return Math.min(0xffffffff, Math.max(0, Math.round(ms * 65.536)))
}

/**
 * The round-trip time in milliseconds that a report block yields (RFC 3550 §6.4.1), or undefined if no sender report had
 * come (`lastSr` is 0). A little below zero by clock error is 0.
 */
export function roundTripMs(
  now: NtpTime,
  { lastSr, delaySinceLastSr }: { readonly lastSr: number; readonly delaySinceLastSr: number },
): number | undefined {
  if (lastSr === 0) return undefined
  return Math.max(0, (compactNtp(now) - lastSr - delaySinceLastSr) | 0) / 65.536
}
