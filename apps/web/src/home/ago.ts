const units = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const

/** “2 hours ago”, “yesterday”, “now”, in the language of `tag`. */
export function ago(at: number, now: number, tag: string): string {
  const format = new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style: 'long' })
  const passed = Math.max(0, now - at)
  for (const { unit, ms } of units) if (passed >= ms) return format.format(-Math.floor(passed / ms), unit)
  return format.format(0, 'second')
}
