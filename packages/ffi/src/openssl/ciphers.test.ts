import { createCipheriv, createHmac, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Arena } from '../arena.ts'
import { AesCtr, AesGcm, GCM_TAG, HmacSha1 } from './ciphers.ts'
import { openHandles } from './handle.ts'

const arena = new Arena(8192)
const memory = new Uint8Array(arena.buffer)
const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

function nonce(cipher: AesGcm, bytes: Uint8Array): void {
  for (const [i, byte] of bytes.entries()) cipher.iv.setUint8(i, byte)
}

/** The columns of a line: tcId, result, key, iv, aad, msg, ct, tag; `-` is empty. */
const wycheproof = readFileSync(new URL('../../testdata/wycheproof-aes-gcm.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map(line => line.split(' ').map(field => (field === '-' ? '' : field)) as [string, string, ...string[]])

describe('AES-GCM', () => {
  test.each(wycheproof)(
    'Wycheproof %s: %s',
    (_tcId, result, key = '', iv = '', aad = '', msg = '', ct = '', tag = '') => {
      const [seal, open] = [new AesGcm(hex(key), 'seal'), new AesGcm(hex(key), 'open')]
      const [associated, message] = [hex(aad), hex(msg)]
      memory.set(associated, 500)
      memory.set(message, 2000)
      const at = 500 + associated.length
      const end = at + message.length + GCM_TAG
      nonce(seal, hex(iv))
      seal.seal(memory, 500, at, memory, 2000, 2000 + message.length, 0)
      expect(toHex(memory.subarray(at, end)) === ct + tag).toBe(result === 'valid')
      memory.set(hex(ct + tag), at)
      nonce(open, hex(iv))
      expect(open.open(memory, 500, at, end, 0)).toBe(result === 'valid')
      if (result === 'valid') expect(toHex(memory.subarray(at, at + message.length))).toBe(msg)
      seal.close()
      open.close()
    },
  )

  test('agrees with node:crypto on any sizes, with both key sizes and with a trailer', () => {
    const sizes = fc.record({
      key: fc.constantFrom(16, 32),
      aad: fc.nat(60),
      text: fc.nat(1500),
      trailer: fc.constantFrom(0, 4),
    })
    fc.assert(
      fc.property(sizes, ({ key: keyBytes, aad, text, trailer }) => {
        const [key, iv] = [randomBytes(keyBytes), randomBytes(12)]
        const plain = randomBytes(text)
        const cipher = new AesGcm(key, 'seal')
        memory.set(randomBytes(100), 0)
        const tagAt = aad + text
        memory.set(randomBytes(4), tagAt + GCM_TAG)
        memory.set(plain, 4000)
        nonce(cipher, iv)
        cipher.seal(memory, 0, aad, memory, 4000, 4000 + text, trailer)
        const theirs = createCipheriv(keyBytes === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, iv)
        const behind = memory.slice(tagAt + GCM_TAG, tagAt + GCM_TAG + trailer)
        theirs.setAAD(Buffer.concat([memory.subarray(0, aad), behind]))
        const sealed = Buffer.concat([theirs.update(plain), theirs.final(), theirs.getAuthTag()])
        expect(Buffer.compare(memory.subarray(aad, tagAt + GCM_TAG), sealed)).toBe(0)
        cipher.close()
      }),
    )
  })

  test('takes no range outside of its bytes, and no bytes outside of an arena', () => {
    const cipher = new AesGcm(new Uint8Array(16), 'seal')
    const part = memory.subarray(0, 100)
    const odd = [-1, 101, 0.5, Number.NaN]
    for (const bad of odd) {
      expect(() => cipher.seal(part, 0, 0, part, bad, 10, 0), `${bad}`).toThrow()
      expect(() => cipher.seal(part, 0, 0, part, 0, bad, 0), `${bad}`).toThrow()
      expect(() => cipher.seal(part, 0, bad, part, 0, 10, 0), `${bad}`).toThrow()
      expect(() => cipher.seal(part, bad, 0, part, 0, 10, 0), `${bad}`).toThrow()
      expect(() => cipher.seal(part, 0, 0, part, 0, 10, bad), `${bad}`).toThrow()
      expect(() => cipher.open(part, 0, 0, bad, 0), `${bad}`).toThrow()
      expect(() => cipher.open(part, 0, bad, 50, 0), `${bad}`).toThrow()
    }
    // The tag would lie behind the end of the part.
    expect(() => cipher.seal(part, 0, 80, part, 0, 5, 0)).toThrow(RangeError)
    // The text would begin before what is authenticated.
    expect(() => cipher.seal(part, 20, 10, part, 0, 5, 0)).toThrow(RangeError)
    expect(() => cipher.open(part, 20, 10, 60, 0)).toThrow(RangeError)
    expect(() => cipher.seal(new Uint8Array(100), 0, 0, part, 0, 5, 0)).toThrow('arena')
    cipher.close()
  })
})

test('AES-CTR and HMAC-SHA1 agree with node:crypto', () => {
  fc.assert(
    fc.property(fc.constantFrom(16, 32), fc.nat(1500), (keyBytes, length) => {
      const [key, iv, plain] = [randomBytes(keyBytes), randomBytes(16), randomBytes(length)]
      const [cipher, mac] = [new AesCtr(key), new HmacSha1(key)]
      for (const [i, byte] of iv.entries()) cipher.iv.setUint8(i, byte)
      memory.set(plain, 0)
      cipher.apply(memory, 3000, memory, 0, length)
      const theirs = createCipheriv(keyBytes === 16 ? 'aes-128-ctr' : 'aes-256-ctr', key, iv).update(plain)
      expect(Buffer.compare(memory.subarray(3000, 3000 + length), theirs)).toBe(0)
      for (let again = 0; again < 2; again++) {
        mac.compute(memory, 0, length)
        expect(Buffer.compare(mac.result, createHmac('sha1', key).update(plain).digest())).toBe(0)
      }
      cipher.close()
      mac.close()
    }),
  )
})

test('keys of other sizes are refused; a closed cipher throws, and nothing is left behind', () => {
  const before = openHandles()
  for (const size of [0, 15, 24, 33]) {
    expect(() => new AesGcm(new Uint8Array(size), 'seal')).toThrow(RangeError)
    expect(() => new AesCtr(new Uint8Array(size))).toThrow(RangeError)
  }
  const [gcm, ctr, mac] = [
    new AesGcm(new Uint8Array(16), 'open'),
    new AesCtr(new Uint8Array(32)),
    new HmacSha1(hex('00')),
  ]
  expect(openHandles()).toBe(before + 3)
  for (const closable of [gcm, ctr, mac, gcm, ctr, mac]) closable.close()
  expect(openHandles()).toBe(before)
  expect(() => gcm.open(memory, 0, 0, 16, 0)).toThrow('freed')
  expect(() => ctr.apply(memory, 0, memory, 0, 1)).toThrow('freed')
  expect(() => mac.compute(memory, 0, 1)).toThrow('freed')
})

test('nothing works on a closed arena', () => {
  const closed = new Arena(4096)
  const bytes = new Uint8Array(closed.buffer)
  closed.close()
  const cipher = new AesGcm(new Uint8Array(16), 'seal')
  expect(() => cipher.seal(bytes, 0, 0, bytes, 0, 1, 0)).toThrow('closed arena')
  cipher.close()
})
