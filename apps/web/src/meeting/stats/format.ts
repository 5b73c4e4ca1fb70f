/** Numbers of the statistics in words; undefined where nothing was measured, and never a made-up zero. */
type Measured = number | undefined

function known(value: Measured): value is number {
  return value !== undefined && Number.isFinite(value)
}

function decimals(value: number, language: string, digits: number): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)
}

/** `820 kbit/s`, `2.4 Mbit/s`. */
export function formatBitrate(bps: Measured, language: string): string | undefined {
  if (!known(bps)) return undefined
  if (bps >= 1_000_000) return `${decimals(bps / 1_000_000, language, 1)} Mbit/s`
  return `${decimals(bps / 1000, language, bps < 10_000 ? 1 : 0)} kbit/s`
}

/** `0.4 %` of a share 0..1. */
export function formatShare(share: Measured, language: string): string | undefined {
  return known(share) ? `${decimals(share * 100, language, share < 0.1 ? 1 : 0)} %` : undefined
}

export function formatMs(ms: Measured, language: string): string | undefined {
  return known(ms) ? `${decimals(ms, language, ms < 10 ? 1 : 0)} ms` : undefined
}

/** `1280 × 720`; a picture without a size is not known yet. */
export function formatResolution(width: Measured, height: Measured): string | undefined {
  return width && height && known(width) && known(height) ? `${width} × ${height}` : undefined
}

export function formatRate(perSecond: Measured, language: string): string | undefined {
  return known(perSecond) ? decimals(perSecond, language, 0) : undefined
}

export function formatCount(count: Measured, language: string): string | undefined {
  return known(count) ? decimals(count, language, 0) : undefined
}
