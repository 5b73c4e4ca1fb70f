/**
 * CPU time that an SFU needs per forwarded packet of 1,100 bytes, from one sender to 20, 50, 100, 300 and 500 receivers, ours
 * beside Debian's Janus (video room) in the same run, with the same clients: our own transports, which decrypt one packet in
 * eight to leave the machine to the server, count the others, and send receiver reports. Then memory per receiver, 500 people who
 * join in 10 s, and the most packets that one worker and two carry. Linux, with Debian's `janus`. `BENCH_ROUNDS`: how often, default 3; the median counts. `BENCH_MOST`: the
 * most receivers, default 500. `BENCH_ONLY`: `fan-out`, `storm` or `most` alone.
 * PARLEY_BENCH_PROFILE=1 leaves CPU profiles of our edge process.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { quantile, type Row, report } from './report.ts'
import { startJanus } from './sfu/janus.ts'
import { Load, settleMs } from './sfu/load.ts'
import type { Rate } from './sfu/load-messages.ts'
import { startOurs } from './sfu/ours.ts'
import { cpuOf, memoryOf, type SfuServer } from './sfu/server.ts'

const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const most = Number(process.env.BENCH_MOST ?? 500)
const audiences = [20, 50, 100, 300, 500].filter(receivers => receivers <= most)
const steady: Rate = { perSecond: 150, burst: 1 }
const bursts: Rate = { perSecond: 1500, burst: 50 }
const room = 1
const [warmUpSeconds, seconds] = [8, 5]
const decryptOneIn = 8
const storm = { people: 500, seconds: 10 }
/** The share of packets that may be lost before a rate counts as too high. */
const lossless = 0.001

const servers: Readonly<Record<string, () => Promise<SfuServer>>> = {
  ours: () => startOurs(),
  'Janus, 2 loops': () => startJanus(2),
  Janus: () => startJanus(0),
}

const does = (part: string) => [part, undefined].includes(process.env.BENCH_ONLY)

/** Figures by their name, one for each round. */
type Figures = Map<string, number[]>

const figures = new Map<string, Figures>(Object.keys(servers).map(name => [name, new Map()]))

function note(server: string, figure: string, value: number): void {
  const all = figures.get(server)
  all?.set(figure, [...(all.get(figure) ?? []), value])
  console.log(`${server}: ${figure}: ${Number(value.toPrecision(4))}`)
}

/** One room that grows. */
async function measureFanOut(name: string, server: SfuServer): Promise<void> {
  const load = new Load(server, decryptOneIn)
  try {
    await load.publish(room)
    let receivers = 0
    let firstMemory = 0
    for (const audience of audiences) {
      load.send(steady)
      for (; receivers < audience; receivers += 10) await Promise.all(Array.from({ length: 10 }, () => load.play(room)))
      // Measured is a server that has been running for a while, not its start.
      if (audience === audiences[0]) await load.count(bursts, warmUpSeconds)
      await measure(name, server, load, { receivers, rate: steady, label: `1 → ${audience}` })
      if (audience <= 50) {
        await measure(name, server, load, { receivers, rate: bursts, label: `1 → ${audience}, bursts` })
      }
      if (audience === audiences[0]) firstMemory = memoryOf(server.pid)
    }
    const added = receivers - (audiences[0] ?? 0)
    if (added > 0) note(name, 'memory', (memoryOf(server.pid) - firstMemory) / added / 1000)
  } finally {
    await load.close()
  }
}

interface Run {
  readonly receivers: number
  readonly rate: Rate
  readonly label: string
}

async function measure(name: string, server: SfuServer, load: Load, { receivers, rate, label }: Run): Promise<void> {
  const before = cpuOf(server.pid)
  const { sent, received, delays } = await load.count(rate, seconds)
  note(name, label, (cpuOf(server.pid) - before) / received)
  note(name, `${label}: p50`, quantile(delays, 0.5))
  note(name, `${label}: p99`, quantile(delays, 0.99))
  note(name, `${label}: lost`, 100 * (1 - received / (sent * receivers)))
}

/** People come at even intervals, whether those before them are in or not. */
async function measureStorm(name: string, server: SfuServer): Promise<void> {
  const load = new Load(server, decryptOneIn)
  try {
    await load.publish(room)
    load.send(steady)
    await load.play(room)
    const [cpu, memory] = [cpuOf(server.pid), memoryOf(server.pid)]
    const joining: ReturnType<Load['play']>[] = []
    const begin = performance.now()
    for (let i = 0; i < storm.people; i++) {
      await sleep(Math.max(0, begin + (1000 * storm.seconds * i) / storm.people - performance.now()))
      joining.push(load.play(room))
    }
    const times = (await Promise.allSettled(joining)).flatMap(way =>
      way.status === 'fulfilled' ? [way.value.firstMs] : [],
    )
    note(name, 'storm: p50', quantile(times, 0.5))
    note(name, 'storm: p95', quantile(times, 0.95))
    note(name, 'storm: failed', storm.people - times.length)
    note(name, 'storm: cpu', (cpuOf(server.pid) - cpu) / 1000 / storm.people)
    note(name, 'storm: memory', (memoryOf(server.pid) - memory) / 1000 / storm.people)
  } finally {
    await load.close()
  }
}

/** Packets/s that leave without loss: a room and a load of its own for each worker, faster until something is lost. */
async function measureMost(workers: number): Promise<number> {
  const receivers = 50
  const server = await startOurs(workers)
  const loads = Array.from({ length: workers }, () => new Load(server, decryptOneIn))
  let carried = 0
  try {
    for (const [index, load] of loads.entries()) {
      await load.publish(index)
      load.send(steady)
      for (let i = 0; i < receivers; i++) await load.play(index)
    }
    for (let perSecond = 1000; perSecond < 20_000; perSecond = Math.round(perSecond * 1.5)) {
      const rate = { perSecond, burst: Math.round(perSecond / 100) }
      const begin = performance.now()
      const tallies = await Promise.all(loads.map(load => load.count(rate, 3)))
      const spent = (performance.now() - begin - 2 * settleMs) / 1000
      const sent = tallies.reduce((sum, tally) => sum + tally.sent, 0) * receivers
      const received = tallies.reduce((sum, tally) => sum + tally.received, 0)
      const lost = (100 * (1 - received / sent)).toFixed(2)
      console.log(
        `${workers} workers, ${perSecond}/s each: ${Math.round(received / spent)} arrive a second, ${lost} % lost`,
      )
      if (received < sent * (1 - lossless)) break
      // A load that cannot keep up sends for longer than it was told to.
      carried = received / spent
    }
  } finally {
    for (const load of loads) await load.close()
    await server.close()
  }
  return carried
}

async function withServer(name: string, work: (name: string, server: SfuServer) => Promise<void>): Promise<void> {
  const server = await servers[name]?.()
  if (!server) return
  try {
    await work(name, server)
  } catch (error) {
    console.error(`${name}:`, error)
  } finally {
    await server.close()
  }
}

const mostCarried: { readonly workers: number; readonly rates: number[] }[] = [1, 2].map(workers => ({
  workers,
  rates: [],
}))
for (let round = 0; round < rounds; round++) {
  if (does('fan-out')) for (const name of Object.keys(servers)) await withServer(name, measureFanOut)
  if (does('storm')) for (const name of ['ours', 'Janus, 2 loops']) await withServer(name, measureStorm)
  if (does('most')) for (const { workers, rates } of mostCarried) rates.push(await measureMost(workers))
}

function middle(server: string, figure: string): number {
  return quantile(figures.get(server)?.get(figure) ?? [Number.NaN], 0.5)
}

/** Ours beside the better of Janus's settings, for each figure. */
function both(figure: string): { readonly ours: number; readonly peer: number } {
  const peers = Object.keys(servers)
    .filter(name => name !== 'ours')
    .map(name => middle(name, figure))
  return { ours: middle('ours', figure), peer: Math.min(...peers.filter(value => !Number.isNaN(value))) }
}

const labels = [...(figures.get('ours')?.keys() ?? [])].filter(label => /^1 → \d+(, bursts)?$/.test(label))
const rows = labels.flatMap((label): Row[] => {
  const us = both(label)
  const [p50, p99, lost] = [both(`${label}: p50`), both(`${label}: p99`), both(`${label}: lost`)]
  return [
    { figure: label, unit: 'µs CPU/packet', ...us, aim: 'ratio ≤ 0.35', met: us.ours / us.peer <= 0.35 },
    { figure: `${label}: delay p50`, unit: 'ms', ...p50 },
    { figure: `${label}: delay p99`, unit: 'ms', ...p99, aim: 'ratio ≤ 1', met: p99.ours <= p99.peer },
    { figure: `${label}: lost`, unit: '%', ...lost },
  ]
})
const memory = both('memory')
if (!Number.isNaN(memory.ours)) {
  rows.push({ figure: 'memory per receiver', unit: 'kB', ...memory, aim: '< 100 kB', met: memory.ours < 100 })
}
for (const [figure, unit] of [
  ['storm: p50', 'ms to the first key frame'],
  ['storm: p95', 'ms to the first key frame'],
  ['storm: failed', 'of 500'],
  ['storm: cpu', 'ms CPU/join'],
  ['storm: memory', 'kB/join'],
] as const) {
  if (does('storm')) rows.push({ figure, unit, ...both(figure) })
}
for (const { workers, rates } of mostCarried) {
  const name = workers === 1 ? 'one worker' : `${workers} workers`
  if (rates.length > 0)
    rows.push({ figure: `most without loss, ${name}`, unit: 'packets/s', ours: quantile(rates, 0.5) })
}
report('sfu', 'Janus', rows)
process.exit()
