import { stun, turn } from '@parley/stun'
import { describe, expect, it } from 'vitest'
import { attr, codeOf, udpTransport } from '../testing/test-client.ts'
import { TestSite } from '../testing/test-server.ts'

describe('who has not proved to be somebody', () => {
  const methods = ['allocate', 'refresh', 'createPermission', 'channelBind', 'connect', 'connectionBind'] as const
  const named = [stun.username, stun.realm, stun.nonce].map(attribute => attr(attribute, 'turn'))
  const ways = ['udp', 'tcp', 'tls'] as const

  it.each(ways.flatMap(way => methods.map(method => [way, method] as const)))(
    'is challenged over %s for any %s without integrity, a bare one too (RFC 8489 §9.2.4)',
    (way, method) => {
      const client = new TestSite().client('1.2.3.4:5', way)
      for (const attributes of [[], [udpTransport], ...named.map(one => [one]), named]) {
        const reply = client.bare(method, ...attributes)
        const seen = [codeOf(reply), reply?.get(stun.realm), reply?.get(stun.nonce)?.length, reply?.has(stun.username)]
        expect(seen).toEqual([401, 'turn', 16, false])
      }
    },
  )

  it.each(ways)('gets a challenge each time over %s, and so do all behind the same address', way => {
    const site = new TestSite()
    const replies = Array.from({ length: 1000 }, (_, i) =>
      site.client(`1.1.1.1:${i + 1}`, way).bare('allocate', ...(i % 2 ? [udpTransport] : [])),
    )
    expect(new Set(replies.map(codeOf))).toEqual(new Set([401]))
    expect(site.server.counters()).toMatchObject({ errors: 1000, errorsLimited: 0 })
  })

  it('takes nothing from 60 people behind the address in whose name it floods', () => {
    const site = new TestSite()
    const people = Array.from({ length: 60 }, (_, i) => site.client(`1.1.1.1:${i + 1}`))
    const flood = [[], [udpTransport], named.slice(0, 1)].map(given => people[0]?.encode('allocate', given, false))
    let spoofed = 0
    for (const person of people) {
      for (let i = 0; i < 200; i++) {
        const bytes = flood[i % flood.length]
        if (bytes) site.client(`1.1.1.1:${1024 + (spoofed++ % 60_000)}`).raw(bytes)
      }
      expect(person.ask('allocate', udpTransport)).toBe('ok')
    }
    expect(site.server.counters()).toMatchObject({ allocations: 60, requests: 12_000 + 2 * 60 })
  })

  it('is not limited for a wrong password once its address is proved by a nonce', () => {
    const site = new TestSite({ realm: 'a realm so long that it makes challenges large' })
    const client = Object.assign(site.client(), { realm: 'a realm so long that it makes challenges large' })
    client.password = 'guess'
    for (let i = 0; i < 2000; i++) expect(client.ask('allocate', udpTransport)).toBe(401)
  })

  it('gets three times what was sent in its name, and of larger challenges 16 KiB a second', () => {
    const realm = 'r'.repeat(64)
    const site = new TestSite({ realm })
    const burst = (ip: string) => {
      let beyond = 0
      for (let i = 0; i < 2000; i++) {
        const client = site.client(`${ip}:${i + 1}`)
        const request = client.encode('allocate', [], false)
        const reply = client.raw(request)
        if (reply) beyond += reply.end - reply.start - 3 * request.length
      }
      return beyond
    }
    for (const ip of ['1.1.1.1', '2.2.2.2']) {
      const beyond = burst(ip)
      expect(beyond).toBeLessThanOrEqual(16_384)
      expect(beyond).toBeGreaterThan(16_000)
    }
    expect(burst('1.1.1.1')).toBe(0)
    site.net.now += 1000
    expect(burst('1.1.1.1')).toBeGreaterThan(16_000)
  })

  it.each([
    ['IPv4', '1.2.3.4:5', 28],
    ['IPv6', '[2600::5]:5', 48],
  ])(
    'gets at most 1.75 times what was sent, headers counted, and 1.5 times unless it was no more than a header: %s',
    (_, address, headers) => {
      const site = new TestSite()
      const unknown = Array.from({ length: 1000 }, (_, i) => attr({ ...turn.dontFragment, type: 0x4000 + i }, true))
      const requests = (
        ['binding', 'allocate', 'refresh', 'createPermission', 'channelBind', 'connect'] as const
      ).flatMap(method =>
        [[], [udpTransport], unknown.slice(0, 1), unknown.slice(0, 2), unknown].map(attributes =>
          site.client().encode(method, attributes, false),
        ),
      )
      for (const request of requests) {
        const reply = site.client(address).raw(request)
        const most = request.length < 28 ? 1.75 : 1.5
        if (reply) expect(reply.end - reply.start + headers).toBeLessThanOrEqual(most * (request.length + headers))
      }
    },
  )
})
