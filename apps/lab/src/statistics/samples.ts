import type { CallSample, ConnectionSample } from '@parley/diagnostics'

/** What was measured of several connections, as one sample for each second; of a connection the last in it counts. */
export function inSeconds(
  rows: readonly { readonly at: number; readonly connection: ConnectionSample }[],
): readonly CallSample[] {
  const seconds = new Map<number, Map<string, ConnectionSample>>()
  for (const { at, connection } of rows) {
    const second = Math.round(at / 1000)
    const row = seconds.get(second) ?? new Map<string, ConnectionSample>()
    row.set(connection.id, connection)
    seconds.set(second, row)
  }
  return [...seconds]
    .sort(([a], [b]) => a - b)
    .map(([second, connections]) => ({ at: second * 1000, connections: [...connections.values()] }))
}

/** Every connection that there ever was in a recording, as it was last seen: those that live to the end first. */
export function connectionsOf(samples: readonly CallSample[]): readonly ConnectionSample[] {
  const seen = new Map<string, ConnectionSample>()
  for (const { connections } of [...samples].reverse())
    for (const connection of connections) if (!seen.has(connection.id)) seen.set(connection.id, connection)
  return [...seen.values()]
}
