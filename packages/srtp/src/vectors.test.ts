import { fromHex, toHex } from '@parley/bytes'
import { Arena } from '@parley/ffi'
import { describe, expect, test } from 'vitest'
import { CounterMode } from './counter-mode.ts'
import { GaloisMode } from './galois-mode.ts'
import { deriveKeys } from './key-derivation.ts'
import type { SrtpProfileName } from './profiles.ts'
import type { SessionKeys } from './protection.ts'
import { SrtpReceiver } from './receiver.ts'
import { SrtpSender } from './sender.ts'

const memory = new Uint8Array(new Arena(4096).buffer)
const none = new Uint8Array()

/** Puts hexadecimal at 100 in the arena and returns its end. */
function place(hex: string): number {
  const bytes = fromHex(hex)
  memory.set(bytes, 100)
  return 100 + bytes.length
}

const placed = (end: number) => toHex(memory.subarray(100, end))

describe('RFC 7714', () => {
  const salt = fromHex('517569642070726f2071756f')
  const rtpHeader = '8040f17b8041f8d35501a0b2'
  const rtp = `${rtpHeader}47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573`
  // §17's preamble has another packet than the one that is encrypted: 0000e930 is what goes with the results (erratum).
  const rtcp =
    '81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef'
  const key128 = '000102030405060708090a0b0c0d0e0f'
  const key256 = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
  const [ssrc, marsSsrc] = [0x5501a0b2, 0x4d617273]

  const mode = (key: string, direction: 'seal' | 'open') => {
    const keys: SessionKeys = { key: fromHex(key), auth: none, salt }
    return new GaloisMode(keys, keys, direction)
  }

  test.each([
    [
      '§16.1: AEAD_AES_128_GCM',
      key128,
      'f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce',
    ],
    [
      '§16.2: AEAD_AES_256_GCM',
      key256,
      '32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13',
    ],
  ])('SRTP, %s', (_name, key, sealed) => {
    const end = place(rtp)
    expect(placed(mode(key, 'seal').sealRtp(ssrc, 0, 0xf17b, memory, 100, 112, memory, 112, end))).toBe(
      rtpHeader + sealed,
    )
    expect(placed(mode(key, 'open').openRtp(ssrc, 0, 0xf17b, memory, 100, 112, end + 16))).toBe(rtp)
  })

  test.each([
    [
      '§17.1: AEAD_AES_128_GCM',
      key128,
      '63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4',
    ],
    [
      '§17.2: AEAD_AES_256_GCM',
      key256,
      'd50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4',
    ],
  ])('SRTCP, %s', (_name, key, sealed) => {
    const end = mode(key, 'seal').sealRtcp(marsSsrc, 0x5d4, memory, 100, place(rtcp))
    expect(placed(end)).toBe(rtcp.slice(0, 16) + sealed)
    expect(placed(mode(key, 'open').openRtcp(marsSsrc, 0x800005d4, memory, 100, end))).toBe(rtcp)
  })

  test('SRTCP that is authentic but not encrypted, §17.3', () => {
    const end = place(`${rtcp}841dd9683dd78ec92ae58790125f62b3000005d4`)
    expect(placed(mode(key128, 'open').openRtcp(marsSsrc, 0x5d4, memory, 100, end))).toBe(rtcp)
    // With the bit turned, the same bytes are not authentic.
    place(`${rtcp}841dd9683dd78ec92ae58790125f62b3800005d4`)
    expect(mode(key128, 'open').openRtcp(marsSsrc, 0x800005d4, memory, 100, end)).toBe(-1)
  })
})

describe('RFC 3711', () => {
  test('B.2: key stream of AES counter mode', () => {
    const keys: SessionKeys = {
      key: fromHex('2B7E151628AED2A6ABF7158809CF4F3C'),
      auth: new Uint8Array(20),
      salt: fromHex('F0F1F2F3F4F5F6F7F8F9FAFBFCFD'),
    }
    const end = place(`800000000000000000000000${'00'.repeat(48)}`)
    new CounterMode(keys, keys).sealRtp(0, 0, 0, memory, 100, 112, memory, 112, end)
    expect(toHex(memory.subarray(112, end))).toBe(
      'e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0',
    )
  })

  test('B.3: key derivation', () => {
    const masterKey = fromHex('E1F97A0D3E018BE0D64FA32C06DE4139')
    const masterSalt = fromHex('0EC675AD498AFEEBB6960B3AABE6')
    const keys = deriveKeys({ profile: 'AES_CM_128_HMAC_SHA1_80', masterKey, masterSalt }).rtp
    expect(toHex(keys.key)).toBe('c61e7a93744f39ee10734afe3ff7a087')
    expect(toHex(keys.salt)).toBe('30cbbc08863d8c85d49db34a9ae1')
    expect(toHex(keys.auth)).toBe('cebe321f6ff7716b6fd4ab49af256a156d38baa4')
  })
})

// From the tests of libsrtp (srtp_driver.c): whole packets, from the master key on. Its first SRTCP index is 1.
describe('libsrtp', () => {
  const text = 'abababababababababababababababab'
  test.each<[SrtpProfileName, key: string, salt: string, srtp: string, srtcp: string]>([
    [
      'AES_CM_128_HMAC_SHA1_80',
      'e1f97a0d3e018be0d64fa32c06de4139',
      '0ec675ad498afeebb6960b3aabe6',
      '4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb',
      '7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798',
    ],
    [
      'AEAD_AES_128_GCM',
      '000102030405060708090a0b0c0d0e0f',
      'a0a1a2a3a4a5a6a7a8a9aaab',
      'c5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392',
      'c98b8b5df0392a55852b6c21ac8e7025c52c6fbea2b3b446ea31123ba88ce61e80000001',
    ],
  ])('%s', (profile, key, salt, srtp, srtcp) => {
    const keys = { profile, masterKey: fromHex(key), masterSalt: fromHex(salt) }
    const [sender, receiver] = [new SrtpSender(keys), new SrtpReceiver(keys)]
    const rtpHeader = '800f1234decafbadcafebabe'
    const end = place(rtpHeader + text)
    const sealed = sender.protectRtp(memory, 100, 112, memory, 112, end)
    expect(placed(sealed)).toBe(rtpHeader + srtp)
    expect(receiver.unprotectRtp(memory, 100, sealed)).toBe(end)
    expect(placed(end)).toBe(rtpHeader + text)

    const rtcpHeader = '81c8000bcafebabe'
    sender.protectRtcp(memory, 100, place(rtcpHeader + text))
    const sealedRtcp = sender.protectRtcp(memory, 100, place(rtcpHeader + text))
    expect(placed(sealedRtcp)).toBe(rtcpHeader + srtcp)
    const rtcpEnd = receiver.unprotectRtcp(memory, 100, sealedRtcp)
    expect(placed(rtcpEnd)).toBe(rtcpHeader + text)
    sender.close()
    receiver.close()
  })
})
