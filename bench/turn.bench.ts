/**
 * CPU time that a TURN server needs per relayed packet of 1,000 bytes, ours beside coturn's, with coturn's own load
 * generator and echo server, alternating. One echo is two relayed packets. Linux, with Debian's `coturn` installed.
 * `BENCH_ROUNDS`: how often, default 3; the median counts. `BENCH_ONLY`: loads whose name holds this.
 */
import { quantile, type Row, report } from './report.ts'
import { type ServerProcess, startCoturn, startOurs, startPeer, uclient } from './turn/processes.ts'

const peerPort = 26_500
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)

const loads = {
  '20 clients × 50/s': ['-m', '20', '-z', '20', '-n', '400'],
  '100 clients × 50/s': ['-m', '100', '-z', '20', '-n', '300'],
  '25k relayed/s': ['-m', '100', '-z', '8', '-n', '700'],
  saturated: ['-m', '100', '-z', '1', '-n', '1000'],
  'client to client, 20 × 50/s': ['-m', '20', '-z', '20', '-n', '400', '-y'],
  'client to client, 100 × 125/s': ['-m', '100', '-z', '8', '-n', '700', '-y'],
} as const

const warmUp = ['-l', '1000', '-c', '-m', '50', '-z', '5', '-n', '600'] as const

type Load = keyof typeof loads
const wanted = (Object.keys(loads) as Load[]).filter(name => name.includes(process.env.BENCH_ONLY ?? ''))

interface Measured {
  readonly usPerPacket: number
  readonly lost: number
  readonly perSecond: number
}

async function measure(server: ServerProcess, load: Load): Promise<Measured> {
  const [cpu, begin] = [server.cpu(), performance.now()]
  const { sent, received } = await uclient(server.port, peerPort, ['-l', '1000', '-c', ...loads[load]])
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

const ours: Partial<Record<Load, Measured[]>> = {}
const peers: Partial<Record<Load, Measured[]>> = {}
const kilobytes: { ours: number[]; peer: number[] } = { ours: [], peer: [] }
const echo = await startPeer(peerPort)
for (let round = 0; round < rounds; round++) {
  const coturn = await startCoturn(26_300)
  const parley = await startOurs(26_400)
  // What is measured is a server that has been running, not its start.
  for (const server of [parley, coturn]) await uclient(server.port, peerPort, warmUp)
  for (const load of wanted) {
    ours[load] = [...(ours[load] ?? []), await measure(parley, load)]
    peers[load] = [...(peers[load] ?? []), await measure(coturn, load)]
    console.log(load, ours[load]?.at(-1), peers[load]?.at(-1))
  }
  await parley.close()
  await coturn.close()
  const [freshOurs, freshCoturn] = [await startOurs(26_400), await startCoturn(26_300)]
  kilobytes.ours.push(await memory(freshOurs))
  kilobytes.peer.push(await memory(freshCoturn))
  await freshOurs.close()
  await freshCoturn.close()
}
echo.kill()

const median = (samples: readonly Measured[] | undefined, key: keyof Measured) =>
  quantile(
    (samples ?? []).map(sample => sample[key]),
    0.5,
  )
const rows = wanted.flatMap((load): Row[] => {
  const [us, theirs] = [median(ours[load], 'usPerPacket'), median(peers[load], 'usPerPacket')]
  const aim = load.startsWith('client') ? 0.5 : 0.8
  return [
    { figure: load, unit: 'µs CPU/packet', ours: us, peer: theirs, aim: `ratio ≤ ${aim}`, met: us / theirs <= aim },
    { figure: `${load}: lost`, unit: '%', ours: median(ours[load], 'lost'), peer: median(peers[load], 'lost') },
    {
      figure: `${load}: rate`,
      unit: 'packets/s',
      ours: median(ours[load], 'perSecond'),
      peer: median(peers[load], 'perSecond'),
    },
  ]
})
const [kbOurs, kbPeer] = [quantile(kilobytes.ours, 0.5), quantile(kilobytes.peer, 0.5)]
rows.push({
  figure: 'memory per allocation',
  unit: 'KiB',
  ours: kbOurs,
  peer: kbPeer,
  aim: '≤ 20 KiB',
  met: kbOurs <= 20,
})
report('turn', 'coturn', rows)
