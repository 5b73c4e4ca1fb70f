/** One entry of a statistics report (W3C webrtc-stats), read with care: browsers leave things out. */
export type StatsEntry = { readonly id: string; readonly type: string; readonly timestamp: number } & {
  readonly [name: string]: unknown
}

/** A finite number, or undefined. */
export function numberOf(entry: StatsEntry | undefined, name: string): number | undefined {
  const value = entry?.[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

export function textOf(entry: StatsEntry | undefined, name: string): string | undefined {
  const value = entry?.[name]
  return typeof value === 'string' ? value : undefined
}

/**
 * How far a counter went between two looks at an entry. Undefined at the first look, and when it fell: then it was reset
 * and says nothing.
 */
export function growth(now: StatsEntry, before: StatsEntry | undefined, name: string): number | undefined {
  const next = numberOf(now, name)
  const last = numberOf(before, name)
  return next === undefined || last === undefined || next < last ? undefined : next - last
}

/** Growth per second; undefined where no time has passed. */
export function rate(now: StatsEntry, before: StatsEntry | undefined, name: string): number | undefined {
  const amount = growth(now, before, name)
  const elapsedMs = now.timestamp - (before?.timestamp ?? now.timestamp)
  return amount === undefined || elapsedMs <= 0 ? undefined : (amount * 1000) / elapsedMs
}
