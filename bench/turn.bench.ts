/**
 * CPU time that a TURN server needs per relayed packet of 1,000 bytes, ours beside coturn's, with coturn's own load
 * generator and echo server, alternating. One echo is two relayed packets. Then round trips with a clock of microseconds,
 * and memory. Linux, with Debian's `coturn` installed. `BENCH_ROUNDS`: how often, default 3; the median counts.
 * `BENCH_ONLY`: only loads whose name contains it.
 */
import { quantile, type Row, report } from './report.ts'
import {
  makeCertificate,
  type ServerProcess,
  startCoturn,
  startOurs,
  startPeer,
  type TlsFiles,
  uclient,
} from './turn/processes.ts'
import { roundTrips } from './turn/round-trip.ts'

const peerPort = 26_500
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const only = process.env.BENCH_ONLY ?? ''

interface Load {
  readonly name: string
  readonly args: readonly string[]
  readonly over?: 'tcp' | 'tls'
  /** The aim: at most this share of coturn's CPU time. */
  readonly aim: number
}

const steady = ['-m', '20', '-z', '20', '-n', '400']
const loads: readonly Load[] = [
  { name: '20 clients × 50/s', args: steady, aim: 0.8 },
  { name: '100 clients × 50/s', args: ['-m', '100', '-z', '20', '-n', '300'], aim: 0.8 },
  { name: '25k relayed/s', args: ['-m', '100', '-z', '8', '-n', '700'], aim: 0.8 },
  { name: 'saturated', args: ['-m', '100', '-z', '1', '-n', '1000'], aim: 0.8 },
  { name: 'client to client, 20 × 50/s', args: [...steady, '-y'], aim: 0.5 },
  { name: 'client to client, 100 × 125/s', args: ['-m', '100', '-z', '8', '-n', '700', '-y'], aim: 0.5 },
  { name: 'TCP, 20 × 50/s', args: [...steady, '-t'], over: 'tcp', aim: 0.8 },
  { name: 'TCP, 100 × 125/s', args: ['-m', '100', '-z', '8', '-n', '700', '-t'], over: 'tcp', aim: 0.8 },
  { name: 'TLS, 20 × 50/s', args: [...steady, '-t', '-S'], over: 'tls', aim: 0.8 },
  { name: 'TLS, 100 × 125/s', args: ['-m', '100', '-z', '8', '-n', '700', '-t', '-S'], over: 'tls', aim: 0.8 },
]
const wanted = loads.filter(({ name }) => name.includes(only))

const warmUp = ['-l', '1000', '-c', '-m', '50', '-z', '5', '-n', '600'] as const

interface Measured {
  readonly usPerPacket: number
  readonly lost: number
  readonly perSecond: number
}

interface Pair<T> {
  readonly ours: T
  readonly peer: T
}

async function measure(server: ServerProcess, { args, over }: Load): Promise<Measured> {
  const [cpu, begin] = [server.cpu(), performance.now()]
  const port = over === 'tls' ? server.port + 1 : server.port
  const { sent, received } = await uclient(port, peerPort, ['-l', '1000', '-c', ...args])
  const relayed = sent + received
  return {
    usPerPacket: (server.cpu() - cpu) / relayed,
    lost: (100 * (sent - received)) / sent,
    perSecond: relayed / ((performance.now() - begin) / 1000),
  }
}

/** Bytes that an allocation costs the process: what 500 of them add. */
async function memory(server: ServerProcess): Promise<number> {
  const before = server.memory()
  let most = before
  const watching = setInterval(() => {
    most = Math.max(most, server.memory())
  }, 50)
  await uclient(server.port, peerPort, ['-l', '100', '-c', '-m', '500', '-z', '100', '-n', '20'])
  clearInterval(watching)
  return (most - before) / 500 / 1024
}

/** Both servers, one after the other; both are closed afterwards. */
async function withBoth<T>(tls: TlsFiles | undefined, work: (server: ServerProcess) => Promise<T>): Promise<Pair<T>> {
  const ours = await startOurs(26_400, tls)
  const peer = await startCoturn(26_300, tls)
  try {
    return { ours: await work(ours), peer: await work(peer) }
  } finally {
    await ours.close()
    await peer.close()
  }
}

const measured = new Map<Load, Pair<Measured>[]>()
const kilobytes: Pair<number>[] = []
const trips: Pair<number[]>[] = []
const tls = makeCertificate()
const echo = await startPeer(peerPort)
for (let round = 0; round < rounds; round++) {
  for (const load of wanted) {
    // Measured is a server that has been running for a while, not its start.
    const both = await withBoth(load.over && tls, async server => {
      await uclient(server.port, peerPort, warmUp)
      return measure(server, load)
    })
    measured.set(load, [...(measured.get(load) ?? []), both])
    console.log(load.name, both)
  }
  if (only !== '') continue
  kilobytes.push(await withBoth(undefined, memory))
  trips.push(
    await withBoth(undefined, async server => {
      await uclient(server.port, peerPort, warmUp)
      return roundTrips(server.port, peerPort, { clients: 20, perSecond: 50, seconds: 6 })
    }),
  )
}
echo.kill()

function median(pairs: readonly Pair<Measured>[], side: keyof Pair<Measured>, key: keyof Measured): number {
  return quantile(
    pairs.map(pair => pair[side][key]),
    0.5,
  )
}

const rows = [...measured].flatMap(([{ name, aim }, pairs]): Row[] => {
  const both = (key: keyof Measured) => ({ ours: median(pairs, 'ours', key), peer: median(pairs, 'peer', key) })
  const us = both('usPerPacket')
  return [
    { figure: name, unit: 'µs CPU/packet', ...us, aim: `ratio ≤ ${aim}`, met: us.ours / us.peer <= aim },
    { figure: `${name}: lost`, unit: '%', ...both('lost') },
    { figure: `${name}: rate`, unit: 'packets/s', ...both('perSecond') },
  ]
})
if (only === '') {
  const middle = (values: readonly number[]) => quantile(values, 0.5)
  const kib = { ours: middle(kilobytes.map(({ ours }) => ours)), peer: middle(kilobytes.map(({ peer }) => peer)) }
  rows.push({ figure: 'memory per allocation', unit: 'KiB', ...kib, aim: '≤ 20 KiB', met: kib.ours <= 20 })
  for (const [name, q] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    const ours = middle(trips.map(pair => quantile(pair.ours, q)))
    const peer = middle(trips.map(pair => quantile(pair.peer, q)))
    rows.push({ figure: `round trip, 20 × 50/s, ${name}`, unit: 'µs', ours, peer })
  }
}
report('turn', 'coturn', rows)
