import { expect, test } from 'vitest'
import { aesCtrHmac } from './aead.ts'
import { cipherSuites } from './cipher-suite.ts'
import { FrameKey } from './frame-key.ts'
import { fromHex, toHex } from './testing/hex.ts'

/*
 * The test vectors of RFC 9605, appendices C.2 and C.3. Keys and salts are intermediate values there, which the ciphertexts prove.
 */

const metadata = fromHex('4945544620534672616d65205747')
const plaintext = fromHex('64726166742d696574662d736672616d652d656e63')

const aeadVectors = {
  AES_128_CTR_HMAC_SHA256_80: '6339af04ada1d064688a442b8dc69d5b6bfa40f4bef0583e8081069cc60705',
  AES_128_CTR_HMAC_SHA256_64: '6339af04ada1d064688a442b8dc69d5b6bfa40f4be6e93b7da076927bb',
  AES_128_CTR_HMAC_SHA256_32: '6339af04ada1d064688a442b8dc69d5b6bfa40f4be09480509',
} as const

test.each(Object.entries(aeadVectors))('AEAD of %s (C.2)', async (name, ciphertext) => {
  const { tagSize } = cipherSuites[name as keyof typeof aeadVectors]
  const aead = await aesCtrHmac(
    Uint8Array.from({ length: 48 }, (_, i) => i),
    tagSize,
  )
  const nonce = fromHex('101112131415161718191a1b')
  const sealed = await aead.seal(nonce, metadata, plaintext)
  expect(toHex(sealed)).toBe(ciphertext)
  expect(await aead.open(nonce, metadata, sealed)).toEqual(plaintext)
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.with(at, (sealed[at] ?? 0) ^ 0x10)
    expect(await aead.open(nonce, metadata, changed)).toBeUndefined()
  }
  expect(await aead.open(nonce, plaintext, sealed)).toBeUndefined()
  expect(await aead.open(nonce, metadata, sealed.slice(0, tagSize - 1))).toBeUndefined()
})

const frameVectors = {
  AES_128_CTR_HMAC_SHA256_80: '9901234567449408b6f490086165b9d6f62b24ae1a59a56486b4ae8ed036b88912e24f11',
  AES_128_CTR_HMAC_SHA256_64: '99012345673f31438db4d09434e43afa0f8a2f00867a2be085046a9f5cb4f101d607',
  AES_128_CTR_HMAC_SHA256_32: '990123456717fc8af28a5a695afcfc6c8df6358a17e26b2fcb3bae32e443',
  AES_128_GCM_SHA256_128: '9901234567b7412c2513a1b66dbb48841bbaf17f598751176ad847681a69c6d0b091c07018ce4adb34eb',
  AES_256_GCM_SHA512_128: '990123456794f509d36e9beacb0e261d99c7d1e972f1fed787d4049f17ca21353c1cc24d56ceabced279',
} as const

test.each(Object.entries(frameVectors))('SFrame with %s (C.3)', async (name, ciphertext) => {
  const suite = cipherSuites[name as keyof typeof frameVectors]
  const key = await FrameKey.derive(suite, fromHex('000102030405060708090a0b0c0d0e0f'), 0x123n)
  const sealed = await key.seal(0x4567n, metadata, plaintext)
  expect(toHex(sealed)).toBe(ciphertext)
  expect(await key.open(metadata, sealed)).toEqual(plaintext)
  expect(await key.open(plaintext, sealed)).toBeUndefined()
})
