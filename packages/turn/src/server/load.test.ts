// What many clients leave behind: nothing.
import { readdirSync } from 'node:fs'
import { IpAddress } from '@parley/net'
import { usedMemory } from '@parley/testkit'
import { Address, createLoop } from '@parley/udp'
import { expect, it } from 'vitest'
import { UdpClients } from '../edges/udp-clients.ts'
import { udpTransport } from '../testing/test-client.ts'
import { own, TestSite } from '../testing/test-server.ts'
import { PeerPolicy } from './peer-policy.ts'
import { RelayRegistry } from './relay-registry.ts'

it('100,000 Allocates of as many forged addresses cost no memory, and a relay goes on', () => {
  const site = new TestSite()
  const clients = new UdpClients(site.server)
  const door = site.net.open({
    address: own.ipv4,
    port: 3478,
    onDatagram: (datagram, now) => clients.receive(datagram, now),
  })
  const client = site.client('8.8.4.4:1')
  client.allocate()
  client.permit('8.8.8.8:0')
  const peer = site.net.peer('8.8.8.8', 8)
  const spoofed = client.encode('allocate', [udpTransport], false)
  const flood = (count: number, first: number) => {
    for (let i = 0; i < count; i++) {
      const n = first + i
      const from = Address.from(Uint8Array.of(20, n >> 16, n >> 8, n), 1024 + (n % 50_000))
      site.net.now += 0.05
      door.receive(spoofed, from, site.net.now)
      if (n % 100 === 0) client.sendTo('8.8.8.8:8', 'on we go')
      site.net.deliver()
      site.net.outside.length = 0
    }
  }
  flood(5_000, 0)
  const before = usedMemory()
  flood(100_000, 5_000)
  expect((usedMemory() - before) / 1e6).toBeLessThan(5)
  expect(peer.got.length).toBe(1050)
  expect(site.server.counters()).toMatchObject({ allocations: 1, allocationsMade: 1, requests: 105_003 })
})

it('1,000 allocations come and go in real time: descriptors, ports and memory come back', async () => {
  const loop = createLoop({
    onError(error) {
      throw error
    },
  })
  const registry = new RelayRegistry()
  const site = new TestSite({
    policy: new PeerPolicy({ allow: ['127.0.0.1'] }, []),
    relays: {
      addresses: [{ bind: '127.0.0.1', announce: IpAddress.parse('127.0.0.1') }],
      range: [30_000, 45_000],
      open: options => loop.open(options),
      registry,
    },
  })
  loop.attach(site.server)
  let echoed = 0
  const echo = loop.open({
    address: '127.0.0.1',
    receiveBufferBytes: 1 << 20,
    onDatagram({ bytes, start, end, from, socket }) {
      echoed++
      socket.send(bytes, start, end, from)
    },
  })
  const descriptors = () => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0)
  const ports = () => Array.from({ length: 65_536 }, (_, port) => registry.has(0, port)).filter(Boolean).length

  async function comeAndGo(): Promise<void> {
    site.net.now = loop.now()
    const clients = Array.from({ length: 1000 }, (_, i) => site.client(`20.0.${i >> 8}.${i & 255}:5000`))
    for (const client of clients) {
      client.allocate()
      client.bind(0x4000, echo.local.key)
    }
    expect(ports()).toBe(1000)
    if (process.platform === 'linux') expect(descriptors()).toBeGreaterThanOrEqual(1000)
    const wanted = echoed + 1000
    for (const client of clients) client.sendOn(0x4000, 'hello')
    await until(() => echoed === wanted && clients.every(({ got }) => got.length > 0))
    expect(new Set(clients.map(client => client.refresh(0)))).toEqual(new Set(['ok']))
  }

  const before = descriptors()
  await comeAndGo()
  const used = usedMemory()
  for (let round = 0; round < 3; round++) await comeAndGo()
  expect([site.server.counters().allocations, ports(), descriptors()]).toEqual([0, 0, before])
  expect((usedMemory() - used) / 1e6).toBeLessThan(2)
  loop.close()
}, 60_000)

/** Without `expect`, which remembers what it was given. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`still waiting for ${condition}`)
    await new Promise(setImmediate)
  }
}
