import { crc32, setUint32At } from '@parley/bytes'
import {
  checkFingerprint,
  Encoder,
  ice,
  type Message,
  newTransactionId,
  shortTermKey,
  stun,
  turn,
  verifyIntegrity,
} from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import { Address } from '@parley/udp'
import { beforeEach, describe, expect, it } from 'vitest'
import type { IceCredentials } from '../control.ts'
import { makeCheck } from '../testing/prober.ts'
import { emptyIceCounters } from './counters.ts'
import { newIceCredentials } from './credentials.ts'
import { alice, here, mallory, mobile, ours, Site, theirs } from './testing/site.ts'

let site: Site
beforeEach(() => {
  site = new Site()
})

const username = (encoder: Encoder) => encoder.add(stun.username, 'ours:theirs')

describe('a connectivity check', () => {
  it('is answered with the address it came from, under our password', () => {
    site.open('alice')
    for (const from of [alice, Address.parse('2001:db8::7', 5000)]) {
      const reply = site.check(from)
      expect(reply).toMatchObject({ class: 'success', method: 'binding' })
      const mapped = reply?.get(stun.xorMappedAddress)
      expect([mapped?.address.toString(), mapped?.port]).toEqual([from.host, from.port])
      if (!reply) return expect.unreachable()
      expect(verifyIntegrity(reply, shortTermKey(ours.password), nodeCrypto)).toBe(true)
      expect(checkFingerprint(reply)).toBe('right')
    }
    expect(site.counters).toMatchObject({ checks: 2, checksForged: 0 })
  })

  it('protected with SHA-256 is answered with SHA-256', () => {
    site.open('alice')
    const encoder = username(new Encoder(new Uint8Array(500)).message('request', 'binding'))
    encoder.integritySha256(shortTermKey(ours.password), nodeCrypto).fingerprint()
    const reply = site.bring(encoder.finish())
    if (!reply) return expect.unreachable()
    expect(verifyIntegrity(reply, shortTermKey(ours.password), nodeCrypto, { kind: 'sha256' })).toBe(true)
  })

  it('is good whatever the peer calls itself, and before its name is known', () => {
    site.open('alice')
    expect(site.request(encoder => encoder.add(stun.username, 'ours:new'))?.class).toBe('success')
  })

  it('for nobody we know is left to the STUN server', () => {
    site.open('alice')
    for (const name of ['other:theirs', 'ours', '', ':ours', 'our:s']) {
      expect(
        site.request(encoder => encoder.add(stun.username, name)),
        name,
      ).toBeUndefined()
    }
    site.request(() => {}, false)
    site.bring(new Encoder(new Uint8Array(100)).message('request', 'allocate').finish())
    site.bring(Uint8Array.of(0, 1, 0, 0))
    site.bring(new Encoder(new Uint8Array(100)).message('indication', 'send').finish())
    expect(site.taken).toEqual(site.taken.map(() => false))
    expect(site.counters).toEqual(emptyIceCounters())
  })

  it.each<[string, (site: Site) => Message | undefined]>([
    ['without a password', site => site.request(username, false)],
    ['with another password', site => site.request(username, 'another password, as long')],
    ['with the password of the peer', site => site.request(username, theirs.password)],
    ['without a fingerprint', site => site.request(username, ours.password, false)],
    [
      'with a wrong fingerprint',
      site => {
        const bytes = makeCheck({ local: theirs, remote: ours }).slice()
        bytes[bytes.length - 1]! ^= 1
        return site.bring(bytes)
      },
    ],
    ['changed on its way', site => site.bring(altered(makeCheck({ local: theirs, remote: ours }).slice()))],
    ['with a password that is no attribute of 20 bytes', site => site.bring(withShortIntegrity())],
  ])('%s is dropped without a word', (_, act) => {
    const agent = site.open('alice')
    expect(act(site)).toBeUndefined()
    expect(site.taken).toEqual([true])
    expect(site.counters).toMatchObject({ checks: 0, checksForged: 1 })
    expect([agent.path, site.registry.paths, site.events]).toEqual([undefined, 0, []])
  })

  it.each<[string, number, (encoder: Encoder) => unknown]>([
    ['a peer that says it is controlled, as we are', 487, encoder => encoder.add(ice.iceControlled, 2n ** 64n - 1n)],
    ['an attribute that must be understood', 420, encoder => encoder.add(turn.requestedTransport, 17)],
    ['a priority of one byte', 400, encoder => encoder.add(odd(ice.priority.type), Uint8Array.of(1))],
    ['a nomination with a value', 400, encoder => encoder.add(odd(ice.useCandidate.type), Uint8Array.of(1))],
    ['a tie-breaker of three bytes', 400, encoder => encoder.add(odd(ice.iceControlling.type), new Uint8Array(3))],
  ])('from somebody who knows the password, with %s, is answered with %i', (_, code, add) => {
    const agent = site.open('alice')
    const reply = site.request(encoder => add(username(encoder)))
    expect(reply?.get(stun.errorCode)?.code).toBe(code)
    if (code === 420) expect(reply?.get(stun.unknownAttributes)).toEqual([turn.requestedTransport.type])
    if (!reply) return expect.unreachable()
    expect(verifyIntegrity(reply, shortTermKey(ours.password), nodeCrypto)).toBe(true)
    expect(site.counters).toMatchObject({ checks: 0, checksRefused: 1 })
    expect([agent.path, site.registry.paths]).toEqual([undefined, 0])
  })

  it('with attributes that nobody need understand is good', () => {
    site.open('alice')
    const reply = site.request(encoder => {
      username(encoder).add(odd(0xc057), new Uint8Array(4)).add(odd(0xffee), new Uint8Array(3))
    })
    expect(reply?.class).toBe('success')
  })

  it('that comes again is answered again, but not from elsewhere', () => {
    const agent = site.open('alice')
    const bytes = makeCheck({ local: theirs, remote: ours }).slice()
    expect(site.bring(bytes)?.class).toBe('success')
    expect(site.bring(bytes)?.class).toBe('success')
    expect(site.bring(bytes, mallory)).toBeUndefined()
    expect(site.counters).toMatchObject({ checks: 2, checksReplayed: 1 })
    expect([agent.path?.remote.key, site.registry.paths]).toEqual([alice.key, 1])
  })
})

describe('a path', () => {
  it('leads to its owner once it was checked, on the socket it was checked by', () => {
    site.open('alice')
    const { registry, socket } = site
    expect(registry.find(socket, alice)).toBeUndefined()
    site.check()
    expect(registry.find(socket, alice)?.agent.owner).toBe('alice')
    expect(registry.find(socket, Address.parse(alice.host, 5001))).toBeUndefined()
    const other = site.net.open({ address: here.host, port: 9999, onDatagram: () => {} })
    expect(registry.find(other, alice)).toBeUndefined()
  })

  it('before a nomination is the one that was checked last, afterwards the one nominated last', () => {
    site.open('alice')
    site.check(alice, false)
    site.check(mobile, false)
    site.check(alice, false)
    site.check(alice, true)
    site.check(mobile, false)
    site.check(mobile, true)
    site.check(alice, true)
    expect(site.events).toEqual([
      `alice at ${alice}`,
      `alice at ${mobile}`,
      `alice at ${alice}`,
      `alice at ${mobile}`,
      `alice at ${alice}`,
    ])
  })

  it('keep-alives and answers on it are taken, those from elsewhere are not', () => {
    site.open('alice')
    site.check()
    for (const kind of ['indication', 'success', 'error'] as const) {
      const bytes = new Encoder(new Uint8Array(100)).message(kind, 'binding').finish()
      site.taken.length = 0
      expect(site.bring(bytes, alice)).toBeUndefined()
      expect(site.bring(bytes, mallory)).toBeUndefined()
      expect(site.taken).toEqual([true, false])
    }
  })

  it('of another peer cannot be taken while that one is there, but later', () => {
    const agent = site.open('alice')
    const intruder: IceCredentials = { ufrag: 'mall', password: 'the password of mallory' }
    site.open('mallory', intruder)
    site.check(alice)
    expect(site.check(alice, true, intruder)).toBeUndefined()
    expect(site.counters.checksContested).toBe(1)
    expect(site.registry.find(site.socket, alice)?.agent.owner).toBe('alice')
    site.pass(agent, 9_999)
    expect(site.check(alice, true, intruder)).toBeUndefined()
    site.pass(agent, 1)
    expect(site.check(alice, true, intruder)?.class).toBe('success')
    expect(site.registry.find(site.socket, alice)?.agent.owner).toBe('mallory')
    expect(site.events).toEqual([`alice at ${alice}`, 'alice lost', `mallory at ${alice}`])
    expect(agent.path).toBeUndefined()
  })

  it('is one of at most 16, and the one in use is never given up for others', () => {
    const agent = site.open('alice')
    site.check(alice, true)
    for (let port = 1; port <= 100; port++) {
      site.net.now++
      expect(site.check(Address.parse(mallory.host, port), false)?.class).toBe('success')
    }
    expect(site.registry.paths).toBe(16)
    expect(agent.path?.remote.key).toBe(alice.key)
    expect(site.registry.find(site.socket, alice)?.agent.owner).toBe('alice')
    agent.close()
    agent.close()
    expect([site.registry.paths, site.registry.names]).toEqual([0, 0])
    expect(site.check()).toBeUndefined()
  })
})

describe('consent', () => {
  it('ends 30 s after the last check, and comes back with the next', () => {
    const agent = site.open('alice')
    expect(agent.nextTimeout()).toBe(Number.POSITIVE_INFINITY)
    site.check()
    site.pass(agent, 20_000)
    site.check()
    expect(agent.nextTimeout()).toBe(50_000)
    site.pass(agent, 29_999)
    expect(agent.path?.remote.key).toBe(alice.key)
    site.pass(agent, 1)
    expect([agent.path, site.registry.paths, agent.nextTimeout()]).toEqual([undefined, 0, Number.POSITIVE_INFINITY])
    site.check(alice, false)
    expect(site.events).toEqual([`alice at ${alice}`, 'alice lost', `alice at ${alice}`])
  })

  it('of the path in use ends: another that is still checked takes over', () => {
    const agent = site.open('alice')
    site.check(alice, true)
    site.pass(agent, 25_000)
    site.check(mobile, false)
    expect(agent.path?.remote.key).toBe(alice.key)
    site.pass(agent, 5_000)
    expect(agent.path?.remote.key).toBe(mobile.key)
    expect(site.events).toEqual([`alice at ${alice}`, `alice at ${mobile}`])
    expect(site.counters.consentLost).toBe(0)
  })

  it('is given by media that only the peer can have made, for the path that it came by', () => {
    const agent = site.open('alice')
    site.check(alice, true)
    site.check(mobile, false)
    for (let second = 0; second < 60; second += 20) {
      site.pass(agent, 20_000)
      const pair = site.registry.find(site.socket, alice)
      if (pair) pair.heardAt = site.net.now
    }
    expect([agent.path?.remote.key, site.registry.paths, agent.nextTimeout()]).toEqual([alice.key, 1, 90_000])
    site.open('mallory', { ufrag: 'mal1', password: 'a password that mallory knows' })
    site.pass(agent, 9_999)
    expect(site.check(alice, true, { ufrag: 'mal1', password: 'a password that mallory knows' })).toBeUndefined()
  })

  it('is not given by what is forged, replayed or refused', () => {
    const agent = site.open('alice')
    const first = makeCheck({ local: theirs, remote: ours }).slice()
    site.bring(first)
    site.pass(agent, 29_000)
    site.request(username, false)
    site.request(encoder => username(encoder).add(ice.iceControlled, 1n))
    site.bring(first, mallory)
    site.pass(agent, 1_000)
    expect(site.events).toEqual([`alice at ${alice}`, 'alice lost'])
  })
})

describe('a restart', () => {
  const renewed: IceCredentials = { ufrag: 'new1', password: 'a new password of ours, long' }

  it('keeps the old credentials good until a nomination with the new', () => {
    const agent = site.open('alice')
    site.check()
    agent.restart(renewed)
    expect(site.check(alice, true)?.class).toBe('success')
    expect(site.check(alice, false, renewed)?.class).toBe('success')
    expect(site.check(alice, true)?.class).toBe('success')
    expect(site.check(alice, true, renewed)?.class).toBe('success')
    expect(site.check(alice, true)).toBeUndefined()
    expect(site.taken.at(-1)).toBe(false)
    expect(site.registry.names).toBe(1)
    expect(site.events).toEqual([`alice at ${alice}`])
  })

  it('moves media with the first check of the new, and back with none of the old', () => {
    const agent = site.open('alice')
    site.check(alice, true)
    agent.restart(renewed)
    expect(agent.path?.remote.key).toBe(alice.key)
    site.check(mobile, false, renewed)
    expect(agent.path?.remote.key).toBe(mobile.key)
    site.check(alice, true)
    expect(agent.path?.remote.key).toBe(mobile.key)
  })

  it('may come several times before the peer takes part, and the oldest goes', () => {
    const agent = site.open('alice')
    site.check()
    const later = Array.from({ length: 5 }, newIceCredentials)
    for (const credentials of later) agent.restart(credentials)
    expect(site.registry.names).toBe(3)
    expect(site.check(alice, true, later.at(-2))?.class).toBe('success')
    expect(site.check(alice, true, later.at(-1))?.class).toBe('success')
    expect(site.registry.names).toBe(1)
  })

  it('under a name that is taken changes nothing', () => {
    const agent = site.open('alice')
    site.open('bob', renewed)
    expect(() => agent.restart(renewed)).toThrow('new1')
    agent.close()
    expect(site.check(alice, true, renewed)?.class).toBe('success')
    expect(site.registry.find(site.socket, alice)?.agent.owner).toBe('bob')
  })
})

/** An attribute of any type, with any bytes. */
function odd(type: number) {
  return {
    type,
    name: 'ODD',
    place: 'stun/odd',
    codec: {
      decode: () => new Uint8Array(),
      encode: (writer: { put(bytes: Uint8Array): void }, value: Uint8Array) => writer.put(value),
    },
  }
}

/** A letter of the USERNAME is another, and the FINGERPRINT right again. */
function altered(bytes: Uint8Array): Uint8Array {
  bytes[24 + 6] = 0x78
  const end = bytes.length - 4
  setUint32At(bytes, end, crc32(bytes, 0, end - 4) ^ 0x5354554e)
  return bytes
}

function withShortIntegrity(): Uint8Array {
  const encoder = new Encoder(new Uint8Array(300)).message('request', 'binding', newTransactionId())
  return username(encoder).add(odd(stun.messageIntegrity.type), new Uint8Array(8)).fingerprint().finish()
}
