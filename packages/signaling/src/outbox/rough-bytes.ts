/** About how much a value weighs, without encoding it: near enough to bound a log by, cheap enough for every event. */
export function roughBytes(value: unknown): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 8
  let bytes = 16
  for (const key in value) bytes += key.length + 4 + roughBytes((value as Record<string, unknown>)[key])
  return bytes
}
