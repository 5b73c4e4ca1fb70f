import type { ClassicName, Filtering, Mapping, Prospect } from '@parley/nat'
import { Encoder, Message, stun } from '@parley/stun'
import { Address } from '@parley/udp'
import { describe, expect, test } from 'vitest'
import { toTransportAddress } from '../../server/addresses.ts'
import { type Datagram, primary, simulate } from '../../testing/nat-simulation.ts'

const behaviours = ['endpoint-independent', 'address-dependent', 'address-and-port-dependent'] as const
const portRestricted = { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent' } as const

describe('behind a NAT', () => {
  const rows: [Exclude<Mapping, 'dependent'>, Filtering, ClassicName, Prospect][] = [
    ['endpoint-independent', 'endpoint-independent', 'full cone', 'direct'],
    ['endpoint-independent', 'address-dependent', 'restricted cone', 'direct with most'],
    ['endpoint-independent', 'address-and-port-dependent', 'port-restricted cone', 'direct with most'],
    ['address-dependent', 'endpoint-independent', 'full cone', 'relay needed'],
    ['address-dependent', 'address-dependent', 'symmetric', 'relay needed'],
    ['address-dependent', 'address-and-port-dependent', 'symmetric', 'relay needed'],
    ['address-and-port-dependent', 'endpoint-independent', 'full cone', 'relay needed'],
    ['address-and-port-dependent', 'address-dependent', 'symmetric', 'relay needed'],
    ['address-and-port-dependent', 'address-and-port-dependent', 'symmetric', 'relay needed'],
  ]

  test.each(rows)('mapping %s, filtering %s: %s, %s', (mapping, filtering, classic, calls) => {
    const { findings, tookMs } = simulate({ nat: { mapping, filtering } })
    expect(findings).toMatchObject({
      udp: true,
      nat: true,
      local: '10.0.0.2:5000',
      mapping: { value: mapping, sure: 'certain' },
      filtering: { value: filtering, sure: 'certain' },
      classic: { value: classic, sure: 'certain' },
      calls: { value: calls, sure: 'certain' },
    })
    expect(findings.mapped).toMatch(/^203\.0\.113\.7:2\d{4}$/)
    expect(tookMs).toBeLessThan(5000)
  })

  test.each(behaviours)('hairpinning is told from filtering, where that is %s', filtering => {
    const mapping = 'endpoint-independent'
    expect(simulate({ nat: { mapping, filtering, hairpins: true } }).findings.hairpinning.value).toBe(true)
    expect(simulate({ nat: { mapping, filtering } }).findings.hairpinning.value).toBe(false)
  })
})

test.each<[Filtering, ClassicName, Prospect]>([
  ['endpoint-independent', 'open', 'direct'],
  ['address-dependent', 'symmetric firewall', 'direct with most'],
  ['address-and-port-dependent', 'symmetric firewall', 'direct with most'],
])('without NAT, a firewall with filtering %s: %s, %s', (firewall, classic, calls) => {
  const { findings } = simulate({ firewall })
  expect(findings).toMatchObject({ nat: false, classic: { value: classic }, calls: { value: calls } })
  expect(findings.hairpinning).toEqual({ value: undefined, why: 'no-nat' })
})

test('UDP blocked: twelve requests, four seconds, and the other possible reason is said', () => {
  const { findings, tookMs, sent } = simulate({ nat: portRestricted, server: { blocked: true } })
  expect(findings).toMatchObject({
    udp: false,
    nat: undefined,
    mapped: undefined,
    mapping: { value: undefined },
    classic: {
      value: 'UDP blocked',
      sure: 'likely',
      evidence: [{ code: 'nothing-came-back', params: { servers: primary.key } }],
    },
    calls: { value: 'relay needed' },
  })
  expect({ tookMs, sent }).toEqual({ tookMs: 4000, sent: 12 })
})

describe('servers that cannot do it all', () => {
  const second = Address.parse('192.0.2.9', 3478)

  test('one plain STUN server: there is a NAT, and that is all', () => {
    const { findings, tookMs } = simulate({ nat: portRestricted, server: { other: 'none' } })
    expect(findings).toMatchObject({
      nat: true,
      mapping: { value: undefined, why: 'one-server' },
      filtering: { value: undefined, why: 'no-second-address' },
      classic: { value: undefined },
      calls: { value: undefined },
    })
    expect(tookMs).toBeLessThan(5000)
  })

  test('two plain servers: an endpoint-independent mapping is known, filtering is not', () => {
    const { findings } = simulate({ nat: portRestricted, server: { other: 'none' }, second })
    expect(findings.mapping).toMatchObject({ value: 'endpoint-independent', sure: 'certain' })
    expect(findings.classic.value).toBeUndefined()
    expect(findings.calls).toMatchObject({ value: 'direct with most', sure: 'likely' })
  })

  test('two plain servers: a mapping that depends is symmetric; on what it depends is not known', () => {
    const nat = { mapping: 'address-dependent', filtering: 'address-dependent' } as const
    const { findings } = simulate({ nat, server: { other: 'none' }, second })
    expect(findings.mapping.value).toBe('dependent')
    expect(findings.classic).toMatchObject({ value: 'symmetric', sure: 'likely' })
    expect(findings.calls.value).toBe('relay needed')
  })

  test('another port of the same address: what follows from it, and no more', () => {
    const server = { other: 'port' } as const
    const symmetric = { mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent' } as const
    expect(simulate({ nat: symmetric, server }).findings).toMatchObject({
      mapping: { value: 'address-and-port-dependent' },
      filtering: { value: 'address-and-port-dependent' },
      classic: { value: 'symmetric' },
    })
    const cone = { mapping: 'endpoint-independent', filtering: 'endpoint-independent' } as const
    expect(simulate({ nat: cone, server }).findings).toMatchObject({
      mapping: { value: undefined, why: 'same-ports' },
      filtering: { value: undefined, why: 'other-port-got-in' },
      classic: { value: undefined },
    })
  })

  test.each([[{ ignoresChange: true }], [{ refuses: ['change-request'] }]] as const)(
    '%j: filtering is not known',
    server => {
      const { findings } = simulate({ nat: portRestricted, server })
      expect(findings.mapping.value).toBe('endpoint-independent')
      expect(findings.filtering).toEqual({ value: undefined, why: 'change-refused' })
    },
  )

  test('an OTHER-ADDRESS where nothing is: its silence is no proof', () => {
    const { findings } = simulate({ nat: portRestricted, server: { otherIsDead: true } })
    expect(findings.mapping.value).toBeUndefined()
    expect(findings.filtering).toMatchObject({
      sure: 'likely',
      evidence: expect.arrayContaining([{ code: 'other-address-silent' }]),
    })
  })
})

describe('a hostile or lossy network', () => {
  test('every first and second packet lost: the same findings, but not certain', () => {
    const tries = new Map<string, number>()
    const loses = ({ from, to, bytes }: Datagram) => {
      if (to.host !== primary.host) return false
      const key = `${from} ${to} ${Message.decode(bytes).toString()}`
      const count = (tries.get(key) ?? 0) + 1
      tries.set(key, count)
      return count <= 2
    }
    const { findings, tookMs } = simulate({ nat: portRestricted, loses })
    expect(findings.classic).toMatchObject({ value: 'port-restricted cone', sure: 'likely' })
    expect(findings.filtering).toMatchObject({
      evidence: expect.arrayContaining([{ code: 'packets-lost' }]),
    })
    expect(tookMs).toBeLessThan(8000)
  })

  const forged = (bytes: Uint8Array, transactionId: Uint8Array) =>
    new Encoder(new Uint8Array(100))
      .message('success', 'binding', transactionId)
      .add(stun.xorMappedAddress, toTransportAddress(Address.parse('192.0.2.66', bytes.length)))
      .finish()

  const attacks: Record<string, (answer: Datagram) => Datagram> = {
    'a foreign transaction ID': answer => ({ ...answer, bytes: forged(answer.bytes, new Uint8Array(12)) }),
    'another source address': answer => ({
      ...answer,
      from: Address.parse('198.51.100.99', answer.from.port),
      bytes: forged(answer.bytes, Message.decode(answer.bytes).transactionId),
    }),
    'another source port': answer => ({
      ...answer,
      from: Address.from(answer.from.bytes(), 4000),
      bytes: forged(answer.bytes, Message.decode(answer.bytes).transactionId),
    }),
    'a request in place of an answer': answer => ({
      ...answer,
      bytes: new Encoder(new Uint8Array(100))
        .message('request', 'binding', Message.decode(answer.bytes).transactionId)
        .finish(),
    }),
    'bytes that are no message': answer => ({ ...answer, bytes: Uint8Array.of(1, 2, 3) }),
    'a success without an address': answer => ({
      ...answer,
      bytes: new Encoder(new Uint8Array(100))
        .message('success', 'binding', Message.decode(answer.bytes).transactionId)
        .finish(),
    }),
    'a broken address': answer => ({
      ...answer,
      bytes: answer.bytes.map((byte, i) => (i === 25 ? 9 : byte)),
    }),
    'an answer cut short': answer => ({ ...answer, bytes: answer.bytes.subarray(0, answer.bytes.length - 4) }),
  }

  test.each(Object.entries(attacks))('%s, before each answer: dropped, counted, without effect', (_name, attack) => {
    const nat = { mapping: 'endpoint-independent', filtering: 'endpoint-independent' } as const
    const { findings, discovery } = simulate({ nat, tampers: answer => [attack(answer), answer] })
    expect(findings.classic).toMatchObject({ value: 'full cone', sure: 'certain' })
    expect(findings.mapped).toContain('203.0.113.7')
    expect(discovery.stray.foreign + discovery.stray.malformed).toBeGreaterThanOrEqual(3)
  })

  test('answers that come twice change nothing', () => {
    const nat = { mapping: 'address-dependent', filtering: 'address-dependent' } as const
    const { findings } = simulate({ nat, tampers: answer => [answer, answer] })
    expect(findings).toMatchObject({
      mapping: { value: 'address-dependent' },
      filtering: { value: 'address-dependent' },
    })
  })
})

describe('binding lifetime', () => {
  test.each([
    [30_000, { atLeastS: 25, lessThanS: 35 }],
    [120_500, { atLeastS: 120, lessThanS: 180 }],
    [10_000, { atLeastS: 0, lessThanS: 15 }],
  ])('of %i ms', (lifetimeMs, value) => {
    const { findings, tookMs } = simulate({ nat: { ...portRestricted, lifetimeMs }, lifetime: true })
    expect(findings.lifetime).toMatchObject({ value, sure: 'likely' })
    expect(tookMs).toBeLessThan((value.lessThanS + 10) * 1000)
  })

  test('longer than the test', () => {
    const { findings, tookMs } = simulate({ nat: portRestricted, lifetime: true })
    expect(findings.lifetime).toMatchObject({ value: { atLeastS: 300, lessThanS: undefined }, sure: 'certain' })
    expect(tookMs).toBeLessThan(310_000)
  })

  test('a server without RESPONSE-PORT, and one that is silent', () => {
    const lifetime = true
    const without = simulate({ nat: portRestricted, lifetime, server: { refuses: ['response-port'] } }).findings
    expect(without.lifetime).toMatchObject({ value: undefined, why: 'no-response-port' })
    const silent = simulate({ nat: portRestricted, lifetime, server: { blocked: true } }).findings
    expect(silent.lifetime.value).toBeUndefined()
  })
})
