import { describe, expect, test } from 'vitest'
import { likelyCalls } from './calls.ts'
import type { ClassicName, Filtering, Mapping, Prospect } from './finding.ts'
import { judgeNat, type NatFindings } from './judge.ts'

type Observed = Parameters<typeof judgeNat>[0]

const first = { host: '198.51.100.1', to: '198.51.100.1:3478', mapped: '203.0.113.7:4000' }
const otherPort = { ...first, to: '198.51.100.1:3479' }
const otherHost = { ...first, host: '198.51.100.2', to: '198.51.100.2:3478' }
const differently = { mapped: '203.0.113.7:4001' }
const base: Observed = {
  servers: '198.51.100.1:3478',
  udp: true,
  nat: true,
  local: '192.168.1.5:4000',
  mapped: first.mapped,
  sightings: [first],
  unasked: 'no-second-address',
}

const sightingsOf: Readonly<Record<Mapping, Observed['sightings']>> = {
  'endpoint-independent': [first, otherPort, otherHost],
  'address-dependent': [first, otherPort, { ...otherHost, ...differently }],
  'address-and-port-dependent': [first, { ...otherPort, ...differently }],
  dependent: [first, { ...otherHost, ...differently }],
}
const unaskedOf: Readonly<Record<Filtering, Observed['unasked']>> = {
  'endpoint-independent': { otherAddress: 'got-in', doubts: [] },
  'address-dependent': { otherAddress: 'kept-out', otherPort: 'got-in', doubts: [] },
  'address-and-port-dependent': { otherAddress: 'kept-out', otherPort: 'kept-out', doubts: [] },
}

const behindNat: [Mapping, Filtering, ClassicName, Prospect][] = [
  ['endpoint-independent', 'endpoint-independent', 'full cone', 'direct'],
  ['endpoint-independent', 'address-dependent', 'restricted cone', 'direct with most'],
  ['endpoint-independent', 'address-and-port-dependent', 'port-restricted cone', 'direct with most'],
  ['address-dependent', 'endpoint-independent', 'full cone', 'relay needed'],
  ['address-dependent', 'address-dependent', 'symmetric', 'relay needed'],
  ['address-and-port-dependent', 'address-and-port-dependent', 'symmetric', 'relay needed'],
  ['dependent', 'address-dependent', 'symmetric', 'relay needed'],
]

test.each(behindNat)('behind a NAT, mapping %s and filtering %s: %s, %s', (mapping, filtering, classic, calls) => {
  const sure = 'certain'
  expect(judgeNat({ ...base, sightings: sightingsOf[mapping], unasked: unaskedOf[filtering] })).toMatchObject({
    mapping: { value: mapping, sure },
    filtering: { value: filtering, sure },
    classic: { value: classic, sure },
    calls: { value: calls, sure },
  })
})

test.each<[Filtering, ClassicName, Prospect]>([
  ['endpoint-independent', 'open', 'direct'],
  ['address-dependent', 'symmetric firewall', 'direct with most'],
  ['address-and-port-dependent', 'symmetric firewall', 'direct with most'],
])('without NAT, filtering %s: %s, %s', (filtering, classic, calls) => {
  const { mapping, ...findings } = judgeNat({ ...base, nat: false, unasked: unaskedOf[filtering] })
  expect(mapping).toEqual({
    value: 'endpoint-independent',
    sure: 'certain',
    evidence: [{ code: 'no-translation' }],
  })
  expect(findings).toMatchObject({ classic: { value: classic }, calls: { value: calls } })
})

describe('what cannot be told says why', () => {
  test.each<[Partial<Observed>, Partial<Record<keyof NatFindings, string>>]>([
    [
      { udp: undefined },
      { mapping: 'udp-untold', filtering: 'udp-untold', classic: 'udp-untold', calls: 'udp-untold' },
    ],
    [
      { udp: false, nat: undefined },
      { mapping: 'no-answer', filtering: 'no-answer' },
    ],
    [{ nat: undefined }, { mapping: 'hidden-ports', classic: 'filtering-unknown', calls: 'mapping-unknown' }],
    [{}, { mapping: 'one-server', filtering: 'no-second-address', calls: 'mapping-unknown' }],
    [{ sightings: [first, otherPort] }, { mapping: 'same-ports', calls: 'mapping-unknown' }],
    [{ unasked: { otherPort: 'got-in', doubts: [] } }, { filtering: 'other-port-got-in' }],
    [{ unasked: { otherAddress: 'kept-out', doubts: [] } }, { filtering: 'kept-out-elsewhere' }],
    [{ unasked: unaskedOf['address-dependent'] }, { mapping: 'one-server', classic: 'mapping-unknown' }],
  ])('%j: %j', (change, whys) => {
    const findings = judgeNat({ ...base, ...change })
    for (const [name, why] of Object.entries(whys)) {
      expect(findings[name as 'mapping']).toEqual({ value: undefined, why })
    }
  })
})

describe('what is only likely', () => {
  test('blocked UDP, since the servers may be down', () => {
    const { classic, calls } = judgeNat({ ...base, udp: false, nat: undefined })
    const evidence = [{ code: 'nothing-came-back', params: { servers: base.servers } }]
    expect(classic).toEqual({ value: 'UDP blocked', sure: 'likely', evidence })
    expect(calls).toMatchObject({ value: 'relay needed', sure: 'likely' })
  })

  test('silence that has another possible reason, which is named', () => {
    const unasked = { otherPort: 'kept-out', doubts: ['packets-lost'] } as const
    expect(judgeNat({ ...base, unasked }).filtering).toEqual({
      value: 'address-and-port-dependent',
      sure: 'likely',
      evidence: [{ code: 'other-port-kept-out' }, { code: 'packets-lost' }],
    })
  })

  test('a symmetric NAT and direct calls, where filtering is not known', () => {
    const symmetric = judgeNat({ ...base, sightings: sightingsOf.dependent })
    expect(symmetric.classic).toMatchObject({ value: 'symmetric', sure: 'likely' })
    const { calls } = judgeNat({ ...base, sightings: sightingsOf['endpoint-independent'] })
    expect(calls).toMatchObject({ value: 'direct with most', sure: 'likely' })
  })
})

describe('calls, for an observer that cannot make all the tests', () => {
  const likely = (change: Partial<Observed>) => {
    const observed = { ...base, ...change }
    return likelyCalls(judgeNat(observed), observed.mapped)
  }

  test('two ports that see the same make direct calls likely', () => {
    expect(likely({ sightings: [first, otherPort] })).toEqual({
      value: 'direct with most',
      sure: 'likely',
      evidence: [{ code: 'calls-most' }, { code: 'ports-agree' }],
    })
    expect(likely({})).toEqual({ value: undefined, why: 'mapping-unknown' })
  })

  const known = { sightings: sightingsOf['endpoint-independent'], unasked: unaskedOf['endpoint-independent'] }

  test.each(['192.168.1.5:1', '127.0.0.1:1', '172.31.0.1:1', '100.64.0.9:1', '[fd00::2]:1', '[::1]:1', '[fe80::1]:1'])(
    'a server that sees %s is in the same network',
    mapped => {
      const evidence = [{ code: 'calls-direct' }, { code: 'same-network' }]
      expect(likely({ ...known, mapped })).toEqual({ value: 'direct', sure: 'likely', evidence })
    },
  )

  test.each(['203.0.113.7:1', '172.32.0.1:1', '100.128.0.1:1', '[2001:db8::1]:1', '11.0.0.1:1', 'a1.local:1'])(
    'one that sees %s is not',
    mapped => expect(likely({ ...known, mapped })).toMatchObject({ value: 'direct', sure: 'certain' }),
  )
})
