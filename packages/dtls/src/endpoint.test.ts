import { generateKeyPairSync } from 'node:crypto'
import { openHandles } from '@parley/ffi'
import fc from 'fast-check'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { makeDtlsCertificate } from './certificate.ts'
import { DtlsContext } from './context.ts'
import { DtlsEndpoint } from './endpoint.ts'
import type { ProfileName } from './profiles.ts'
import { contexts, type Fate, Link } from './testing/link.ts'

const shared = contexts()
const links: Link[] = []
const resting = openHandles()

function linkOf(...args: ConstructorParameters<typeof Link>): Link {
  const link = new Link(...args)
  links.push(link)
  return link
}

afterEach(() => {
  for (const link of links.splice(0)) link.close()
  expect(openHandles()).toBe(resting)
  expect([shared.server.gate.inside, shared.client.gate.inside]).toEqual([0, 0])
})

afterAll(() => {
  shared.server.close()
  shared.client.close()
})

/** Runs links until the machine lets one have its time: what others count then says nothing. */
function runUnstalled(make: () => Link): Link {
  for (;;) {
    const link = make()
    link.run()
    if (!link.stalled) return link
  }
}

function expectSameKeys({ server, client }: Link): void {
  expect(server.keys).toBeDefined()
  expect(server.keys?.profile).toBe(client.keys?.profile)
  expect(server.keys?.localKey).toEqual(client.keys?.remoteKey)
  expect(server.keys?.localSalt).toEqual(client.keys?.remoteSalt)
  expect(server.keys?.remoteKey).toEqual(client.keys?.localKey)
  expect(server.keys?.remoteSalt).toEqual(client.keys?.localSalt)
  expect(server.keys?.localKey).not.toEqual(server.keys?.remoteKey)
}

describe('a handshake', () => {
  test('gives both sides the same keys, in four datagrams, and then nobody waits for anything', () => {
    const link = runUnstalled(() => linkOf(shared))
    expectSameKeys(link)
    expect(link.sent).toBe(4)
    expect(link.server.keys?.profile).toBe('AEAD_AES_128_GCM')
    expect([link.server.keys?.localKey.length, link.server.keys?.localSalt.length]).toEqual([16, 12])
    for (const { endpoint } of [link.server, link.client]) {
      expect(endpoint.state).toBe('connected')
      expect(endpoint.nextTimeout()).toBe(Number.POSITIVE_INFINITY)
    }
  })

  test.each<[ProfileName, key: number, salt: number]>([
    ['AEAD_AES_128_GCM', 16, 12],
    ['AEAD_AES_256_GCM', 32, 12],
    ['AES_CM_128_HMAC_SHA1_80', 16, 14],
  ])('agrees on %s when the client can do nothing else', (profile, key, salt) => {
    const only = contexts({ profiles: [profile] })
    const link = linkOf({ server: shared.server, client: only.client })
    link.run()
    expectSameKeys(link)
    expect(link.client.keys?.profile).toBe(profile)
    expect([link.client.keys?.localKey.length, link.client.keys?.localSalt.length]).toEqual([key, salt])
    only.server.close()
    only.client.close()
  })

  test('survives the loss of any one datagram, with whole and with small ones', () => {
    for (const mtu of [1200, 256]) {
      const options = { server: { mtu }, client: { mtu } }
      const whole = runUnstalled(() => linkOf(shared, undefined, options))
      expectSameKeys(whole)
      expect(Math.max(...whole.server.sent, ...whole.client.sent)).toBeLessThanOrEqual(mtu)
      for (let lost = 0; lost < whole.sent; lost++) {
        const link = runUnstalled(() =>
          linkOf(shared, ({ bytes, number }) => (number === lost ? [] : [bytes]), options),
        )
        // Only the client can know that the last flight is missing: it sends its own again, and that brings it.
        expectSameKeys(link)
        expect(link.now).toBeGreaterThan(0)
        expect(link.now).toBeLessThan(120)
      }
    }
  })

  test('survives the loss of whole flights, several times', () => {
    for (const lost of [3, 5]) {
      const link = linkOf(shared, ({ bytes, number }) => (number < lost ? [] : [bytes]))
      link.run()
      expectSameKeys(link)
    }
  })

  test('survives duplicates and reordering', () => {
    const twice: Fate = ({ bytes }) => [bytes, bytes]
    const options = { server: { mtu: 256 }, client: { mtu: 256 } }
    const doubled = linkOf(shared, twice, options)
    doubled.run()
    expectSameKeys(doubled)
    for (const pick of [(count: number) => count - 1, (count: number) => count >> 1]) {
      const link = linkOf(shared, undefined, options)
      link.run(pick)
      expectSameKeys(link)
    }
  })

  test('begins with a ClientHello in two pieces, in either order', () => {
    // As clients with post-quantum keys send it: two fragments of the handshake message (RFC 6347 §4.2.3).
    const cut = (datagram: Uint8Array) => {
      const body = datagram.subarray(25)
      const piece = (sequence: number, from: number, to: number) => {
        const made = Buffer.alloc(25 + to - from)
        made.set(datagram.subarray(0, 25))
        made.writeUIntBE(sequence, 5, 6)
        made.writeUInt16BE(12 + to - from, 11)
        made.writeUIntBE(from, 19, 3)
        made.writeUIntBE(to - from, 22, 3)
        made.set(body.subarray(from, to), 25)
        return new Uint8Array(made)
      }
      return [piece(0, 0, 60), piece(40, 60, body.length)]
    }
    for (const reversed of [false, true]) {
      const fate: Fate = ({ number, bytes }) => {
        if (number !== 0) return [bytes]
        return reversed ? cut(bytes).reverse() : cut(bytes)
      }
      const link = runUnstalled(() => linkOf(shared, fate))
      expectSameKeys(link)
      expect(link.sent).toBe(4)
    }
  })

  test('that nobody answers is sent again after 50, 100, 200 and 400 ms, and given up in the end', () => {
    const silent = contexts({ handshakeTimeoutMs: 700 })
    const link = linkOf(silent, () => [])
    link.client.endpoint.start(0)
    const waits: number[] = []
    for (let i = 0; i < 3; i++) {
      const due = link.client.endpoint.nextTimeout()
      waits.push(due - link.now)
      link.now = due
      link.client.endpoint.handleTimeout(due - 1)
      link.client.endpoint.handleTimeout(due)
      expect(link.client.sent.length).toBe(i + 2)
    }
    // OpenSSL counts from when it sent, which is a little earlier.
    for (const [i, expected] of [50, 100, 200].entries()) {
      expect(waits[i]).toBeLessThanOrEqual(expected)
      if (i > 0) expect(waits[i]).toBeGreaterThan(expected / 2)
    }
    link.client.endpoint.handleTimeout(700)
    expect(link.client.failure?.reason).toBe('timeout')
    expect(link.client.endpoint.nextTimeout()).toBe(Number.POSITIVE_INFINITY)
    silent.server.close()
    silent.client.close()
  })
})

describe('the peer', () => {
  const other = { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'ab').join(':') } as const

  test.each(['server', 'client'] as const)('with another certificate than signalled is refused by the %s', role => {
    const link = linkOf(shared, undefined, { [role]: { fingerprints: [other] } })
    link.run()
    expect(link[role].failure?.reason).toBe('fingerprint')
    expect(link[role].keys).toBeUndefined()
    expect(link[role].endpoint.state).toBe('failed')
    expect(link[role].endpoint.sendData(new Uint8Array(1), 0, 1)).toBe(false)
  })

  test('may have any of several certificates, told in either case; only the strongest hash counts', () => {
    const lower = { algorithm: 'sha-256', value: shared.client.fingerprint.value.toLowerCase() } as const
    const good = linkOf(shared, undefined, { server: { fingerprints: [other, lower] } })
    good.run()
    expectSameKeys(good)
    const stronger = { algorithm: 'sha-512', value: Array.from({ length: 64 }, () => '00').join(':') } as const
    const bad = linkOf(shared, undefined, { server: { fingerprints: [lower, stronger] } })
    bad.run()
    expect(bad.server.failure?.reason).toBe('fingerprint')
  })

  test('without a profile in common is refused', () => {
    const [a, b] = [contexts({ profiles: ['AEAD_AES_256_GCM'] }), contexts({ profiles: ['AES_CM_128_HMAC_SHA1_80'] })]
    const link = linkOf({ server: a.server, client: b.client })
    link.run()
    expect(link.client.failure?.reason).toBe('no-profile')
    expect(link.server.failure?.reason).toBe('no-profile')
    for (const context of [a.server, a.client, b.server, b.client]) context.close()
  })
})

describe('data', () => {
  test('goes both ways in whole messages, and closing is heard on the other side', () => {
    const link = linkOf(shared)
    link.run()
    const hello = new TextEncoder().encode('xhellox')
    expect(link.client.endpoint.sendData(hello, 1, 6)).toBe(true)
    expect(link.server.endpoint.sendData(hello, 0, 7)).toBe(true)
    const long = new Uint8Array(16_384).fill(97)
    expect(link.server.endpoint.sendData(long, 0, long.length)).toBe(true)
    link.settle()
    expect(link.server.data).toEqual(['hello'])
    expect(link.client.data).toEqual(['xhellox', 'a'.repeat(16_384)])
    expect(() => link.server.endpoint.sendData(new Uint8Array(16_385), 0, 16_385)).toThrow(RangeError)
    expect(() => link.server.endpoint.sendData(long, 0, 0)).toThrow(RangeError)

    link.client.endpoint.close()
    link.client.endpoint.close()
    link.settle()
    expect(link.server.closed).toBe(true)
    expect(link.client.closed).toBe(false)
    expect(link.server.endpoint.sendData(hello, 0, 1)).toBe(false)
  })

  test('a handler may close the endpoint', () => {
    const link = linkOf(shared, undefined, { server: { onData: () => link.server.endpoint.close() } })
    link.run()
    for (let i = 0; i < 3; i++) link.client.endpoint.sendData(Uint8Array.of(1), 0, 1)
    link.settle()
    expect(link.server.endpoint.state).toBe('closed')
    expect(link.client.closed).toBe(true)
  })

  test('closing while being told of the connection', () => {
    const link = linkOf(shared, undefined, { server: { onConnected: () => link.server.endpoint.close() } })
    link.run()
    expect(link.server.endpoint.state).toBe('closed')
  })
})

describe('rubbish', () => {
  test('is ignored before, during and after the handshake', () => {
    const noise = fc.uint8Array({ minLength: 1, maxLength: 100 })
    fc.assert(
      fc.property(fc.array(noise, { minLength: 1, maxLength: 20 }), list => {
        const link = linkOf(shared)
        const rub = () => {
          for (const bytes of list) {
            for (const { endpoint } of [link.server, link.client]) endpoint.receive(bytes, 0, bytes.length, link.now)
          }
        }
        // Not a handshake's first byte: what gets past RFC 7983's ranges, but is no record of type 20 to 23.
        for (const bytes of list) if ((bytes[0] ?? 0) >= 20 && (bytes[0] ?? 0) <= 23) bytes[0] = 63
        rub()
        expect(link.server.endpoint.state).toBe('new')
        link.client.endpoint.start(0)
        rub()
        link.run()
        expectSameKeys(link)
        rub()
        link.client.endpoint.sendData(Uint8Array.of(65), 0, 1)
        link.settle()
        expect(link.server.data).toEqual(['A'])
        link.close()
      }),
      { numRuns: 20 },
    )
  })

  test('changed bits never throw, never give keys that differ, and leave nothing behind', () => {
    const change = fc.record({ number: fc.nat(3), at: fc.nat(700), bit: fc.nat(7) })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), changes => {
        let budget = 40
        const link = linkOf(shared, ({ number, bytes }) => {
          if (budget-- < 0) return []
          for (const { number: which, at, bit } of changes) {
            if (which === number) bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ (1 << bit)
          }
          return [bytes]
        })
        link.client.endpoint.start(0)
        link.settle()
        if (link.connected) expectSameKeys(link)
        link.close()
      }),
      { numRuns: 150 },
    )
  })
})

test('too many handshakes keep further clients waiting, who come in later by sending again', () => {
  const narrow = contexts({ maxHandshakes: 1 })
  const wide = contexts()
  const first = linkOf({ server: narrow.server, client: wide.client })
  const second = linkOf({ server: narrow.server, client: wide.server })
  let heard = 0
  const half = linkOf({ server: narrow.server, client: wide.client }, ({ to, bytes }) =>
    to === 'server' && heard++ === 0 ? [bytes] : [],
  )
  half.client.endpoint.start(0)
  half.settle()
  expect(half.server.endpoint.state).toBe('handshaking')
  first.client.endpoint.start(0)
  first.settle()
  expect(first.server.endpoint.state).toBe('new')
  expect(narrow.server.gate).toMatchObject({ inside: 1, refused: 1 })
  half.server.endpoint.close()
  first.run()
  second.run()
  expectSameKeys(first)
  expectSameKeys(second)
  expect(narrow.server.gate.inside).toBe(0)
  for (const context of [narrow.server, narrow.client, wide.server, wide.client]) context.close()
})

describe('certificates', () => {
  test('may be PEM or DER, EC or RSA', async () => {
    const made = makeDtlsCertificate()
    const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(made.certificate).toString('base64')}\n-----END CERTIFICATE-----`
    const key = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(made.privateKey).toString('base64')}\n-----END PRIVATE KEY-----`
    const fromDer = new DtlsContext(made)
    const fromPem = new DtlsContext({ certificate: pem, privateKey: key })
    expect(fromPem.fingerprint).toEqual(fromDer.fingerprint)
    expect(fromDer.fingerprint.value).toMatch(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/)
    fromDer.close()
    fromPem.close()
  })

  test('that do not fit their key, or are none, are refused and leave nothing behind', () => {
    const [one, two] = [makeDtlsCertificate(), makeDtlsCertificate()]
    const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    for (const wrong of [
      { certificate: one.certificate, privateKey: two.privateKey },
      { certificate: one.certificate, privateKey: rsa.export({ type: 'pkcs8', format: 'der' }) },
      { certificate: 'nothing', privateKey: one.privateKey },
      { certificate: one.certificate, privateKey: new Uint8Array(10) },
    ]) {
      expect(() => new DtlsContext(wrong)).toThrow()
    }
    expect(() => new DtlsContext({ ...one, maxHandshakes: 0 })).toThrow(RangeError)
  })

  test('options that make no sense are refused', () => {
    const handlers = { send: () => {}, onConnected: () => {}, onFailed: () => {}, onClosed: () => {} }
    const make = (options: object) =>
      new DtlsEndpoint(shared.server, {
        role: 'server',
        fingerprints: [shared.client.fingerprint],
        ...handlers,
        ...options,
      })
    expect(() => make({ fingerprints: [] })).toThrow(RangeError)
    expect(() => make({ fingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' }] })).toThrow(RangeError)
    expect(() => make({ fingerprints: [{ algorithm: 'sha-1', value: 'AB:CD' }] })).toThrow(RangeError)
    expect(() => make({ mtu: 255 })).toThrow(RangeError)
    expect(() => make({}).receive(new Uint8Array(5), 0, 6, 0)).toThrow(RangeError)
  })
})

test('a thousand handshakes leave no object of OpenSSL behind, nor memory', () => {
  const once = () => {
    const link = new Link(shared)
    link.run()
    expectSameKeys(link)
    link.close()
  }
  for (let i = 0; i < 100; i++) once()
  const before = process.memoryUsage().rss
  for (let i = 0; i < 900; i++) once()
  expect(openHandles()).toBe(resting)
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(60)
})
