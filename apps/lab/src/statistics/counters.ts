import type { ConnectionSample, StatsEntry } from '@parley/diagnostics'

/** Drops NaN and Infinity, which nonsensical counters would lead to. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}

/** The named field if it is a finite number, otherwise undefined. */
export function numberOf(entry: StatsEntry | undefined, name: string): number | undefined {
  const value = entry?.[name]
  return typeof value === 'number' ? finite(value) : undefined
}

export function textOf(entry: StatsEntry | undefined, name: string): string | undefined {
  const value = entry?.[name]
  return typeof value === 'string' ? value : undefined
}

/** How much a counter grew. Undefined at the first sample, and if it fell, since then it has been reset. */
export function growth(now: StatsEntry, before: StatsEntry | undefined, name: string): number | undefined {
  const next = numberOf(now, name)
  const last = numberOf(before, name)
  return next === undefined || last === undefined || next < last ? undefined : finite(next - last)
}

/** Growth per second; undefined if no time has passed. */
export function rate(now: StatsEntry, before: StatsEntry | undefined, name: string): number | undefined {
  const amount = growth(now, before, name)
  const elapsedMs = before ? now.timestamp - before.timestamp : 0
  return amount === undefined || elapsedMs <= 0 ? undefined : finite((amount * 1000) / elapsedMs)
}

/** Growth of one counter per unit of another, e.g. ms per frame; undefined if the other did not grow. */
export function perUnit(
  now: StatsEntry,
  before: StatsEntry | undefined,
  total: string,
  count: string,
): number | undefined {
  const amount = growth(now, before, total)
  const units = growth(now, before, count)
  return amount === undefined || units === undefined || units === 0 ? undefined : finite(amount / units)
}

/** Share of the expected packets that did not arrive. Late packets make the lost count fall. */
export function lossShare(now: StatsEntry, before: StatsEntry | undefined): number | undefined {
  const received = growth(now, before, 'packetsReceived')
  if (received === undefined) return undefined
  const lost = growth(now, before, 'packetsLost') ?? 0
  return received + lost === 0 ? undefined : finite(lost / (received + lost))
}

export function entryOf({ stats }: Pick<ConnectionSample, 'stats'>, id: string | undefined): StatsEntry | undefined {
  return id === undefined ? undefined : stats.find(entry => entry.id === id)
}

/** The candidate pair in use. Firefox has no transport entries, but marks the pair itself. */
export function selectedPair(connection: Pick<ConnectionSample, 'stats'>): StatsEntry | undefined {
  const transport = connection.stats.find(({ type }) => type === 'transport')
  return (
    entryOf(connection, textOf(transport, 'selectedCandidatePairId')) ??
    connection.stats.find(({ type, selected }) => type === 'candidate-pair' && selected === true)
  )
}

/** Whether a TURN server is on the path (`relayed`) or not (`direct`); undefined until there is a path. */
export function routeOf(connection: Pick<ConnectionSample, 'stats'>): 'direct' | 'relayed' | undefined {
  const pair = selectedPair(connection)
  if (!pair) return undefined
  const ends = ['localCandidateId', 'remoteCandidateId'].map(name => entryOf(connection, textOf(pair, name)))
  return ends.some(end => textOf(end, 'candidateType') === 'relay') ? 'relayed' : 'direct'
}
