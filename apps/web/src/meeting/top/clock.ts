/** `4:05`, or `1:04:05` from an hour on. Never negative. */
export function formatDuration(ms: number): string {
  const { hours, minutes, seconds } = parts(ms)
  const tail = `${hours > 0 ? String(minutes).padStart(2, '0') : minutes}:${String(seconds).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${tail}` : tail
}

/** The same for `<time datetime>`: `PT1H4M5S`. */
export function isoDuration(ms: number): string {
  const { hours, minutes, seconds } = parts(ms)
  return `PT${hours}H${minutes}M${seconds}S`
}

function parts(ms: number) {
  const total = Math.max(0, Math.floor(ms / 1000))
  return { hours: Math.floor(total / 3600), minutes: Math.floor(total / 60) % 60, seconds: total % 60 }
}

/** The time of day of a message, as the reader's language writes it. */
export function formatTimeOfDay(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(at)
}
