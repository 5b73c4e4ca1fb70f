import { turn } from '@parley/stun'
import { usedMemory } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { makeCredential, restCredentials } from '../credentials/rest.ts'
import { attr, type TestClient, udpTransport } from '../testing/test-client.ts'
import { TestSite } from '../testing/test-server.ts'

describe('what one source address may hold', () => {
  const quotas = { perUser: 128, perSource: 2048, total: 8192, bandwidthBps: 0 }
  const site = (given: Partial<typeof quotas> = {}) =>
    new TestSite({ credentials: restCredentials(['key']), quotas: { ...quotas, ...given } })
  const guest = (at: TestSite, name: string, address: string) => {
    const { username, credential } = makeCredential(['key'], name, 100, at.wallMs)
    return Object.assign(at.client(address), { username, password: credential })
  }
  const allocated = (clients: readonly TestClient[]) => clients.filter(({ allocation }) => allocation !== undefined)

  it('is a quarter of the allocations, however many guests it makes; the others have theirs', () => {
    const at = site()
    const greedy = Array.from({ length: 3000 }, (_, i) => guest(at, `guest-${i >> 7}`, `1.1.1.1:${i + 1}`))
    const answers = greedy.map(client => client.ask('allocate', udpTransport))
    expect(answers.filter(answer => answer === 'ok').length).toBe(2048)
    expect(new Set(answers.slice(2048))).toEqual(new Set([486]))
    expect(guest(at, 'ann', '2.2.2.2:1').ask('allocate', udpTransport)).toBe('ok')
  })

  it('is for IPv6 what a /64 may hold', () => {
    const at = site({ perSource: 2 })
    const ask = (address: string) => guest(at, address, address).ask('allocate', udpTransport)
    const answers = ['[2600::1]:1', '[2600::2]:1', '[2600::ffff:3]:1', '[2600:0:0:1::1]:1'].map(ask)
    expect(answers).toEqual(['ok', 'ok', 486, 'ok'])
  })

  it('gives way to who has less when all are taken: what nobody uses first', () => {
    const at = site({ perUser: 0, total: 4096 })
    const greedy = Array.from({ length: 4096 }, (_, i) => guest(at, `guest-${i}`, `1.1.1.${1 + (i & 1)}:${i + 1}`))
    for (const client of greedy) client.allocate()
    for (const client of greedy.slice(-1000)) client.permit('8.8.8.8:0')
    const people = Array.from({ length: 200 }, (_, i) => guest(at, `person-${i}`, `2.2.${i}.2:1`))
    for (const person of people) {
      expect(person.ask('allocate', udpTransport)).toBe('ok')
      at.pass(0.1)
    }
    at.pass(1)
    expect([at.server.counters().allocations, allocated(people).length]).toEqual([4096, 200])
    expect(allocated(greedy.slice(-1000)).length).toBe(1000)
    // Who has most is refused, and takes nothing from anybody.
    expect(guest(at, 'another', '1.1.1.1:9999').ask('allocate', udpTransport)).toBe(486)
  })

  it('does not hinder 128 people behind one address: six allocations each, with twenty peers', () => {
    const at = site()
    for (let person = 0; person < 128; person++) {
      for (let i = 0; i < 6; i++) {
        const client = guest(at, `person-${person}`, `1.1.1.1:${1 + person * 6 + i}`)
        client.allocate()
        for (let peer = 0; peer < 20; peer++) expect(client.bind(0x4000 + peer, `8.8.8.${peer}:9`)).toBe('ok')
      }
    }
    expect(at.server.counters().allocations).toBe(768)
  })

  it('is 256 channels of an allocation, and 32,768 channels and permissions altogether: the figure', () => {
    const at = site()
    const before = usedMemory()
    const greedy = Array.from({ length: 300 }, (_, i) => guest(at, `guest-${i >> 7}`, `1.1.1.1:${i + 1}`))
    let bound = 0
    for (const client of greedy) {
      client.allocate()
      let channel = 0x4000
      while (client.bind(channel, `8.8.8.8:${channel}`) === 'ok') channel++
      bound += channel - 0x4000
      expect(channel - 0x4000).toBeLessThanOrEqual(256)
    }
    // One permission each, while there was room.
    expect(bound).toBeGreaterThan(32_500)
    expect(bound).toBeLessThanOrEqual(32_768)
    const megabytes = (usedMemory() - before) / 1e6
    expect(megabytes).toBeLessThan(40)
    process.stdout.write(`one source with ${bound} channels: ${megabytes.toFixed(0)} MB\n`)
    const other = guest(at, 'ann', '2.2.2.2:1')
    other.allocate()
    expect(other.bind(0x4000, '8.8.8.8:1')).toBe('ok')
    // What has ended counts no longer.
    for (const client of greedy.slice(0, 10)) client.refresh(0)
    const late = guest(at, 'late', '1.1.1.1:999')
    late.allocate()
    expect(late.bind(0x4000, '8.8.8.8:1')).toBe('ok')
  })

  it('counts channels no longer that have ended', () => {
    const at = site()
    const client = guest(at, 'ann', '1.1.1.1:1')
    client.allocate(attr(turn.lifetime, 3600))
    for (const round of [0, 1, 2]) {
      for (let i = 0; i < 256; i++) expect(client.bind(0x4000 + i, `8.8.${round}.8:${i + 1}`)).toBe('ok')
      expect(client.bind(0x5000, '8.8.8.8:1')).toBe(508)
      at.pass(601)
    }
  })
})
