/**
 * CPU time of a handshake, both ends together, and the memory that a connected endpoint holds. Run
 * with `npx tsx packages/dtls/src/handshake.bench.ts`.
 */
import { contexts, Link } from './testing/link.ts'

const HANDSHAKES = 1000
const ROUNDS = 5

const pair = contexts()

function connect(): Link {
  const link = new Link(pair)
  link.run()
  if (!link.connected) throw new Error('not connected')
  return link
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number
}

const costs: number[] = []
for (let round = 0; round <= ROUNDS; round++) {
  const start = process.cpuUsage()
  for (let i = 0; i < HANDSHAKES; i++) connect().close()
  const { user, system } = process.cpuUsage(start)
  if (round > 0) costs.push((user + system) / HANDSHAKES / 1000) // The first round warms up.
}

const before = process.memoryUsage().rss
const links = Array.from({ length: HANDSHAKES }, connect)
const held = (process.memoryUsage().rss - before) / HANDSHAKES / 2 / 1024
console.log(`a handshake: ${median(costs).toFixed(2)} ms of CPU for both ends`)
console.log(`a connected endpoint: ${held.toFixed(0)} KiB`)
for (const link of links) link.close()
