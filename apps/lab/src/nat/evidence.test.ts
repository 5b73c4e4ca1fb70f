import { expect, test } from 'vitest'
import { candidateOf, type RawCandidate } from '../trickle/gathering.ts'
import { attribute, firstLook, heardStranger, mappedOnPath } from './evidence.ts'

const stun = 'stun:198.51.100.1:3478'
const turn = 'turn:198.51.100.1:3478?transport=udp'
const host: RawCandidate = { type: 'host', protocol: 'udp', address: '192.168.1.5', port: 4000 }
const inside = { relatedAddress: '192.168.1.5', relatedPort: 4000 }
const reflexive: RawCandidate = {
  type: 'srflx',
  protocol: 'udp',
  address: '203.0.113.7',
  port: 6000,
  url: stun,
  ...inside,
}
const relay: RawCandidate = { type: 'relay', protocol: 'udp', address: '198.51.100.1', port: 50_000, url: turn }
const look = (raw: readonly RawCandidate[], silent: readonly string[] = []) =>
  firstLook(
    raw.map(each => candidateOf(each, 1)),
    silent,
  )

test('behind a NAT: one port of this computer, and as what the server saw it', () => {
  expect(look([host, reflexive])).toEqual({
    udp: true,
    local: '192.168.1.5:4000',
    sameAddress: false,
    sightings: [{ host: '198.51.100.1', port: 3478, mapped: '203.0.113.7:6000' }],
  })
})

test('a second server that is silent, though it answers, saw the same', () => {
  const { sightings } = look([host, reflexive], ['stun:192.0.2.9:3479'])
  expect(sightings[1]).toEqual({ host: '192.0.2.9', port: 3479, mapped: '203.0.113.7:6000' })
})

test('of several ports that which most servers saw', () => {
  const other = { ...reflexive, port: 7000, relatedPort: 4002 }
  const again = { ...reflexive, url: 'stun:192.0.2.9', port: 6001 }
  expect(look([other, reflexive, again]).sightings.map(({ mapped }) => mapped)).toEqual([
    '203.0.113.7:6000',
    '203.0.113.7:6001',
  ])
})

test('no NAT: the TURN server saw a host candidate', () => {
  expect(look([host, { ...relay, ...inside }], [stun])).toEqual({
    udp: true,
    local: '192.168.1.5:4000',
    sameAddress: true,
    sightings: [],
  })
})

test('hidden ports are not known, and nothing is made up for them', () => {
  const hidden = { relatedAddress: '0.0.0.0', relatedPort: 0 }
  const found = look([
    { ...host, address: 'a1.local' },
    { ...reflexive, ...hidden },
  ])
  expect(found).toMatchObject({ udp: true, local: undefined, sameAddress: false })
  expect(found.sightings).toHaveLength(1)
})

test('nothing came back: host candidates alone say nothing of UDP, nor do relays over TCP', () => {
  const tcp = { ...relay, url: 'turn:198.51.100.1:3478?transport=tcp', relayProtocol: 'tcp' }
  expect(look([host, tcp])).toEqual({ udp: false, local: undefined, sameAddress: false, sightings: [] })
})

test('a stranger is a remote candidate that nobody had told of', () => {
  const remote = (candidateType: string) => ({ id: 'R', type: 'remote-candidate', candidateType })
  expect(heardStranger([remote('relay')])).toBe(false)
  expect(heardStranger([{ ...remote('prflx'), type: 'local-candidate' }])).toBe(false)
  expect(heardStranger([remote('prflx')])).toBe(true)
})

test('the mapping on a path is the local candidate of the pair that works', () => {
  const pair = { id: 'P', type: 'candidate-pair', state: 'succeeded', localCandidateId: 'L' }
  const local = { id: 'L', type: 'local-candidate', candidateType: 'prflx', address: '203.0.113.7', port: 6001 }
  expect(mappedOnPath([pair, local])).toEqual({ type: 'prflx', mapped: '203.0.113.7:6001' })
  expect(mappedOnPath([{ ...pair, state: 'in-progress' }, local])).toBeUndefined()
  expect(mappedOnPath([pair, { ...local, address: null }])).toBeUndefined()
  expect(mappedOnPath([])).toBeUndefined()
})

/** As Firefox has them: no server is named. */
const nameless = ({ url: _, ...raw }: RawCandidate) => candidateOf(raw, 1)
const urls = (raw: readonly RawCandidate[], answering: readonly string[], turnUrl?: string) =>
  attribute(raw.map(nameless), answering, turnUrl).map(({ url }) => url)

test('where the browser names no server: what all saw, or each saw another', () => {
  const two = [stun, 'stun:192.0.2.9']
  const other = { ...reflexive, port: 6001 }
  expect(urls([host, reflexive, relay], two, turn)).toEqual(['', stun, turn])
  expect(urls([reflexive, other], two)).toEqual(two)
  // Two addresses of one server, as from two network interfaces: which is which is not told.
  expect(urls([reflexive, other], [stun])).toEqual(['', ''])
})

test('whether UDP passes is left open where the browser does not say', () => {
  expect(firstLook([candidateOf(host, 1)], [], true).udp).toBeUndefined()
  expect(firstLook([candidateOf(host, 1)], [stun], true).udp).toBe(true)
})
