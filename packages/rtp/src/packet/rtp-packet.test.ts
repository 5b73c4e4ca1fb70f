import { fromHex, toHex } from '@parley/bytes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRtcp, RtpPacket } from './rtp-packet.ts'

const header = '8060 1234 01020304 0a0b0c0d'

function parsed(hex: string): RtpPacket {
  const bytes = fromHex(hex)
  const packet = new RtpPacket()
  expect(packet.parse(bytes, 0, bytes.length)).toBe(true)
  return packet
}

function refused(hex: string): boolean {
  const bytes = fromHex(hex)
  return !new RtpPacket().parse(bytes, 0, bytes.length)
}

/** Every element as `id:value`. */
function elements(packet: RtpPacket): string[] {
  const found: string[] = []
  packet.rewindExtensions()
  while (packet.nextExtension()) {
    const { extensionId: id, extensionOffset: at, extensionLength: length } = packet
    found.push(`${id}:${toHex(packet.bytes.subarray(at, at + length))}`)
  }
  return found
}

test('the fixed header', () => {
  const packet = parsed(`${header} aabb`)
  expect(packet).toMatchObject({
    payloadType: 96,
    marker: false,
    sequenceNumber: 0x1234,
    timestamp: 0x01020304,
    ssrc: 0x0a0b0c0d,
    csrcCount: 0,
    extensionProfile: 0,
    payloadStart: 12,
    payloadEnd: 14,
    paddingBytes: 0,
    payloadLength: 2,
  })
  expect(elements(packet)).toEqual([])
  expect(parsed('80ff ffff ffffffff ffffffff')).toMatchObject({
    payloadType: 127,
    marker: true,
    sequenceNumber: 65535,
    timestamp: 0xffffffff,
    ssrc: 0xffffffff,
    payloadLength: 0,
  })
})

test('CSRCs, extension and padding are no payload', () => {
  const packet = parsed('b2600001 00000001 00000002 11111111 22222222 bede0001 10aa0000 c0ffee 00000004')
  expect(packet).toMatchObject({ csrcCount: 2, payloadStart: 28, payloadEnd: 31, paddingBytes: 4 })
  expect(elements(packet)).toEqual(['1:aa'])
  expect(parsed('a0600001 00000001 00000002 000003')).toMatchObject({ payloadLength: 0, paddingBytes: 3 })
})

test('what does not fit is refused, and the packet before stays', () => {
  expect(refused('')).toBe(true)
  expect(refused('8060 1234 01020304 0a0b0c')).toBe(true)
  for (const version of ['00', '40', 'c0']) expect(refused(`${version}60 1234 01020304 0a0b0c0d`)).toBe(true)
  expect(refused('82601234 01020304 0a0b0c0d 11111111 222222'), 'CSRCs').toBe(true)
  expect(refused('90601234 01020304 0a0b0c0d bede00'), 'extension header').toBe(true)
  expect(refused('90601234 01020304 0a0b0c0d bede0002 10aa0000'), 'extension').toBe(true)
  expect(refused('a0601234 01020304 0a0b0c0d'), 'padding flag without a byte').toBe(true)
  expect(refused('a0601234 01020304 0a0b0c0d aa00'), 'padding of 0').toBe(true)
  expect(refused('a0601234 01020304 0a0b0c0d aa03'), 'padding into the header').toBe(true)
  expect(refused('b0601234 01020304 0a0b0c0d bede0001 10aa0002 05'), 'padding into the extension').toBe(true)
  const bytes = fromHex(`${header} aabb`)
  const packet = new RtpPacket()
  expect(packet.parse(bytes, 0, 15)).toBe(false)
  expect(packet.parse(bytes, 0, 14)).toBe(true)
  expect(packet.parse(new Uint8Array(20), 0, 20)).toBe(false)
  expect(packet.ssrc).toBe(0x0a0b0c0d)
})

// RFC 8285 §4.2 and §4.3 draw these two.
test('elements of the one-byte form, with padding between', () => {
  const packet = parsed('90600000 00000000 00000000 bede0003 10aa 31bbcc 0000 d3ddeeff11')
  expect(elements(packet)).toEqual(['1:aa', '3:bbcc', '13:ddeeff11'])
  expect(packet.findExtension(3)).toBe(19)
  expect(packet.extensionLength).toBe(2)
  expect(packet.findExtension(1)).toBe(17)
  expect(packet.findExtension(2)).toBe(-1)
})

test('elements of the two-byte form, with padding between; its appbits do not matter', () => {
  const packet = parsed('90600000 00000000 00000000 100f0004 0100 ff02bbcc 00 0f04ddeeff11 000000')
  expect(elements(packet)).toEqual(['1:', '255:bbcc', '15:ddeeff11'])
  expect(packet.findExtension(1)).toBe(18)
  expect(packet.extensionLength).toBe(0)
})

test.each([
  ['id 15 ends the elements', 'bede0002 10aa f0bb 20cc 0000', ['1:aa']],
  ['id 0 with a length ends them too', 'bede0002 10aa 01bb 20cc 0000', ['1:aa']],
  ['an element that overruns', 'bede0001 10aa 21cc', ['1:aa']],
  ['a two-byte element that overruns', '10000002 0102aabb 0503cccc', ['1:aabb']],
  ['half a two-byte element', '10000001 0101aa07', ['1:aa']],
  ['another profile', '12340001 10aa0000', []],
])('%s', (_, extension, expected) => {
  // What follows would be read as a value if the end were not kept.
  expect(elements(parsed(`90600000 00000000 00000000 ${extension} ffffffff`))).toEqual(expected)
})

test('nothing depends on what is around the packet', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), fc.nat(9), (random, before) => {
      const bytes = Uint8Array.from([0x90 | ((random[0] ?? 0) & 0x2f), ...random.subarray(1)])
      const views = [0x00, 0xff, 0x5a].map(canary => {
        const slab = new Uint8Array(bytes.length + before + 64).fill(canary)
        slab.set(bytes, before)
        const packet = new RtpPacket()
        if (!packet.parse(slab, before, before + bytes.length)) return 'refused'
        expect(packet.payloadStart).toBeLessThanOrEqual(packet.payloadEnd)
        return [packet.payloadStart, packet.payloadEnd, packet.ssrc, packet.paddingBytes, ...elements(packet)].join()
      })
      expect(new Set(views).size).toBe(1)
    }),
  )
})

test('RTCP and RTP on one port', () => {
  for (const type of [200, 201, 202, 203, 204, 205, 206, 207])
    expect(isRtcp(new Uint8Array([0x80, type]), 0)).toBe(true)
  for (const second of [0, 96, 127, 128 + 0, 128 + 96, 128 + 127]) {
    expect(isRtcp(new Uint8Array([0x80, second]), 0)).toBe(false)
  }
})
