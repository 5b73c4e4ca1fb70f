import { DecodeError, fromHex, setUint16At } from '@parley/bytes'
import { IpAddress } from '@parley/net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { vector } from '../../testdata/corpus.ts'
import { attributeTypes } from '../attributes/attribute.ts'
import { ice } from '../attributes/ice.ts'
import { stun } from '../attributes/stun.ts'
import { turn } from '../attributes/turn.ts'
import { shortTermKey } from '../credentials.ts'
import { nodeCrypto } from '../node.ts'
import { Encoder } from './encoder.ts'
import { classOfType, messageType, methodCodeOfType, methodOfCode } from './header.ts'
import { checkFingerprint, integrityKind, verifyIntegrity } from './integrity.ts'
import { Message } from './message.ts'

const key = new Uint8Array([1, 2, 3])
const id = '000102030405060708090a0b'

/** A message with these attribute bytes under a header that fits them. */
function message(attributes: string, type = '0001'): Uint8Array {
  const body = fromHex(attributes)
  const bytes = new Uint8Array(20 + body.length)
  bytes.set(fromHex(`${type} 0000 2112a442 ${id}`))
  bytes.set(body, 20)
  setUint16At(bytes, 2, body.length)
  return bytes
}

function place(bytes: Uint8Array): string {
  try {
    Message.decode(bytes)
    return 'no error'
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError)
    return (error as DecodeError).place
  }
}

describe('message type', () => {
  test.each([
    ['request', 'binding', 0x0001],
    ['indication', 'binding', 0x0011],
    ['success', 'binding', 0x0101],
    ['error', 'binding', 0x0111],
    ['indication', 'send', 0x0016],
    ['indication', 'data', 0x0017],
    ['error', 'allocate', 0x0113],
    ['request', 'googPing', 0x0200],
  ] as const)('%s of %s is 0x%s', (messageClass, method, type) => {
    expect(messageType(messageClass, method)).toBe(type)
    expect(classOfType(type)).toBe(messageClass)
    expect(methodOfCode(methodCodeOfType(type))).toBe(method)
  })

  test('all 16,384 types come apart and together again', () => {
    for (let type = 0; type < 0x4000; type++) {
      expect(messageType(classOfType(type), methodCodeOfType(type))).toBe(type)
    }
    expect(methodOfCode(0x002)).toBeUndefined()
  })
})

describe('what is not a message is refused, by name', () => {
  test.each<[string, string, Uint8Array]>([
    ['nothing', 'stun/header', new Uint8Array()],
    ['19 bytes', 'stun/header', message('').subarray(0, 19)],
    ['a packet of media', 'stun/type', message('', '8001')],
    ['a channel', 'stun/type', message('', '4001')],
    ['RFC 3489, without cookie', 'stun/cookie', message('').fill(7, 4, 8)],
    ['a length that is too small', 'stun/length', message('80220000').fill(0, 2, 4)],
    ['a length that is too large', 'stun/length', message('80220000').fill(8, 3, 4)],
    ['a length of 6', 'stun/length', message('802200000000')],
    ['an attribute that runs past the end', 'stun/attribute', message('8022 0001')],
    ['an attribute whose padding runs past the end', 'stun/attribute', message('8022 0000 8022 0005 61616161')],
    ['an attribute of 65,535 bytes', 'stun/attribute', message('8022 ffff 61616161')],
    ['a fingerprint before the end', 'stun/fingerprint', message('8028 0004 00000000 8022 0000')],
  ])('%s', (_, where, bytes) => {
    expect(place(bytes)).toBe(where)
  })

  test('every cut of a message', () => {
    const whole = vector('rfc5769-request')
    for (let length = 0; length < whole.length; length++) {
      expect(place(whole.subarray(0, length)), `${length} bytes`).toBe(length < 20 ? 'stun/header' : 'stun/length')
      const lying = whole.slice(0, length)
      if (length >= 20) setUint16At(lying, 2, length - 20)
      // With a header that fits, what is left may be a shorter message; but never half an attribute.
      expect(place(lying)).toMatch(/^(?:no error|stun\/header|stun\/length|stun\/attribute)$/)
    }
  })

  test('bytes behind the message', () => {
    expect(place(new Uint8Array([...vector('rfc5769-request'), 0, 0, 0, 0]))).toBe('stun/length')
  })

  test('a window that is not in the buffer', () => {
    const bytes = vector('rfc5769-request')
    expect(() => Message.decode(bytes, -1)).toThrow(DecodeError)
    expect(() => Message.decode(bytes, 0, bytes.length + 1)).toThrow(DecodeError)
    expect(() => Message.decode(bytes, 50, 20)).toThrow(DecodeError)
  })
})

describe('attributes', () => {
  test('of several the first counts, and all can be had', () => {
    const decoded = Message.decode(message('000d 0004 00000001 000d 0004 00000002 0025 0000'))
    expect(decoded.get(turn.lifetime)).toBe(1)
    expect(decoded.getAll(turn.lifetime)).toEqual([1, 2])
    expect(decoded.get(ice.useCandidate)).toBe(true)
    expect(decoded.get(turn.dontFragment)).toBeUndefined()
  })

  test('padding may be anything', () => {
    expect(Message.decode(message('8022 0002 6869 ffff 8022 0001 61 000000')).getAll(stun.software)).toEqual([
      'hi',
      'a',
    ])
  })

  test('a malformed value is found out when it is asked for, and only then', () => {
    const decoded = Message.decode(message('000d 0003 000000 00 8022 0002 6869 0000'))
    expect(decoded.get(stun.software)).toBe('hi')
    expect(() => decoded.get(turn.lifetime)).toThrow('stun/lifetime: 4 bytes wanted, 3 left')
    expect(() => Message.decode(message('000d 0005 0000000000 000000')).get(turn.lifetime)).toThrow('1 bytes too many')
  })

  test('values are views of the datagram', () => {
    const bytes = message('0013 0004 01020304')
    const data = Message.decode(bytes).get(turn.data)
    bytes[24] = 9
    expect(data).toEqual(new Uint8Array([9, 2, 3, 4]))
  })

  test('required ones that nobody knows are listed, once each and in order', () => {
    const decoded = Message.decode(message('7fff 0000 8abc 0000 0033 0000 7fff 0000 000d 0004 00000000 0024 0000'))
    expect(decoded.unknownRequired(attributeTypes(stun, turn))).toEqual([0x7fff, 0x33, 0x24])
    expect(decoded.unknownRequired(attributeTypes(stun, turn, ice))).toEqual([0x7fff, 0x33])
  })

  test('a message in the middle of a slab', () => {
    const inner = vector('rfc5769-ipv6-response')
    const slab = new Uint8Array(400).fill(0xff)
    slab.set(inner, 123)
    const decoded = Message.decode(slab, 123, 123 + inner.length)
    expect(decoded.get(stun.xorMappedAddress)?.address.toString()).toBe('2001:db8:1234:5678:11:2233:4455:6677')
    expect(decoded.raw).toEqual(inner)
    expect(checkFingerprint(decoded)).toBe('right')
    expect(String(decoded)).toBe('binding success b7e7a701bc34d686fa87dfae')
  })
})

describe('integrity', () => {
  const sealed = () => new Encoder(new Uint8Array(500)).message('request', 'refresh').add(turn.lifetime, 60)

  test('attributes behind MESSAGE-INTEGRITY are ignored, but for its SHA-256 and the fingerprint', () => {
    const mac = 'ab'.repeat(20)
    const sha256 = 'cd'.repeat(32)
    const decoded = Message.decode(
      message(
        `8022 0002 6869 0000 0008 0014 ${mac} 000d 0004 00000009 7fff 0000 0008 0014 ${mac} 001c 0020 ${sha256}` +
          '8022 0001 78 000000 8028 0004 00000000',
      ),
    )
    expect(decoded.getAll(stun.software)).toEqual(['hi'])
    expect(decoded.has(turn.lifetime)).toBe(false)
    expect(decoded.unknownRequired(attributeTypes(stun))).toEqual([])
    expect(decoded.getAll(stun.messageIntegrity)).toHaveLength(1)
    expect(decoded.getAll(stun.messageIntegritySha256)).toHaveLength(1)
    const seen: number[] = []
    decoded.eachAttribute(type => seen.push(type))
    const rows = [stun.software, stun.messageIntegrity, stun.messageIntegritySha256, stun.fingerprint]
    expect(seen).toEqual(rows.map(({ type }) => type))
    expect(integrityKind(decoded)).toBe('sha256')
  })

  test('MESSAGE-INTEGRITY behind MESSAGE-INTEGRITY-SHA256 is ignored', () => {
    const decoded = Message.decode(message(`001c 0010 ${'cd'.repeat(16)} 0008 0014 ${'ab'.repeat(20)}`))
    expect(decoded.has(stun.messageIntegrity)).toBe(false)
    expect(verifyIntegrity(decoded, key, nodeCrypto, { kind: 'sha1' })).toBe(false)
  })

  test.each([
    ['alone', (encoder: Encoder) => encoder.integrity(key, nodeCrypto)],
    ['with a fingerprint', (encoder: Encoder) => encoder.integrity(key, nodeCrypto).fingerprint()],
    ['as SHA-256', (encoder: Encoder) => encoder.integritySha256(key, nodeCrypto)],
    ['both', (encoder: Encoder) => encoder.integrity(key, nodeCrypto).integritySha256(key, nodeCrypto).fingerprint()],
  ])('made and checked: %s', (_, seal) => {
    const bytes = seal(sealed()).finish()
    const decoded = Message.decode(bytes)
    expect(verifyIntegrity(decoded, key, nodeCrypto)).toBe(true)
    expect(verifyIntegrity(decoded, new Uint8Array([1, 2, 4]), nodeCrypto)).toBe(false)
    expect(checkFingerprint(decoded)).not.toBe('wrong')
    for (const kind of ['sha1', 'sha256'] as const) {
      const attribute = kind === 'sha1' ? stun.messageIntegrity : stun.messageIntegritySha256
      expect(verifyIntegrity(decoded, key, nodeCrypto, { kind })).toBe(decoded.has(attribute))
    }
  })

  test('checking changes nothing in the datagram', () => {
    const bytes = sealed().integrity(key, nodeCrypto).integritySha256(key, nodeCrypto).fingerprint().finish()
    const before = bytes.slice()
    verifyIntegrity(Message.decode(bytes), key, nodeCrypto)
    verifyIntegrity(Message.decode(bytes), key, nodeCrypto, { kind: 'sha1' })
    expect(bytes).toEqual(before)
  })

  test('changes nothing of a Buffer either, though its slices share its memory', () => {
    const sent = Buffer.from(vector('rfc5769-request'))
    expect(verifyIntegrity(Message.decode(sent), shortTermKey('VOkJxbRl1RmTxUk/WvJxBt'), nodeCrypto)).toBe(true)
    expect(sent).toEqual(Buffer.from(vector('rfc5769-request')))
    expect(checkFingerprint(Message.decode(sent))).toBe('right')
  })

  test('a truncated SHA-256 is taken only where that is allowed, and never below 16 bytes', () => {
    for (const length of [16, 20, 28, 32]) {
      const decoded = Message.decode(sealed().integritySha256(key, nodeCrypto, length).finish())
      expect(verifyIntegrity(decoded, key, nodeCrypto)).toBe(length === 32)
      expect(verifyIntegrity(decoded, key, nodeCrypto, { minSha256Bytes: 20 })).toBe(length >= 20)
    }
    expect(() => sealed().integritySha256(key, nodeCrypto, 12)).toThrow('stun/message-integrity-sha256')
    const short = Message.decode(message(`001c 000c ${'00'.repeat(12)}`))
    expect(() => verifyIntegrity(short, key, nodeCrypto, { minSha256Bytes: 0 })).toThrow(DecodeError)
    const long = Message.decode(message(`0008 0018 ${'00'.repeat(24)}`))
    expect(() => verifyIntegrity(long, key, nodeCrypto)).toThrow(DecodeError)
  })

  test('in the middle of a slab', () => {
    const bytes = sealed().integrity(key, nodeCrypto).integritySha256(key, nodeCrypto).fingerprint().finish()
    const slab = new Uint8Array(400).fill(0xff)
    slab.set(bytes, 77)
    const decoded = Message.decode(slab, 77, 77 + bytes.length)
    expect(verifyIntegrity(decoded, key, nodeCrypto, { kind: 'sha1' })).toBe(true)
    expect(verifyIntegrity(decoded, key, nodeCrypto, { kind: 'sha256' })).toBe(true)
    expect(checkFingerprint(decoded)).toBe('right')
  })

  test('of two MESSAGE-INTEGRITY-SHA256 the first counts', () => {
    const good = sealed().integritySha256(key, nodeCrypto).finish()
    const bytes = new Uint8Array([...good, ...fromHex(`001c 0020 ${'ab'.repeat(32)}`)])
    setUint16At(bytes, 2, bytes.length - 20)
    expect(verifyIntegrity(Message.decode(bytes), key, nodeCrypto)).toBe(true)
  })

  test('no integrity is no proof', () => {
    expect(verifyIntegrity(Message.decode(message('')), key, nodeCrypto)).toBe(false)
    expect(integrityKind(Message.decode(message('')))).toBeUndefined()
  })

  test('an attribute slipped in behind the MAC is not seen, and one before it breaks the MAC', () => {
    const good = sealed().integrity(key, nodeCrypto).finish()
    const behind = new Uint8Array([...good, ...fromHex('000d 0004 ffffffff')])
    setUint16At(behind, 2, behind.length - 20)
    expect(Message.decode(behind).get(turn.lifetime)).toBe(60)
    expect(verifyIntegrity(Message.decode(behind), key, nodeCrypto)).toBe(true)
    const before = new Uint8Array([...good.subarray(0, 20), ...fromHex('000d 0004 ffffffff'), ...good.subarray(20)])
    setUint16At(before, 2, before.length - 20)
    expect(Message.decode(before).get(turn.lifetime)).toBe(0xffffffff)
    expect(verifyIntegrity(Message.decode(before), key, nodeCrypto)).toBe(false)
  })
})

test('a fingerprint is absent, right or wrong', () => {
  const bytes = new Encoder(new Uint8Array(100)).message('request', 'binding').fingerprint().finish()
  expect(checkFingerprint(Message.decode(bytes))).toBe('right')
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
      const flipped = bytes.slice()
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
      if (place(flipped) === 'no error') expect(checkFingerprint(Message.decode(flipped))).not.toBe('right')
    }),
  )
  expect(checkFingerprint(Message.decode(message('')))).toBe('absent')
})

test('an address of the other family, or of no family, is refused', () => {
  for (const value of ['0003 0001 7f000001', '0001 0001 7f00000100000000', '0002 0001 7f000001', '0001 00']) {
    const length = fromHex(value).length
    const bytes = message(`0020 ${length.toString(16).padStart(4, '0')} ${value} ${'00'.repeat(-length & 3)}`)
    expect(() => Message.decode(bytes).get(stun.xorMappedAddress), value).toThrow(DecodeError)
  }
  const ok = message('0020 0008 0001 2112 21 12 a4 42')
  expect(Message.decode(ok).get(stun.xorMappedAddress)).toEqual({ address: IpAddress.parse('0.0.0.0'), port: 0 })
})
