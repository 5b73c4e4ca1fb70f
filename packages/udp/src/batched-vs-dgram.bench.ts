/**
 * CPU time per datagram of 1,100 bytes, sent and received on loopback in one thread: the batched loop against plain
 * `node:dgram`, alternating, the median of the rounds. Run with `npx tsx packages/udp/src/batched-vs-dgram.bench.ts`.
 */
import { createSocket, type Socket } from 'node:dgram'
import { chooseLoop, createLoop, type LoopKind } from './index.ts'

const BYTES = 1100
const BURST = 64
const ROUNDS = 7
const DATAGRAMS = 64_000

interface Scenario {
  readonly name: string
  /** Sockets that receive, taking turns. */
  readonly receivers: number
}

const scenarios: readonly Scenario[] = [
  { name: 'one flow', receivers: 1 },
  { name: 'fan-out to 32 sockets', receivers: 32 },
]

const contenders = {
  batched: (scenario: Scenario) => throughLoop('batched', scenario),
  'node:dgram': throughDgram,
} as const

/** Sends bursts, each when the last has arrived; returns µs of CPU per datagram. */
async function throughLoop(kind: LoopKind, { receivers }: Scenario): Promise<number> {
  const loop = createLoop(
    {
      onError: error => {
        throw error
      },
    },
    kind,
  )
  const payload = new Uint8Array(BYTES)
  let received = 0
  let bytes = 0
  const targets = Array.from({ length: receivers }, () =>
    loop.open({
      address: '127.0.0.1',
      receiveBufferBytes: 4 << 20,
      onDatagram: datagram => {
        bytes += datagram.end - datagram.start
        if (++received % BURST === 0) burst()
      },
    }),
  )
  const addresses = targets.map(({ local }) => local)
  const sender = loop.open({ address: '127.0.0.1', sendBufferBytes: 4 << 20, onDatagram: () => {} })
  const burst = () => {
    if (received >= DATAGRAMS) return loop.stop()
    for (let i = 0; i < BURST; i++) sender.send(payload, 0, BYTES, addresses[i % receivers] as (typeof addresses)[0])
  }
  const start = process.cpuUsage()
  burst()
  await loop.run({ nextTimeout: () => Number.POSITIVE_INFINITY, handleTimeout: () => {} })
  const used = process.cpuUsage(start)
  loop.close()
  if (bytes !== DATAGRAMS * BYTES) throw new Error(`${bytes} bytes arrived instead of ${DATAGRAMS * BYTES}`)
  return (used.user + used.system) / DATAGRAMS
}

async function throughDgram({ receivers }: Scenario): Promise<number> {
  const open = () =>
    new Promise<Socket>(resolve => {
      const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20, sendBufferSize: 4 << 20 })
      socket.bind(0, '127.0.0.1', () => resolve(socket))
    })
  const sender = await open()
  const targets = await Promise.all(Array.from({ length: receivers }, open))
  const ports = targets.map(socket => socket.address().port)
  const payload = Buffer.alloc(BYTES)
  let received = 0
  let bytes = 0
  const start = process.cpuUsage()
  await new Promise<void>(resolve => {
    const burst = () => {
      if (received >= DATAGRAMS) return resolve()
      for (let i = 0; i < BURST; i++) sender.send(payload, ports[i % receivers] as number, '127.0.0.1')
    }
    for (const target of targets) {
      target.on('message', message => {
        bytes += message.length
        if (++received % BURST === 0) burst()
      })
    }
    burst()
  })
  const used = process.cpuUsage(start)
  for (const socket of [sender, ...targets]) socket.close()
  if (bytes !== DATAGRAMS * BYTES) throw new Error(`${bytes} bytes arrived instead of ${DATAGRAMS * BYTES}`)
  return (used.user + used.system) / DATAGRAMS
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number
}

const chosen = chooseLoop()
if (chosen.kind !== 'batched') {
  console.log(`The batched loop is not to be had here: ${chosen.why}`)
} else {
  for (const scenario of scenarios) {
    const results = { batched: [] as number[], 'node:dgram': [] as number[] }
    for (let round = 0; round <= ROUNDS; round++) {
      for (const name of ['batched', 'node:dgram'] as const) {
        const cost = await contenders[name](scenario)
        if (round > 0) results[name].push(cost) // The first round warms up.
      }
    }
    const [batched, dgram] = [median(results.batched), median(results['node:dgram'])]
    const figures = `batched ${batched.toFixed(2)} µs, node:dgram ${dgram.toFixed(2)} µs, ratio ${(batched / dgram).toFixed(2)}`
    console.log(`${scenario.name}: ${figures} (CPU per datagram of ${BYTES} B, sent and received)`)
  }
}
