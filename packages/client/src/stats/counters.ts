/** One entry of a statistics report (W3C webrtc-stats). Browsers leave things out, so that nothing else is taken for granted. */
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
 * How much a counter has grown between two reports. Undefined for the first report, and if the counter fell, because then it was
 * reset.
 */
export function growth(now: StatsEntry, before: StatsEntry | undefined, name: string): number | undefined {
  const next = numberOf(now, name)
  const last = numberOf(before, name)
  return next === undefined || last === undefined || next < last ? undefined : next - last
}

/** Growth per second; undefined if no time has passed. */
export function rate(now: StatsEntry, before: StatsEntry | undefined, name: string): number | undefined {
  const amount = growth(now, before, name)
  const elapsedMs = now.timestamp - (before?.timestamp ?? now.timestamp)
  return amount === undefined || elapsedMs <= 0 ? undefined : (amount * 1000) / elapsedMs
}
