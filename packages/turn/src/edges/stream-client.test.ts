import { Duplex } from 'node:stream'
import { Encoder, Message, stun } from '@parley/stun'
import { Address } from '@parley/udp'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type TestClient, udpTransport } from '../testing/test-client.ts'
import { TestSite } from '../testing/test-server.ts'
import { StreamClient } from './stream-client.ts'

/** A client's connection: what it is told is kept in `heard`, unless it does not read. */
class Wire extends Duplex {
  readonly heard: Buffer[] = []
  reads = true

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.heard.push(chunk)
    if (this.reads) done()
  }
}

let site: TestSite
let wire: Wire
let flow: StreamClient
let author: TestClient

beforeEach(() => {
  vi.useFakeTimers()
  site = new TestSite()
  wire = new Wire()
  const client = Address.parse('1.2.3.4', 5000)
  flow = new StreamClient(wire, {
    server: site.server,
    loop: { now: () => site.net.now, poke: () => site.net.deliver() },
    client,
    transport: 'tcp',
  })
  author = site.client('1.2.3.4:5000')
})

afterEach(() => {
  wire.destroy()
  vi.useRealTimers()
})

/** The client's next words, and the last answer. */
function say(bytes: Uint8Array): Message {
  wire.emit('data', Buffer.from(bytes))
  const reply = wire.heard.at(-1)
  if (!reply) throw new Error('no answer')
  return Message.decode(reply)
}

function allocate(): Message {
  author.nonce = say(author.encode('allocate', [udpTransport], false)).get(stun.nonce)
  return say(author.encode('allocate', [udpTransport], true))
}

it('understands messages however they are cut', () => {
  const request = new Encoder(new Uint8Array(100)).message('request', 'binding').finish()
  for (const byte of [...request, ...request]) wire.emit('data', Buffer.of(byte))
  expect(wire.heard.map(reply => Message.decode(reply).class)).toEqual(['success', 'success'])
})

it('lets go of who has no allocation after 30 s, and keeps who has one', () => {
  expect(allocate().class).toBe('success')
  vi.advanceTimersByTime(3_600_000)
  expect(wire.destroyed).toBe(false)
  site.pass(602)
  expect(site.server.counters().allocations).toBe(0)
  vi.advanceTimersByTime(29_000)
  expect(wire.destroyed).toBe(false)
  vi.advanceTimersByTime(1_001)
  expect(wire.destroyed).toBe(true)
})

it('lets go of who says a byte a second, and keeps nothing of it', () => {
  const request = author.encode('allocate', [udpTransport], false)
  for (const byte of request.subarray(0, 27)) {
    wire.emit('data', Buffer.of(byte))
    vi.advanceTimersByTime(1000)
  }
  expect([wire.destroyed, wire.heard]).toEqual([false, []])
  vi.advanceTimersByTime(3001)
  expect(wire.destroyed).toBe(true)
})

it('ends the allocation when the stream ends', async () => {
  allocate()
  vi.useRealTimers()
  wire.destroy()
  await new Promise(resolve => wire.once('close', resolve))
  expect([site.server.counters().allocations, site.net.sockets.size]).toEqual([0, 0])
})

it('hangs up on what is not STUN, and on frames that are too large', () => {
  wire.emit('data', Buffer.from('GET / HTTP/1.1\r\n\r\n'))
  expect(wire.destroyed).toBe(true)
  expect(wire.heard).toEqual([])
})

it('pads ChannelData, and drops what a slow client does not read', () => {
  expect(flow.send(Uint8Array.of(0x40, 0, 0, 1, 0xaa), 0, 5)).toBe(true)
  expect([...(wire.heard[0] ?? [])]).toEqual([0x40, 0, 0, 1, 0xaa, 0, 0, 0])
  wire.reads = false
  const packet = new Uint8Array(1004)
  packet.set([0x40, 0, 3, 0xe8])
  let sent = 0
  while (flow.send(packet, 0, packet.length)) sent++
  expect(sent * 1004).toBeLessThan(520 * 1024)
  expect(sent).toBeGreaterThan(500)
})

it('lets go of who reads nothing for 15 s, and of nobody who reads slowly', () => {
  wire.reads = false
  const packet = new Uint8Array(1004)
  packet.set([0x40, 0, 3, 0xe8])
  const fill = () => {
    while (flow.send(packet, 0, packet.length));
  }
  fill()
  site.net.now += 15_000
  fill()
  expect(wire.destroyed).toBe(false)
  expect(wire.writableLength).toBeLessThan(520 * 1024)
  site.net.now += 1
  fill()
  expect(wire.destroyed).toBe(true)
})

it('says when it is nobody’s no longer: with an allocation, and when it ends', () => {
  const stream = new Wire()
  const loop = { now: () => site.net.now, poke: () => site.net.deliver() }
  const proved = vi.fn()
  const client = Address.parse('1.2.3.4', 5001)
  const other = new StreamClient(stream, { server: site.server, loop, client, transport: 'tcp', proved })
  expect(proved).not.toHaveBeenCalled()
  other.keep(true)
  expect(proved).toHaveBeenCalled()
  stream.destroy()
})
