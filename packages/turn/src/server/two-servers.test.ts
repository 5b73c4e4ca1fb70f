// Two servers with real sockets that listen everywhere, as the threads of one machine behind a 1:1 NAT do.
import { IpAddress } from '@parley/net'
import { Address, createLoop, type Loop } from '@parley/udp'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TestClient } from '../testing/test-client.ts'
import { own, TestSite } from '../testing/test-server.ts'
import { RelayRegistry } from './relay-registry.ts'

let loop: Loop
let canaryHeard: number
let errors: unknown[]
let sites: TestSite[]

beforeEach(() => {
  errors = []
  canaryHeard = 0
  loop = createLoop({ onError: error => errors.push(error) })
  loop.attach({ nextTimeout: () => Number.POSITIVE_INFINITY, handleTimeout: () => {} })
  const { memory } = new RelayRegistry()
  sites = [1, 2].map(() => {
    const site = new TestSite({
      relays: {
        addresses: [{ bind: '0.0.0.0', announce: IpAddress.parse(own.ipv4) }],
        range: [30_000, 32_000],
        open: options => loop.open(options),
        registry: new RelayRegistry(memory),
      },
    })
    site.net.now = loop.now()
    return site
  })
})

afterEach(() => {
  for (const { server } of sites) server.close()
  loop.close()
})

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`still waiting for ${condition}`)
    await new Promise(setImmediate)
  }
}

it('relay to each other, with the addresses that the world knows, and to nothing else', async () => {
  const [ann, bob] = sites.map((site, i) => site.client(`1.1.1.${i + 1}:1`)) as [TestClient, TestClient]
  const [annAt, bobAt] = [ann.allocate(), bob.allocate()]
  ann.permit(bobAt.key)
  bob.bind(0x4000, annAt.key)
  const canary = loop.open({ address: '0.0.0.0', onDatagram: () => canaryHeard++ })

  ann.sendTo(`${own.ipv4}:${canary.local.port}`, 'chirp')
  const word = new TextEncoder().encode('chirp')
  canary.send(word, 0, word.length, Address.parse('127.0.0.1', bobAt.port))
  ann.sendTo(bobAt.key, 'hello')
  await until(() => bob.got.length > 0)
  bob.sendOn(0x4000, 'hi')
  await until(() => ann.got.length > 0)

  expect(bob.got).toEqual([{ via: 0x4000, text: 'hello' }])
  expect(ann.got).toEqual([{ via: bobAt.key, text: 'hi' }])
  expect([canaryHeard, sites[1]?.server.counters().unpermitted, errors]).toEqual([0, 1, []])
})
