import { DecodeError, toHex } from '@parley/bytes'
import { formatTransportAddress } from '@parley/net'
import { describe, expect, test } from 'vitest'
import { vector } from '../../testdata/corpus.ts'
import { ice } from '../attributes/ice.ts'
import { stun } from '../attributes/stun.ts'
import { nameOfAlgorithm } from '../codecs/password-algorithms.ts'
import { longTermKey, shortTermKey } from '../credentials.ts'
import { nodeCrypto } from '../node.ts'
import { Encoder } from './encoder.ts'
import { checkFingerprint, integrityKind, verifyIntegrity } from './integrity.ts'
import { Message } from './message.ts'

const shortTerm = shortTermKey('VOkJxbRl1RmTxUk/WvJxBt')
const username = 'マトリックス'
const realm = 'example.org'
/** `The\u00adM\u00aatr\u2168`, prepared by SASLprep as RFC 5389 wanted it. */
const password = 'TheMatrIX'

describe('RFC 5769', () => {
  test('§2.1 request', () => {
    const message = Message.decode(vector('rfc5769-request'))
    expect(message).toMatchObject({ method: 'binding', class: 'request' })
    expect(toHex(message.transactionId)).toBe('b7e7a701bc34d686fa87dfae')
    expect(message.get(stun.software)).toBe('STUN test client')
    expect(message.get(stun.username)).toBe('evtj:h6vY')
    expect(message.get(ice.priority)).toBe(0x6e0001ff)
    expect(message.get(ice.iceControlled)).toBe(0x932ff9b151263b36n)
    expect(message.get(ice.iceControlling)).toBeUndefined()
    expect(integrityKind(message)).toBe('sha1')
    expect(verifyIntegrity(message, shortTerm, nodeCrypto)).toBe(true)
    expect(checkFingerprint(message)).toBe('right')
  })

  test.each([
    ['§2.2', 'rfc5769-ipv4-response', '192.0.2.1:32853'],
    ['§2.3', 'rfc5769-ipv6-response', '[2001:db8:1234:5678:11:2233:4455:6677]:32853'],
  ])('%s response', (_, name, mapped) => {
    const message = Message.decode(vector(name))
    expect(message).toMatchObject({ method: 'binding', class: 'success' })
    expect(message.get(stun.software)).toBe('test vector')
    expect(formatTransportAddress(message.get(stun.xorMappedAddress) ?? expect.fail())).toBe(mapped)
    expect(verifyIntegrity(message, shortTerm, nodeCrypto)).toBe(true)
    expect(checkFingerprint(message)).toBe('right')
  })

  test('§2.4 request with long-term credentials', () => {
    const bytes = vector('rfc5769-long-term-request')
    const message = Message.decode(bytes)
    const key = longTermKey({ username, realm, password }, nodeCrypto)
    expect(message.get(stun.username)).toBe(username)
    expect(verifyIntegrity(message, key, nodeCrypto)).toBe(true)
    expect(verifyIntegrity(message, shortTerm, nodeCrypto)).toBe(false)
    expect(checkFingerprint(message)).toBe('absent')

    const written = new Encoder(new Uint8Array(200))
      .message('request', 'binding', message.transactionId)
      .add(stun.username, username)
      .add(stun.nonce, 'f//499k954d6OL34oL9FSTvy64sA')
      .add(stun.realm, realm)
      .integrity(key, nodeCrypto)
      .finish()
    expect(toHex(written)).toBe(toHex(bytes))
  })

  test.each(['rfc5769-request', 'rfc5769-ipv4-response', 'rfc5769-ipv6-response'])('%s with a bit flipped', name => {
    const good = vector(name)
    for (let at = 0; at < good.length; at++) {
      const bytes = good.slice()
      bytes[at] = (bytes[at] ?? 0) ^ 1
      expect(decodes(bytes) && verifies(bytes) && fingerprint(bytes) === 'right', `byte ${at}`).toBe(false)
      const protectedByMac = at < good.length - 8
      if (protectedByMac) expect(decodes(bytes) && verifies(bytes), `byte ${at}`).toBe(false)
    }
  })
})

test('RFC 8489 appendix B.1 (erratum 6268): USERHASH, PASSWORD-ALGORITHM, MESSAGE-INTEGRITY-SHA256', () => {
  const bytes = vector('rfc8489-userhash-request')
  const message = Message.decode(bytes)
  const nonce = 'obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA'
  const hash = nodeCrypto.digest('sha256', new TextEncoder().encode(`${username}:${realm}`))
  expect(message.get(stun.userhash)).toEqual(new Uint8Array(hash))
  expect(message.get(stun.nonce)).toBe(nonce)
  expect(message.get(stun.realm)).toBe(realm)
  expect(nameOfAlgorithm(message.get(stun.passwordAlgorithm) ?? expect.fail())).toBe('sha256')
  const key = longTermKey({ username, realm, password, algorithm: 'sha256' }, nodeCrypto)
  expect(integrityKind(message)).toBe('sha256')
  expect(verifyIntegrity(message, key, nodeCrypto)).toBe(true)

  const written = new Encoder(new Uint8Array(200))
    .message('request', 'binding', message.transactionId)
    .add(stun.userhash, hash)
    .add(stun.nonce, nonce)
    .add(stun.realm, realm)
    .add(stun.passwordAlgorithm, { algorithm: 2, parameters: new Uint8Array() })
    .integritySha256(key, nodeCrypto)
    .finish()
  expect(toHex(written)).toBe(toHex(bytes))
})

function decodes(bytes: Uint8Array): boolean {
  try {
    Message.decode(bytes)
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError)
    return false
  }
}

function verifies(bytes: Uint8Array): boolean {
  const message = Message.decode(bytes)
  return integrityKind(message) === 'sha1' && verifyIntegrity(message, shortTerm, nodeCrypto)
}

function fingerprint(bytes: Uint8Array): string {
  return checkFingerprint(Message.decode(bytes))
}
