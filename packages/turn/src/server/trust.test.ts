import { Encoder, type Method, stun, turn } from '@parley/stun'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { everyDatagram } from '../../../stun/testdata/corpus.ts'
import { mutations } from '../../../stun/testdata/mutate.ts'
import { makeCredential, restCredentials } from '../credentials/rest.ts'
import { usedMemory } from '../testing/memory.ts'
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

describe('credentials', () => {
  it.each([
    ['no name', [stun.realm, stun.nonce], 400],
    ['no realm', [stun.username, stun.nonce], 400],
    ['no nonce', [stun.username, stun.realm], 400],
  ] as const)('are refused with %s', (_, given, code) => {
    const encoder = new Encoder(new Uint8Array(500)).message('request', 'allocate')
    for (const attribute of given) encoder.add(attribute, 'turn')
    encoder.integrity(new Uint8Array(16), { hmac: () => new Uint8Array(20), digest: () => new Uint8Array(16) })
    expect(codeOf(new TestSite().client().raw(encoder.finish().slice()))).toBe(code)
  })

  it('are refused with a wrong password, name or realm: 401 and a new challenge', () => {
    const site = new TestSite()
    for (const [field, value] of [
      ['password', 'guess'],
      ['username', 'eve'],
      ['realm', 'else'],
    ] as const) {
      const client = site.client()
      client[field] = value
      const reply = client.request('allocate', udpTransport)
      expect([codeOf(reply), reply.has(stun.nonce), reply.has(stun.messageIntegrity)]).toEqual([401, true, false])
    }
    expect(site.net.opened).toBe(0)
  })

  it('that are over are told from wrong ones, which the reply does not do', () => {
    const site = new TestSite({ credentials: restCredentials(['secret']) })
    const { username, credential } = makeCredential(['secret'], 'ann', 60, site.wallMs)
    site.wallMs += 3660_000
    const late = Object.assign(site.client(), { username, password: credential })
    expect(late.ask('allocate', udpTransport)).toBe(401)
    const guess = Object.assign(site.client(), { username, password: 'guess' })
    expect(guess.ask('allocate', udpTransport)).toBe(401)
    expect(site.server.counters()).toMatchObject({
      credentialsExpired: 1,
      credentialsExpiredS: 3600,
      credentialsWrong: 1,
    })
  })

  it('need a nonce that is ours, of this client, and not older than an hour', () => {
    const site = new TestSite()
    const client = site.client('1.1.1.1:1')
    expect(client.ask('allocate', udpTransport)).toBe('ok')
    const thief = site.client('1.1.1.1:2')
    thief.nonce = client.nonce
    expect(thief.ask('allocate', udpTransport)).toBe(438)
    for (const nonce of ['', 'x', 'a'.repeat(16), `${client.nonce}a`]) {
      thief.nonce = nonce
      const reply = thief.request('allocate', udpTransport)
      expect([codeOf(reply), reply.get(stun.nonce)?.length]).toEqual([438, 16])
    }
    site.net.now += 3600_000
    expect(client.refresh(600)).toBe(437)
    site.net.now += 1_000
    const stale = client.request('refresh')
    expect(codeOf(stale)).toBe(438)
    client.nonce = stale.get(stun.nonce)
    expect(client.ask('allocate', udpTransport)).toBe('ok')
  })

  it('by the REST convention end when their name says, are rotated, and an allocation outlives them', () => {
    const site = new TestSite({ credentials: restCredentials(['new', 'old']) })
    const made = (secret: string) => makeCredential([secret], 'ann', 100, site.wallMs)
    const login = (client: TestClient, { username, credential }: ReturnType<typeof made>) =>
      Object.assign(client, { username, password: credential })
    const current = login(site.client('1.1.1.1:1'), made('new'))
    expect(current.ask('allocate', udpTransport)).toBe('ok')
    expect(login(site.client('1.1.1.1:2'), made('old')).ask('allocate', udpTransport)).toBe('ok')
    expect(login(site.client('1.1.1.1:3'), made('gone')).ask('allocate', udpTransport)).toBe(401)
    const ending = made('new')
    site.wallMs += 100_000
    expect(login(site.client('1.1.1.1:4'), ending).ask('allocate', udpTransport)).toBe(401)
    expect(current.refresh(600)).toBe('ok')
  })

  it('of somebody who has lost their rights count no longer, and their relays end; others’ and later ones do', () => {
    const site = new TestSite({ credentials: restCredentials(['key']) })
    const login = (port: number, name: string) => {
      const { username, credential } = makeCredential(['key'], name, 3600, site.wallMs)
      return Object.assign(site.client(`1.1.1.1:${port}`), { username, password: credential })
    }
    const [ann, bob] = [login(1, 'ann'), login(2, 'bob')]
    ann.allocate()
    bob.allocate()
    site.server.revoke('ann', site.wallMs + 3600_000)
    expect([ann.allocation, ann.kept, site.server.counters().allocations, site.net.sockets.size]).toEqual([
      undefined,
      0,
      1,
      1,
    ])
    expect([
      ann.refresh(600),
      ann.ask('allocate', udpTransport),
      login(3, 'ann').ask('allocate', udpTransport),
    ]).toEqual([401, 401, 401])
    expect([bob.refresh(600), login(4, 'ann~1').ask('allocate', udpTransport)]).toEqual(['ok', 'ok'])
    expect(site.server.counters()).toMatchObject({ credentialsRevoked: 3, credentialsWrong: 0 })
    site.wallMs += 3600_000
    expect(login(5, 'ann').ask('allocate', udpTransport)).toBe('ok')
  })

  it('count one user for quotas, whatever the name says of its end', () => {
    const site = new TestSite({
      credentials: restCredentials(['key']),
      quotas: { perUser: 1, perSource: 0, total: 0, bandwidthBps: 0 },
    })
    const ask = (port: number, ttl: number) => {
      const { username, credential } = makeCredential(['key'], 'ann', ttl, site.wallMs)
      return Object.assign(site.client(`1.1.1.1:${port}`), { username, password: credential }).ask(
        'allocate',
        udpTransport,
      )
    }
    expect([ask(1, 100), ask(2, 200)]).toEqual(['ok', 486])
  })
})

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
