import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { Encoder } from '@parley/stun'
import { type Address, createLoop, type Loop, type UdpSocket } from '@parley/udp'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FrameReader, putFrameLength } from './framing.ts'
import { emptyIceTcpCounters, IceTcpBridge } from './ice-tcp-bridge.ts'

const binding = new Encoder(new Uint8Array(100)).message('request', 'binding').finish().slice()
const allocate = new Encoder(new Uint8Array(100)).message('request', 'allocate').finish().slice()
const rtp = Uint8Array.of(0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
const dtls = Uint8Array.of(22, 0xfe, 0xfd)

let loop: Loop
let worker: UdpSocket
let server: Server
let client: Socket
let bridge: IceTcpBridge
const counters = emptyIceTcpCounters()
const errors: unknown[] = []
/** What the worker got, and from whom; and what the client got. */
const atWorker: { bytes: number[]; from: Address }[] = []
const atClient: number[][] = []

beforeEach(async () => {
  Object.assign(counters, emptyIceTcpCounters())
  atWorker.length = 0
  atClient.length = 0
  loop = createLoop({ onError: error => errors.push(error) })
  loop.attach({ nextTimeout: () => Number.POSITIVE_INFINITY, handleTimeout: () => {} })
  worker = loop.open({
    address: '127.0.0.1',
    onDatagram: ({ bytes, start, end, from }) => atWorker.push({ bytes: [...bytes.subarray(start, end)], from }),
  })
  server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  client = connect(address.port, '127.0.0.1')
  const [stream] = (await once(server, 'connection')) as [Socket]
  bridge = new IceTcpBridge(stream, { loop, worker: worker.local, bind: '127.0.0.1', counters })
  const reader = new FrameReader({
    maxFrameBytes: 2048,
    onFrame: (bytes, start, end) => atClient.push([...bytes.subarray(start, end)]),
    onOversized: () => expect.unreachable(),
  })
  client.on('data', chunk => reader.push(chunk))
})

afterEach(() => {
  vi.useRealTimers()
  bridge.close()
  client.destroy()
  server.close()
  loop.close()
  expect(errors).toEqual([])
})

function frame(bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(2 + bytes.length)
  framed.set(bytes, putFrameLength(framed, 0, bytes.length))
  return framed
}

function peer(): Address {
  return atWorker[0]?.from ?? expect.unreachable()
}

describe('ICE over TCP', () => {
  it('carries checks, DTLS and RTP both ways, as from one peer', async () => {
    for (const bytes of [binding, dtls, rtp]) client.write(frame(bytes))
    await expect.poll(() => atWorker.length).toBe(3)
    expect(atWorker.map(({ bytes }) => bytes)).toEqual([[...binding], [...dtls], [...rtp]])
    expect(new Set(atWorker.map(({ from }) => from.key)).size).toBe(1)
    worker.send(rtp, 0, rtp.length, peer())
    worker.send(binding, 0, binding.length, peer())
    await expect.poll(() => atClient.length).toBe(2)
    expect(atClient).toEqual([[...rtp], [...binding]])
    expect(counters).toEqual({ connections: 1, received: 3, sent: 2, dropped: 0, refused: 0 })
  })

  it('lets neither TURN through nor anything else', async () => {
    for (const bytes of [allocate, Uint8Array.of(0x40, 0, 0, 0), new Uint8Array(3000).fill(0x80), binding]) {
      client.write(frame(bytes))
    }
    await expect.poll(() => atWorker.length).toBe(1)
    expect(atWorker[0]?.bytes).toEqual([...binding])
    expect(counters).toMatchObject({ received: 1, refused: 3 })
  })

  it('believes the worker alone', async () => {
    client.write(frame(binding))
    await expect.poll(() => atWorker.length).toBe(1)
    const stranger = loop.open({ address: '127.0.0.1', onDatagram: () => {} })
    stranger.send(dtls, 0, dtls.length, peer())
    worker.send(rtp, 0, rtp.length, peer())
    await expect.poll(() => atClient.length).toBeGreaterThan(0)
    expect(atClient).toEqual([[...rtp]])
  })

  it('drops what a slow client does not read, and keeps its memory bounded', async () => {
    client.write(frame(binding))
    await expect.poll(() => atWorker.length).toBe(1)
    client.pause()
    const large = new Uint8Array(1200).fill(0x80)
    while (counters.dropped < 100) {
      for (let i = 0; i < 50; i++) worker.send(large, 0, large.length, peer())
      await new Promise(setImmediate)
    }
    client.resume()
    await expect.poll(() => counters.sent - atClient.length).toBe(0)
    expect(atClient.every(({ length }) => length === 1200)).toBe(true)
  })

  it('ends on one side when it ends on the other', async () => {
    client.end()
    await once(client, 'close')
    await expect.poll(() => counters.connections).toBe(0)
    bridge.close()
    expect(counters.connections).toBe(0)
  })

  it('closed, hangs up', async () => {
    bridge.close()
    await once(client, 'close')
    expect(counters.connections).toBe(0)
  })
})

it('a client to whom the worker has nothing to say is let go', () => {
  bridge.close()
  vi.useFakeTimers()
  const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
  bridge = new IceTcpBridge(stream, { loop, worker: worker.local, bind: '127.0.0.1', counters })
  vi.advanceTimersByTime(29_999)
  expect(stream.destroyed).toBe(false)
  vi.advanceTimersByTime(1)
  expect(stream.destroyed).toBe(true)
})
