/**
 * What grows while people come and go. 60 people in 10 rooms each have a seat and a picture from the SFU, and write to each other.
 * Each minute a fifth of them leave, half without a goodbye, and as many come; another publisher begins to send; 20 relays are
 * allocated and used; six people come by HTTP and never connect, six come by TCP and leave after a check, and six call somebody.
 * Linux, with Debian's `coturn`. `BENCH_MINUTES`: how long, default 10; an hour says most.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Row, report } from './report.ts'
import { Load } from './sfu/load.ts'
import { Crowd } from './soak/crowd.ts'
import { type Sample, SoakServer } from './soak/server.ts'
import { call, goesAfterACheck, neverConnects } from './soak/strays.ts'
import { startPeer, uclient } from './turn/processes.ts'

const minutes = Number(process.env.BENCH_MINUTES ?? 10)
if (!(minutes >= 3)) throw new RangeError('BENCH_MINUTES: at least 3; a shorter run says nothing of what grows')
const rooms = 10
const people = 60
const udpPort = 26_600
const peerPort = 26_700
const stepMs = 5_000
/** A seat is kept for 30 s, and so is a path that nobody confirms. */
const goneMs = 45_000
const mb = 1_000_000

const samples: Sample[] = []
const server = await SoakServer.start(udpPort)
const echo = await startPeer(peerPort)
const load = new Load(server, 8)
const [before, after] = await soak().finally(async () => {
  await load.close()
  await server.close()
  echo.kill()
})

/** Returns what the server held before anybody came, and when all had gone. */
async function soak(): Promise<[Sample, Sample]> {
  const crowd = new Crowd(server, load)
  const relays = () => uclient(udpPort, peerPort, ['-l', '200', '-c', '-m', '20', '-z', '20', '-n', '50'])
  const publish = async (room: number) => {
    await crowd.publish(room)
    load.send({ perSecond: 30, burst: 1 })
  }
  await relays()
  await sleep(5_000)
  const before = await server.sample()
  for (let room = 0; room < rooms; room++) await publish(room)
  while (crowd.size < people) await crowd.come()
  const perStep = Math.round((people * 0.2 * stepMs) / 60_000)
  for (let step = 0; step * stepMs < minutes * 60_000; step++) {
    const next = sleep(stepMs)
    for (let i = 0; i < perStep; i++) {
      await crowd.go()
      await crowd.come()
    }
    if (step % 2 === 0) {
      await crowd.chat()
      await neverConnects(server, step % rooms)
      await goesAfterACheck(server, step % rooms)
      await call(server, step % 4 === 0 ? 'accepted' : 'declined')
    }
    samples.push(await server.sample())
    if (step % 12 === 0) {
      console.log(samples.at(-1))
      await publish((step / 12) % rooms)
      await relays()
    }
    await next
  }
  await crowd.leave()
  await sleep(goneMs)
  return [before, await server.sample()]
}

/**
 * Growth in ten minutes, by the lowest value of each minute, since a heap is collected now and then. The first half, while chats
 * fill, is warm-up.
 */
function growth(key: 'heap' | 'main' | 'edge'): number {
  const least = new Map<number, number>()
  for (const sample of samples.slice(samples.length / 2)) {
    const minute = Math.floor(sample.minutes)
    least.set(minute, Math.min(least.get(minute) ?? Number.POSITIVE_INFINITY, sample[key]))
  }
  const points = [...least]
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(points.map(([minute]) => minute)), mean(points.map(([, bytes]) => bytes))]
  const sum = (of: (dx: number, dy: number) => number) =>
    points.reduce((total, [minute, bytes]) => total + of(minute - x, bytes - y), 0)
  return (10 * sum((dx, dy) => dx * dy)) / sum(dx => dx * dx) / mb
}

const heap = growth('heap')
const rows: Row[] = [
  { figure: 'length', unit: 'min', ours: minutes },
  { figure: 'heap, main process', unit: 'MB/10 min', ours: heap, aim: '< 1', met: heap < 1 },
  { figure: 'memory, main process', unit: 'MB/10 min', ours: growth('main') },
  { figure: 'memory, media process', unit: 'MB/10 min', ours: growth('edge') },
  ...(['descriptors', 'handles', 'participants'] as const).map(
    (name): Row => ({
      figure: `${name} when all have gone, less those of the start`,
      unit: '',
      ours: after[name] - before[name],
      aim: '≤ 0',
      met: after[name] <= before[name],
    }),
  ),
  { figure: 'mistakes', unit: '', ours: after.errors, aim: '0', met: after.errors === 0 },
]
report('soak', '', rows)
