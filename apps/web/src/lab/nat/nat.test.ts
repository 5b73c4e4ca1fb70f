import { describe, expect, test } from 'vitest'
// The command's own tables: pure files, but of a package that a web app must not depend on.
import { callProspect as commandProspect } from '../../../../../packages/turn/src/discovery/client/call-prospect.ts'
import * as command from '../../../../../packages/turn/src/discovery/client/classic-name.ts'
import { found } from '../../../../../packages/turn/src/discovery/client/findings.ts'
import english from '../../locales/en/lab-nat.ts'
import { isInside } from './inside.ts'
import { judge, type Observed, type Sighting, type Unasked } from './judge.ts'
import { allNames, connects, networkOf, networks } from './pairs.ts'
import { classicNames, classicNamesWithoutNat, type Filtering, type Mapping, prospects } from './words.ts'

const stun: Sighting = { host: '198.51.100.1', port: 3478, mapped: '203.0.113.7:4000' }
const none: Unasked = { is: 'not-tried', why: 'no-relay' }
const base: Observed = {
  servers: ['stun:198.51.100.1:3478'],
  udp: true,
  local: '192.168.1.5:4000',
  sameAddress: false,
  sightings: [stun],
  spokenTo: [stun.host],
  unasked: none,
}
const relaySees = (mapped: string): Sighting => ({ host: stun.host, port: 50_000, mapped })
const elsewhere: Sighting = { host: '198.51.100.9', port: 3478, mapped: stun.mapped }

describe('the same words as parley nat', () => {
  test('its tables of names', () => {
    expect(classicNames).toEqual(command.classicNames)
    expect(classicNamesWithoutNat).toEqual(command.classicNamesWithoutNat)
  })

  test('what it says of calls', () => {
    const sure = 'certain' as const
    for (const [filtering, prospect] of Object.entries(prospects)) {
      const mapping = found<Mapping>('endpoint-independent', sure, [])
      const behaviours = { udp: true, nat: true, mapping, filtering: found(filtering as Filtering, sure, []) }
      expect(commandProspect(behaviours).value).toBe(prospect)
    }
    const sentence = (behaviours: Parameters<typeof commandProspect>[0]) => {
      const told = commandProspect(behaviours)
      return told.value === undefined ? [] : told.evidence
    }
    const filtering = found<Filtering>('endpoint-independent', sure, [])
    const mapping = found<Mapping>('endpoint-independent', sure, [])
    expect(sentence({ udp: true, nat: true, mapping, filtering })).toEqual([english['evidence.calls-direct']])
    const restricted = found<Filtering>('address-dependent', sure, [])
    expect(sentence({ udp: true, nat: true, mapping, filtering: restricted })).toEqual([english['evidence.calls-most']])
    const symmetric = found<Mapping>('dependent', sure, [])
    expect(sentence({ udp: true, nat: true, mapping: symmetric, filtering })).toEqual([english['evidence.calls-relay']])
  })

  test('in English the names are the command’s', () => {
    for (const name of allNames) expect(english[`classic.${name}`]).toBe(name)
    for (const [mapping, names] of Object.entries(command.classicNames)) {
      expect(english[`mapping.${mapping as Mapping}`]).toBe(mapping)
      for (const filtering of Object.keys(names)) expect(english[`filtering.${filtering as Filtering}`]).toBe(filtering)
    }
    for (const prospect of Object.values(prospects)) expect(english[`calls.${prospect}`]).toBe(prospect)
  })
})

describe('mapping', () => {
  const mapping = (change: Partial<Observed>) => judge({ ...base, ...change }).mapping

  test('one server sees one port: cannot tell', () => {
    expect(mapping({})).toEqual({ value: undefined, why: 'one-server' })
  })
  test('two ports of one server see different ports: certain, also with one address', () => {
    const sightings = [stun, relaySees('203.0.113.7:4001')]
    expect(mapping({ sightings })).toMatchObject({ value: 'address-and-port-dependent', sure: 'certain' })
  })
  test('two ports of one server see the same: it takes another address', () => {
    expect(mapping({ sightings: [stun, relaySees(stun.mapped)] })).toEqual({ value: undefined, why: 'same-ports' })
  })
  test('two servers see the same: it serves every destination', () => {
    expect(mapping({ sightings: [stun, elsewhere] })).toMatchObject({ value: 'endpoint-independent', sure: 'certain' })
  })
  test('two servers see different ports, two ports of one the same: by address', () => {
    const sightings = [stun, relaySees(stun.mapped), { ...elsewhere, mapped: '203.0.113.7:4009' }]
    expect(mapping({ sightings })).toMatchObject({ value: 'address-dependent' })
    expect(mapping({ sightings: [stun, { ...elsewhere, mapped: '203.0.113.7:4009' }] }).value).toBe('dependent')
  })
  test('no translation', () => {
    expect(mapping({ sameAddress: true, sightings: [] })).toMatchObject({ value: 'endpoint-independent' })
  })
  test('nothing came back', () => {
    expect(mapping({ udp: false, sightings: [] })).toEqual({ value: undefined, why: 'no-answer' })
  })
})

describe('filtering', () => {
  const filtering = (unasked: Unasked) => judge({ ...base, unasked }).filtering

  test('what got in from another port of the same server: one or the other', () => {
    expect(filtering({ is: 'got-in', host: stun.host, whenAsked: true })).toEqual({
      value: undefined,
      why: 'other-port-got-in',
    })
  })
  test('what got in from an address that nothing was sent to', () => {
    expect(filtering({ is: 'got-in', host: '198.51.100.77', whenAsked: true })).toMatchObject({
      value: 'endpoint-independent',
      sure: 'certain',
    })
  })
  test('kept out, and let in once spoken to: certain; never heard: likely', () => {
    expect(filtering({ is: 'kept-out', host: stun.host, whenAsked: true })).toMatchObject({
      value: 'address-and-port-dependent',
      sure: 'certain',
    })
    expect(filtering({ is: 'kept-out', host: stun.host, whenAsked: false })).toMatchObject({ sure: 'likely' })
  })
  test('not tried says why', () => {
    expect(filtering({ is: 'not-tried', why: 'relay-refuses' })).toEqual({ value: undefined, why: 'relay-refuses' })
  })
})

describe('as a whole', () => {
  test('a symmetric NAT has its name and needs a relay', () => {
    const unasked: Unasked = { is: 'kept-out', host: stun.host, whenAsked: true }
    const { classic, calls } = judge({ ...base, sightings: [stun, relaySees('203.0.113.7:4001')], unasked })
    expect(classic).toMatchObject({ value: 'symmetric', sure: 'certain' })
    expect(calls).toMatchObject({ value: 'relay needed', sure: 'certain' })
  })
  test('blocked UDP is likely, since the server may be down', () => {
    const { classic, calls, nat } = judge({ ...base, udp: false, sightings: [], local: undefined })
    expect(classic).toMatchObject({ value: 'UDP blocked', sure: 'likely' })
    expect(calls.value).toBe('relay needed')
    expect(nat).toBeUndefined()
  })
  test('two ports that see the same make direct calls likely, and a lone server says nothing', () => {
    const { mapping, calls } = judge({ ...base, sightings: [stun, relaySees(stun.mapped)] })
    expect(mapping.value).toBeUndefined()
    expect(calls).toMatchObject({ value: 'direct with most', sure: 'likely' })
    expect(judge(base).calls).toEqual({ value: undefined, why: 'mapping-unknown' })
  })
  test('one mapping for all and an unknown filter: most calls are direct, likely', () => {
    expect(judge({ ...base, sightings: [stun, elsewhere] }).calls).toMatchObject({
      value: 'direct with most',
      sure: 'likely',
    })
  })
})

describe('a server in the same network', () => {
  test.each(['192.168.1.5:1', '127.0.0.1:1', '172.31.0.1:1', '100.64.0.9:1', '[fd00::2]:1', '[::1]:1', '[fe80::1]:1'])(
    '%s is inside',
    place => expect(isInside(place)).toBe(true),
  )
  test.each(['203.0.113.7:1', '172.32.0.1:1', '100.128.0.1:1', '[2001:db8::1]:1', '11.0.0.1:1'])('%s is not', place =>
    expect(isInside(place)).toBe(false),
  )
  test('is only likely to say how calls go', () => {
    const local = '192.168.1.5:4000'
    const { calls } = judge({ ...base, local, sameAddress: true, sightings: [] })
    expect(calls).toMatchObject({ value: 'direct with most', sure: 'likely' })
    expect(calls.value && calls.evidence.at(-1)).toEqual({ code: 'same-network' })
  })
})

describe('which pairs connect directly', () => {
  test.each([
    ['symmetric', 'symmetric', 'relay'],
    ['symmetric', 'port-restricted cone', 'relay'],
    ['symmetric', 'restricted cone', 'direct'],
    ['symmetric', 'full cone', 'direct'],
    ['symmetric', 'open', 'direct'],
    ['port-restricted cone', 'port-restricted cone', 'direct'],
    ['open', 'UDP blocked', 'relay'],
  ] as const)('%s and %s: %s', (one, two, expected) => expect(connects(one, two)).toBe(expected))

  test('the order does not matter', () => {
    for (const one of networks) for (const two of networks) expect(connects(one, two)).toBe(connects(two, one))
  })

  test('every name has a place', () => {
    for (const name of allNames) expect(networks).toContain(networkOf(name))
  })
})
