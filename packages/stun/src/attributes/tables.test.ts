import { DecodeError, EncodeError, fromHex, toHex } from '@parley/bytes'
import type { TransportAddress } from '@parley/net'
import { IpAddress } from '@parley/net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { registry } from '../../testdata/corpus.ts'
import { Encoder } from '../message/encoder.ts'
import { errorCodes } from '../message/error-codes.ts'
import { methods } from '../message/header.ts'
import { Message } from '../message/message.ts'
import { type Attribute, attributeTypes, isComprehensionRequired } from './attribute.ts'
import { ice } from './ice.ts'
import { natDiscovery } from './nat-discovery.ts'
import { stun } from './stun.ts'
import { turn } from './turn.ts'

const tables = { ...stun, ...turn, ...ice, ...natDiscovery }

const word = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 })
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const bytes = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength })
const opaque = bytes(0, 60)
const always = fc.constant(true as const)
const family = fc.constantFrom(4 as const, 6 as const)
const ipAddress = fc.oneof(bytes(4), bytes(16)).map(value => IpAddress.from(value))
const endpoint: fc.Arbitrary<TransportAddress> = fc.record({ address: ipAddress, port: word(16) })
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter(value => [...value].length < 128)
const error = { code: fc.integer({ min: 300, max: 699 }), reason: text }
const algorithm = fc.record({ algorithm: word(16), parameters: bytes(0, 9) })

type Value<Row> = Row extends Attribute<infer T> ? T : never
type Values = { [Key in keyof typeof tables]: fc.Arbitrary<Value<(typeof tables)[Key]>> }

const values: Values = {
  mappedAddress: endpoint,
  username: text,
  messageIntegrity: bytes(20),
  errorCode: fc.record(error),
  unknownAttributes: fc.array(word(16)),
  realm: text,
  nonce: text,
  messageIntegritySha256: fc.constantFrom(16, 20, 24, 28, 32).chain(length => bytes(length)),
  passwordAlgorithm: algorithm,
  userhash: bytes(32),
  xorMappedAddress: endpoint,
  passwordAlgorithms: fc.array(algorithm),
  alternateDomain: text,
  software: text,
  alternateServer: endpoint,
  fingerprint: word(32),
  channelNumber: word(16),
  lifetime: word(32),
  xorPeerAddress: endpoint,
  data: opaque,
  xorRelayedAddress: endpoint,
  requestedAddressFamily: family,
  evenPort: fc.boolean(),
  requestedTransport: word(8),
  dontFragment: always,
  reservationToken: bytes(8),
  connectionId: word(32),
  additionalAddressFamily: family,
  addressErrorCode: fc.record({ family, ...error }),
  icmp: fc.record({ type: word(7), code: word(9), data: word(32) }),
  mobilityTicket: opaque,
  priority: word(32),
  useCandidate: always,
  iceControlled: uint64,
  iceControlling: uint64,
  changeRequest: fc.record({ changeIp: fc.boolean(), changePort: fc.boolean() }),
  padding: opaque,
  responsePort: word(16),
  cacheTimeout: word(32),
  responseOrigin: endpoint,
  otherAddress: endpoint,
}

const rows = Object.entries(tables).map(([key, row]) => ({
  key,
  row: row as Attribute<unknown>,
  value: values[key as keyof Values] as fc.Arbitrary<unknown>,
}))

test.each(rows)('$key: what is encoded is decoded, anywhere in a buffer', ({ row, value }) => {
  fc.assert(
    fc.property(value, bytes(12), fc.nat(20), (wanted, transactionId, start) => {
      const buffer = new Uint8Array(2000).fill(0xaa)
      const raw = new Encoder(buffer, start).message('request', 'binding', transactionId).add(row, wanted).finish()
      expect(raw.length % 4).toBe(0)
      expect(buffer[start + raw.length]).toBe(0xaa)
      const message = Message.decode(buffer, start, start + raw.length)
      expect(message.get(row)).toEqual(wanted)
      expect(message.getAll(row)).toEqual([wanted])
      expect(message.has(row)).toBe(true)
    }),
    { numRuns: 50 },
  )
})

test.each(rows)('$key: any bytes at all are decoded, or refused with its place', ({ row }) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), value => {
      const message = Message.decode(withAttribute(row.type, value))
      try {
        message.get(row)
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError)
        expect((error as DecodeError).place).toBe(row.place)
      }
    }),
    { numRuns: 100 },
  )
})

describe('IANA', () => {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

  test('methods', () => {
    const ours = Object.entries(methods).map(([name, value]) => [value, plain(name)])
    expect(ours).toEqual(registry('methods').map(({ value, name }) => [value, plain(name)]))
  })

  test('error codes and their phrases', () => {
    const ours = Object.values(errorCodes).map(({ code, reason }) => ({ value: code, name: reason }))
    expect(ours).toEqual(registry('error-codes'))
  })

  test('attributes: each number once, under its registered name', () => {
    const registered = new Map(registry('attributes').map(({ value, name }) => [value, plain(name)]))
    for (const { row } of rows) expect(plain(row.name)).toBe(registered.get(row.type))
    expect(attributeTypes(stun, turn, ice, natDiscovery).size).toBe(rows.length)
  })

  test('names and places follow the registry', () => {
    expect(stun.xorMappedAddress).toMatchObject({ name: 'XOR-MAPPED-ADDRESS', place: 'stun/xor-mapped-address' })
    expect(turn.lifetime).toMatchObject({ name: 'LIFETIME', place: 'stun/lifetime' })
  })

  test('required below 0x8000', () => {
    expect([0x0000, 0x7fff, 0x8000, 0xffff].map(isComprehensionRequired)).toEqual([true, true, false, false])
    expect(attributeTypes(ice)).toEqual(new Set([0x24, 0x25, 0x8029, 0x802a]))
  })
})

describe('the bytes are those of the RFCs', () => {
  const endpoint4 = { address: IpAddress.parse('192.0.2.1'), port: 32853 }
  test.each<[string, Attribute<unknown>, unknown, string]>([
    ['MAPPED-ADDRESS', stun.mappedAddress, endpoint4, '0001 0008 0001 8055 c0000201'],
    ['XOR-MAPPED-ADDRESS', stun.xorMappedAddress, endpoint4, '0020 0008 0001 a147 e112a643'],
    ['ERROR-CODE', stun.errorCode, { code: 438, reason: 'No' }, '0009 0006 0000 0426 4e6f 0000'],
    ['UNKNOWN-ATTRIBUTES', stun.unknownAttributes, [1, 2, 0x7fff], '000a 0006 0001 0002 7fff 0000'],
    [
      'PASSWORD-ALGORITHMS',
      stun.passwordAlgorithms,
      [
        { algorithm: 2, parameters: new Uint8Array(5).fill(9) },
        { algorithm: 1, parameters: new Uint8Array() },
      ],
      '8002 0010 0002 0005 09090909 09000000 0001 0000',
    ],
    ['CHANNEL-NUMBER', turn.channelNumber, 0x4001, '000c 0004 4001 0000'],
    ['REQUESTED-TRANSPORT', turn.requestedTransport, 17, '0019 0004 11000000'],
    ['REQUESTED-ADDRESS-FAMILY', turn.requestedAddressFamily, 6, '0017 0004 02000000'],
    ['EVEN-PORT', turn.evenPort, true, '0018 0001 80000000'],
    ['DONT-FRAGMENT', turn.dontFragment, true, '001a 0000'],
    ['ADDRESS-ERROR-CODE', turn.addressErrorCode, { family: 6, code: 440, reason: '' }, '8001 0004 0200 0428'],
    ['ICMP', turn.icmp, { type: 3, code: 4, data: 1400 }, '8004 0008 0000 0604 00000578'],
    ['CHANGE-REQUEST', natDiscovery.changeRequest, { changeIp: true, changePort: true }, '0003 0004 00000006'],
    ['RESPONSE-PORT', natDiscovery.responsePort, 4660, '0027 0004 1234 0000'],
    ['ICE-CONTROLLING', ice.iceControlling, 0x0102030405060708n, '802a 0008 01020304 05060708'],
  ])('%s', (_, row, value, hex) => {
    const raw = new Encoder(new Uint8Array(100)).message('request', 'binding').add(row, value).finish()
    expect(toHex(raw.subarray(20))).toBe(toHex(fromHex(hex)))
  })
})

describe('reading is lenient where the RFCs say so', () => {
  const decode = <T>(row: Attribute<T>, hex: string) => Message.decode(withAttribute(row.type, fromHex(hex))).get(row)

  test('reserved bits and bytes are ignored', () => {
    expect(decode(stun.errorCode, 'ffff fc26')).toEqual({ code: 438, reason: '' })
    expect(decode(turn.channelNumber, '4001 abcd')).toBe(0x4001)
    expect(decode(turn.requestedTransport, '11 abcdef')).toBe(17)
    expect(decode(turn.evenPort, '7f')).toBe(false)
    expect(decode(stun.mappedAddress, 'ee01 0001 7f000001')?.address.toString()).toBe('127.0.0.1')
    expect(decode(natDiscovery.changeRequest, 'fffffff9')).toEqual({ changeIp: false, changePort: false })
  })

  test('PASSWORD-ALGORITHM without the padding of its parameters', () => {
    expect(decode(stun.passwordAlgorithm, '0007 0001 55')).toEqual({ algorithm: 7, parameters: new Uint8Array([0x55]) })
  })

  test('text of up to 763 bytes, though we write 127 characters', () => {
    expect(decode(stun.realm, '61'.repeat(763))).toBe('a'.repeat(763))
    expect(() => decode(stun.realm, '61'.repeat(764))).toThrow('stun/realm: 764 bytes of text')
  })
})

describe('values that have no encoding are refused', () => {
  test.each<[string, Attribute<unknown>, unknown]>([
    ['a user name of 509 bytes', stun.username, 'a'.repeat(509)],
    ['a realm of 128 characters', stun.realm, 'é'.repeat(128)],
    ['an error code of 299', stun.errorCode, { code: 299, reason: '' }],
    ['an error code of 700', stun.errorCode, { code: 700, reason: '' }],
    ['a token of 7 bytes', turn.reservationToken, new Uint8Array(7)],
    ['a SHA-256 of 18 bytes', stun.messageIntegritySha256, new Uint8Array(18)],
    ['a channel of 17 bits', turn.channelNumber, 0x10000],
    ['a negative lifetime', turn.lifetime, -1],
    ['ICMP type 128', turn.icmp, { type: 128, code: 0, data: 0 }],
  ])('%s', (_, row, value) => {
    const encoder = new Encoder(new Uint8Array(2000)).message('request', 'binding')
    expect(() => encoder.add(row, value)).toThrow(EncodeError)
  })

  test('127 characters of four bytes each are not too many', () => {
    const realm = '😀'.repeat(127)
    const raw = new Encoder(new Uint8Array(2000)).message('request', 'binding').add(stun.realm, realm).finish()
    expect(Message.decode(raw).get(stun.realm)).toBe(realm)
  })
})

/** A binding request with one attribute, made by hand. */
function withAttribute(type: number, value: Uint8Array): Uint8Array {
  const padded = (value.length + 3) & ~3
  const head = fromHex(
    `0001 ${hex16(4 + padded)} 2112a442 000102030405060708090a0b ${hex16(type)} ${hex16(value.length)}`,
  )
  const message = new Uint8Array(head.length + padded)
  message.set(head)
  message.set(value, head.length)
  return message
}

function hex16(value: number): string {
  return value.toString(16).padStart(4, '0')
}
