import type { CallSample, ConnectionSample } from '@parley/diagnostics'

/** Merges measurements of several connections into one sample per second, with the last one of each connection. */
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

/** Every connection in a recording, as last seen; those that last until the end come first. */
export function connectionsOf(samples: readonly CallSample[]): readonly ConnectionSample[] {
  const seen = new Map<string, ConnectionSample>()
  for (const { connections } of [...samples].reverse())
    for (const connection of connections) if (!seen.has(connection.id)) seen.set(connection.id, connection)
  return [...seen.values()]
}
