import type { Said } from '@parley/nat'
import { describe, expect, test } from 'vitest'
import english from '../locales/en/nat.ts'
import { judge, type Observed, type Sighting, type Unasked } from './judge.ts'

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
  test('is only likely to say how calls go', () => {
    const local = '192.168.1.5:4000'
    const { calls } = judge({ ...base, local, sameAddress: true, sightings: [] })
    expect(calls).toMatchObject({ value: 'direct with most', sure: 'likely' })
    expect(calls.value && calls.evidence.at(-1)).toEqual({ code: 'same-network' })
  })
})

test('everything that a page can conclude has its words', () => {
  const sightings = [
    [],
    [stun],
    [stun, relaySees(stun.mapped)],
    [stun, elsewhere],
    [stun, relaySees('203.0.113.7:4001')],
  ]
  const hosts = [stun.host, elsewhere.host]
  const unasked: Unasked[] = [
    ...(['no-relay', 'relay-refuses', 'no-way'] as const).map(why => ({ is: 'not-tried', why }) as const),
    ...(['got-in', 'kept-out'] as const).flatMap(is =>
      hosts.flatMap(host => [true, false].map(whenAsked => ({ is, host, whenAsked }))),
    ),
  ]
  const seen = [true, false, undefined].flatMap(udp =>
    [true, false].flatMap(sameAddress =>
      sightings.flatMap(sightings => unasked.map(unasked => ({ ...base, udp, sameAddress, sightings, unasked }))),
    ),
  )
  const texts = english as Readonly<Record<string, string>>
  const heard = new Set<string>()
  for (const { mapping, filtering, classic, calls } of seen.map(judge)) {
    for (const [name, told] of Object.entries({ mapping, filtering, classic, calls })) {
      const evidence: readonly Said[] = told.value === undefined ? [] : told.evidence
      for (const { code } of evidence) heard.add(`evidence.${code}`)
      heard.add(told.value === undefined ? `why.${told.why}` : `${name}.${told.value}`)
    }
  }
  for (const key of heard) expect(texts).toHaveProperty([key])
  for (const key of Object.keys(texts)) if (/^(evidence|why)\./.test(key)) expect(heard).toContain(key)
})
