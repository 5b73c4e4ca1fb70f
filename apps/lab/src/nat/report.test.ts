import { expect, test } from 'vitest'
import type { Json } from '../report/report.ts'
import { judge, type Observed } from './judge.ts'
import { natFindings, natReport, readNat } from './report.ts'

const observed: Observed = {
  servers: ['stun:198.51.100.1:3478'],
  udp: true,
  local: '192.168.1.5:4000',
  sameAddress: false,
  sightings: [
    { host: '198.51.100.1', port: 3478, mapped: '203.0.113.7:4000' },
    { host: '198.51.100.1', port: 50_000, mapped: '203.0.113.7:4001' },
  ],
  spokenTo: ['198.51.100.1'],
  unasked: { is: 'kept-out', host: '198.51.100.1', whenAsked: true },
}
const of = (change: Partial<Observed> = {}) => {
  const seen = { ...observed, ...change }
  return { observed: seen, findings: judge(seen) }
}
const say = (change: Partial<Observed> = {}) => natFindings(of(change)).map(({ id, status }) => `${id} ${status}`)

test('one sentence for each case', () => {
  expect(say()).toEqual(['calls warn'])
  expect(say({ udp: false, sightings: [], local: undefined })).toEqual(['udp fail'])
  expect(say({ sightings: observed.sightings.slice(0, 1) })).toEqual(['calls unknown'])
  expect(say({ sightings: [], sameAddress: true })).toEqual(['calls-inside pass'])
  expect(say({ sightings: [], sameAddress: true, local: '203.0.113.7:4000' })).toEqual(['calls pass'])
})

test('the behaviours are the evidence', () => {
  expect(natFindings(of())[0]?.evidence).toMatchObject({
    mapping: 'address-and-port-dependent, certain',
    classic: 'symmetric, certain',
    'seen by 198.51.100.1:50000': '203.0.113.7:4001',
  })
})

test('a report can be read again; anything else is not taken', () => {
  expect(readNat(natReport({}, of()).data)).toEqual(JSON.parse(JSON.stringify(of())))
  const broken: Json[] = [
    null,
    [],
    { findings: {}, observed: {} },
    { findings: { udp: true, mapping: {} }, observed: {} },
  ]
  for (const data of broken) expect(readNat(data)).toBeUndefined()
})
