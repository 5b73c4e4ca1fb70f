import { DecodeError, fromHex, setUint16At, toHex, uint16At } from '@parley/bytes'
import { IpAddress } from '@parley/net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { datagrams } from '../../testdata/corpus.ts'
import { mutations } from '../../testdata/mutate.ts'
import { attributeTypes } from '../attributes/attribute.ts'
import { stun } from '../attributes/stun.ts'
import { turn } from '../attributes/turn.ts'
import { Encoder } from '../message/encoder.ts'
import { Message } from '../message/message.ts'
import { nodeCrypto } from '../node.ts'
import {
  dataIndication,
  Indication,
  indicationHeaderLength,
  indicationLength,
  putIndicationHeader,
  sendIndication,
} from './indication.ts'

const ipAddress = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
)
const peer = { address: IpAddress.parse('192.0.2.7'), port: 5000 }
const data = fromHex('0102030405')

function read(bytes: Uint8Array) {
  const indication = new Indication()
  if (!indication.read(bytes, 0, bytes.length)) return undefined
  return {
    address: String(IpAddress.from(indication.address, 0, indication.addressLength)),
    port: indication.port,
    data: toHex(bytes.subarray(indication.dataStart, indication.dataEnd)),
    dontFragment: indication.dontFragment,
  }
}

/** The same by the way of {@link Message}. */
function readSlowly(bytes: Uint8Array): ReturnType<typeof read> {
  try {
    const message = Message.decode(bytes)
    const from = message.get(turn.xorPeerAddress)
    const payload = message.get(turn.data)
    if (!from || !payload || message.unknownRequired(attributeTypes(stun, turn)).length > 0) return undefined
    const dontFragment = message.has(turn.dontFragment)
    return { address: String(from.address), port: from.port, data: toHex(payload), dontFragment }
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError)
    return undefined
  }
}

test('the types', () => {
  expect([sendIndication, dataIndication]).toEqual([0x0016, 0x0017])
})

test('a header put before data that is in place makes a message that both ways of reading understand', () => {
  fc.assert(
    fc.property(
      ipAddress,
      fc.nat(0xffff),
      fc.uint8Array({ maxLength: 1500 }),
      fc.nat(30),
      (from, port, payload, at) => {
        const slab = new Uint8Array(1700).fill(0xee)
        const start = at + indicationHeaderLength(from.length)
        slab.set(payload, start)
        const address = new Uint8Array([9, 9, 9, ...from, 9])
        const length = putIndicationHeader(slab, at, dataIndication, address, 3, from.length, port, payload.length)
        expect(length).toBe(indicationLength(from.length, payload.length))
        expect(slab.subarray(start, start + payload.length)).toEqual(payload)
        expect([slab[at - 1] ?? 0xee, slab[at + length]]).toEqual([0xee, 0xee])
        const raw = slab.slice(at, at + length)
        const expected = { address: String(IpAddress.from(from)), port, data: toHex(payload), dontFragment: false }
        expect(read(raw)).toEqual(expected)
        expect(readSlowly(raw)).toEqual(expected)
        expect(uint16At(raw, 0)).toBe(dataIndication)
      },
    ),
  )
})

test('one object reads one packet after another', () => {
  const slab = new Uint8Array(400)
  const indication = new Indication()
  const encoder = new Encoder(slab, 200)
  const first = encoder.message('indication', 'send').add(turn.dontFragment, true).add(turn.data, data)
  const length = first.add(turn.xorPeerAddress, { address: IpAddress.parse('2001:db8::1'), port: 1 }).finish().length
  expect(indication.read(slab, 200, 200 + length)).toBe(true)
  expect(indication).toMatchObject({ family: 6, addressLength: 16, port: 1, dontFragment: true })
  expect(slab.subarray(indication.dataStart, indication.dataEnd)).toEqual(data)
  const second = encoder.message('indication', 'send').add(turn.xorPeerAddress, peer).add(turn.data, data).finish()
  expect(indication.read(slab, 200, 200 + second.length)).toBe(true)
  expect(indication).toMatchObject({ family: 4, addressLength: 4, port: 5000, dontFragment: false })
})

describe('what is dropped', () => {
  const encoder = new Encoder(new Uint8Array(500))
  const start = () => encoder.message('indication', 'send')
  const unknown = (type: number) => ({ ...turn.mobilityTicket, type })

  test.each<[string, () => Uint8Array]>([
    ['no data', () => start().add(turn.xorPeerAddress, peer).finish()],
    ['no peer', () => start().add(turn.data, data).finish()],
    [
      'an unknown attribute that must be understood',
      () => start().add(turn.xorPeerAddress, peer).add(turn.data, data).add(unknown(0x7000), data).finish(),
    ],
    [
      'data behind the integrity',
      () => {
        const sealed = start().add(turn.xorPeerAddress, peer).integrity(data, nodeCrypto).finish()
        const bytes = new Uint8Array([...sealed, ...fromHex('0013 0004 01020304')])
        setUint16At(bytes, 2, bytes.length - 20)
        return bytes
      },
    ],
    ['a peer of no family', () => start().add(turn.xorPeerAddress, peer).add(turn.data, data).finish().fill(3, 25, 26)],
    [
      'a peer of the wrong size',
      () => start().add(turn.xorPeerAddress, peer).add(turn.data, data).finish().fill(2, 25, 26),
    ],
    ['no cookie', () => start().add(turn.xorPeerAddress, peer).add(turn.data, data).finish().fill(0, 4, 8)],
    ['a byte missing', () => start().add(turn.xorPeerAddress, peer).add(turn.data, data).finish().subarray(0, -1)],
    ['nothing', () => new Uint8Array()],
  ])('%s', (_, make) => {
    const bytes = make()
    expect(read(bytes)).toBeUndefined()
    expect(readSlowly(bytes)).toBeUndefined()
  })

  test('but not optional attributes, known ones that have no business here, or data of no bytes', () => {
    const bytes = start()
      .add(stun.username, 'u')
      .add(unknown(0xf000), data)
      .add(turn.data, new Uint8Array())
      .add(turn.xorPeerAddress, peer)
      .fingerprint()
      .finish()
    expect(read(bytes)).toEqual({ address: '192.0.2.7', port: 5000, data: '', dontFragment: false })
  })
})

test('of several peers or data the first counts', () => {
  const bytes = new Encoder(new Uint8Array(300))
    .message('indication', 'send')
    .add(turn.data, data)
    .add(turn.xorPeerAddress, peer)
    .add(turn.data, new Uint8Array(7))
    .add(turn.xorPeerAddress, { ...peer, port: 1 })
    .finish()
  expect(read(bytes)).toEqual({ address: '192.0.2.7', port: 5000, data: toHex(data), dontFragment: false })
  expect(readSlowly(bytes)).toEqual(read(bytes))
})

test('captured indications, and 1,000 mutations of each: the fast way reads what the slow way reads', () => {
  const captured = [...datagrams('chromium.txt'), ...datagrams('uclient.txt')]
    .map(({ bytes }) => bytes)
    .filter(bytes => [sendIndication, dataIndication].includes(uint16At(bytes, 0)))
  expect(captured.length).toBeGreaterThan(6)
  for (const original of captured) {
    expect(read(original)).toBeDefined()
    for (const bytes of [original, ...mutations(original, 1000)]) {
      // The type is the caller's to look at.
      if (uint16At(bytes, 0) < 0x4000) expect(read(bytes)).toEqual(readSlowly(bytes))
    }
  }
})
