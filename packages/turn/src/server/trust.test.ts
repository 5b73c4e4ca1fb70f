import { type Method, turn } from '@parley/stun'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { everyDatagram } from '../../../stun/testdata/corpus.ts'
import { mutations } from '../../../stun/testdata/mutate.ts'
import { attr, codeOf, type TestClient, udpTransport } from '../testing/test-client.ts'
import { own, TestSite } from '../testing/test-server.ts'

const both = attr(turn.additionalAddressFamily, 6)

describe('special addresses', () => {
  const ipv4 = [
    '127.0.0.1',
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '224.0.0.1',
    '239.1.1.1',
    '240.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '192.0.2.1',
    '203.0.113.1',
    own.ipv4,
  ]
  const ipv6 = [
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    'fec0::1',
    '2001:db8::1',
    '100::1',
    own.ipv6,
  ]
  const hex = (ip: string) => ip.split('.').map(part => Number(part).toString(16).padStart(2, '0'))
  const pairs = (ip: string) => ((h: string[]) => `${h[0]}${h[1]}:${h[2]}${h[3]}`)(hex(ip))
  const forms: readonly ((ip: string) => string)[] = [
    ip => ip,
    ip => `::ffff:${ip}`,
    ip => `::${ip}`,
    ip => `::ffff:0:${ip}`,
    ip => `64:ff9b::${ip}`,
    ip => `2002:${pairs(ip)}::1`,
    ip => `2001:0:${pairs(ip)}::1`,
  ]
  const all = [...ipv4.flatMap(ip => forms.map(form => form(ip))), ...ipv6]

  it.each(all)('%s is out of reach', host => {
    const site = new TestSite()
    const client = site.client()
    client.allocate(both)
    const peer = host.includes(':') ? `[${host}]:4444` : `${host}:4444`
    const canary = site.net.peer(host, 4444)
    const isOwn = [own.ipv4, own.ipv6, `::ffff:${own.ipv4}`].includes(host as never)
    const expected = isOwn ? 'ok' : 403
    expect([client.permit(peer), client.bind(0x4000, peer)]).toEqual([expected, expected])
    client.sendTo(peer, 'chirp')
    client.sendOn(0x4000, 'chirp')
    for (const relay of client.allocation?.relays ?? []) {
      if (relay.family === canary.address.version) canary.say('return traffic', relay.socket.local)
    }
    expect([canary.got, client.got, site.net.outside]).toEqual([[], [], []])
  })
})

describe('what comes back', () => {
  it('is everything, after 10,000 allocations have ended', () => {
    const site = new TestSite()
    const clients: TestClient[] = []
    for (let i = 0; i < 10_000; i++) {
      const client = site.client(`1.${i >> 8}.${i & 255}.1:1`)
      client.allocate()
      client.bind(0x4000, '8.8.8.8:8')
      clients.push(client)
      site.pass(0.01)
    }
    expect(site.server.counters().allocations).toBe(10_000)
    site.pass(700)
    expect(site.server.counters()).toMatchObject({ allocations: 0, allocationsMade: 10_000 })
    expect(site.net.sockets.size).toBe(0)
    expect(clients.every(({ kept, allocation }) => kept === 0 && allocation === undefined)).toBe(true)
    expect(site.server.nextTimeout()).toBe(Number.POSITIVE_INFINITY)
  })

  it('is everything when the server closes, twice', () => {
    const site = new TestSite()
    site.client('1.1.1.1:1').allocate(attr(turn.evenPort, true))
    site.client('1.1.1.1:2').allocate(both)
    site.server.close()
    site.server.close()
    expect([site.net.sockets.size, site.server.counters().allocations]).toEqual([0, 0])
  })
})

describe('nothing escapes', () => {
  function busy() {
    const site = new TestSite()
    const client = site.client()
    client.allocate(both)
    client.bind(0x4000, '8.8.8.8:8')
    return { site, client }
  }

  it('from mutations of everything that was ever captured', () => {
    const { client } = busy()
    for (const datagram of everyDatagram()) {
      client.raw(datagram)
      for (const mutation of mutations(datagram, 200)) client.raw(mutation)
    }
  })

  it('from rightly signed requests with any attributes', () => {
    const { site, client } = busy()
    const types = Object.values(turn).map(({ type }) => type)
    const attribute = fc.tuple(fc.constantFrom(...types), fc.uint8Array({ maxLength: 20 }))
    const methods = fc.constantFrom('allocate', 'refresh', 'createPermission', 'channelBind', 'connect', 'data')
    client.request('refresh')
    fc.assert(
      fc.property(methods, fc.array(attribute, { maxLength: 4 }), (method, attributes) => {
        const opaque = attributes.map(([type, value]) => attr({ ...turn.data, type }, value))
        for (const given of [opaque, [udpTransport, ...opaque]]) {
          const reply = client.raw(client.encode(method as Method, given, true))
          expect(reply && codeOf(reply)).not.toBe(401)
        }
        if (!client.allocation) client.request('allocate', udpTransport)
        site.net.now += 1
      }),
      { numRuns: 500 },
    )
  })

  it('from any bytes', () => {
    const { client } = busy()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), bytes => {
        client.raw(bytes)
        client.raw(new Uint8Array([0x40, 0, ...bytes]))
        client.raw(new Uint8Array([0, 0x16, 0, bytes.length, 0x21, 0x12, 0xa4, 0x42, ...bytes]))
      }),
    )
  })
})
