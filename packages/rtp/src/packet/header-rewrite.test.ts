import { fromHex, toHex } from '@parley/bytes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HeaderRewrite } from './header-rewrite.ts'
import { RtpPacket } from './rtp-packet.ts'

const fixed = '60 0001 00000001 00000002'
const numbers = { payloadType: 111, marker: true, sequenceNumber: 0xfffe, timestamp: 0xf0e0d0c0, ssrc: 0xdeadbeef }
const written = 'effffef0e0d0c0deadbeef'

function packetOf(hex: string): RtpPacket {
  const bytes = fromHex(hex)
  const packet = new RtpPacket()
  expect(packet.parse(bytes, 0, bytes.length)).toBe(true)
  return packet
}

function rewriteOf(map: Record<number, number>, options?: { allowTwoByte: boolean }): HeaderRewrite {
  const rewrite = Object.assign(new HeaderRewrite(options), numbers)
  for (const [from, to] of Object.entries(map)) rewrite.mapExtension(Number(from), to)
  return rewrite
}

function write(rewrite: HeaderRewrite, packet: RtpPacket): string {
  const target = new Uint8Array(400).fill(0xcc)
  const end = rewrite.write(packet, target, 7)
  expect([...target.subarray(0, 7), ...target.subarray(end)].every(byte => byte === 0xcc)).toBe(true)
  return toHex(target.subarray(7, end))
}

function elements(packet: RtpPacket): Map<number, string> {
  const found = new Map<number, string>()
  packet.rewindExtensions()
  while (packet.nextExtension()) {
    const { extensionId: id, extensionOffset: at, extensionLength: length } = packet
    found.set(id, toHex(packet.bytes.subarray(at, at + length)))
  }
  return found
}

test('fresh numbers; padding is gone, CSRCs stay', () => {
  expect(write(rewriteOf({}), packetOf(`80 ${fixed} aabb`))).toBe(`80${written}`)
  expect(write(rewriteOf({}), packetOf(`a1 ${fixed} 11111111 aabb 000003`))).toBe(`81${written}11111111`)
})

test('elements get new ids, the rest is dropped, and an extension without elements is none', () => {
  const packet = packetOf(`90 ${fixed} bede0002 10aa 21bbcc 30dd 00 ffff`)
  expect(write(rewriteOf({ 1: 14, 2: 0, 3: 4 }), packet)).toBe(`90${written}bede0001e0aa40dd`)
  expect(write(rewriteOf({ 1: 1, 2: 2 }), packet)).toBe(`90${written}bede000210aa21bbcc000000`)
  expect(write(rewriteOf({}), packet)).toBe(`80${written}`)
})

test('values of our own: read at every write, in place of what would come under their id', () => {
  const packet = packetOf(`90 ${fixed} bede0002 10aa 21bbcc 30dd 00 ffff`)
  const rewrite = rewriteOf({ 1: 5, 2: 6 })
  const value = new Uint8Array([1, 2])
  rewrite.setExtension(5, value)
  expect(write(rewrite, packet)).toBe(`90${written}bede0002510102 61bbcc 0000`.replaceAll(' ', ''))
  value[1] = 9
  expect(write(rewrite, packet)).toContain('510109')
  rewrite.setExtension(5, new Uint8Array([7]))
  expect(write(rewrite, packet)).toBe(`90${written}bede0002500761bbcc000000`)
  expect(write(rewriteOf({}), packetOf(`80 ${fixed}`))).toBe(`80${written}`)
})

test('the two-byte form where an id above 14, a long value or an empty one needs it', () => {
  const packet = packetOf(`90 ${fixed} bede0001 10aa 20bb ffff`)
  expect(write(rewriteOf({ 1: 15, 2: 1 }), packet)).toBe(`90${written}100000020f01aa0101bb0000`)
  const long = rewriteOf({ 1: 1 })
  long.setExtension(2, new Uint8Array(17).fill(3))
  expect(write(long, packet)).toBe(`90${written}100000060211${'03'.repeat(17)}0101aa0000`)
  const empty = packetOf(`90 ${fixed} 10000001 0100 0000`)
  expect(write(rewriteOf({ 1: 1 }), empty)).toBe(`90${written}1000000101000000`)
  const small = packetOf(`90 ${fixed} 10000001 0101aa00`)
  expect(write(rewriteOf({ 1: 1 }), small), 'and back to the one-byte form').toBe(`90${written}bede000110aa0000`)
})

test('without the two-byte form, what needs it is not sent', () => {
  const rewrite = rewriteOf({ 1: 15, 2: 2 }, { allowTwoByte: false })
  rewrite.setExtension(3, new Uint8Array(17))
  expect(write(rewrite, packetOf(`90 ${fixed} bede0001 10aa 20bb ffff`))).toBe(`90${written}bede000120bb0000`)
})

test('values of our own come first, in the order of setting', () => {
  const rewrite = rewriteOf({ 1: 1 })
  for (const id of [9, 3]) rewrite.setExtension(id, Uint8Array.of(id))
  expect(write(rewrite, packetOf(`90 ${fixed} bede0001 10aa 20bb ffff`))).toBe(`90${written}bede00029009300310aa0000`)
})

test('ids that are none and values that are too long are refused', () => {
  const rewrite = new HeaderRewrite()
  for (const id of [0, -1, 256, 1.5, Number.NaN]) {
    expect(() => rewrite.mapExtension(id, 1)).toThrow(RangeError)
    expect(() => rewrite.setExtension(id, new Uint8Array(1))).toThrow(RangeError)
  }
  for (const id of [-1, 256]) expect(() => rewrite.mapExtension(1, id)).toThrow(RangeError)
  expect(() => rewrite.setExtension(1, new Uint8Array(256))).toThrow(RangeError)
})

test('whatever comes in and however it is mapped, exactly that comes out', () => {
  const value = fc.uint8Array({ maxLength: 40 })
  const target = fc.integer({ min: 0, max: 255 })
  const element = fc.record({ id: fc.integer({ min: 1, max: 255 }), value, target })
  const own = fc.record({ id: fc.integer({ min: 1, max: 255 }), value })
  const some = { selector: ({ id }: { id: number }) => id, maxLength: 8 }
  fc.assert(
    fc.property(
      fc.uniqueArray(element, some),
      fc.uniqueArray(own, { selector: ({ id }) => id, maxLength: 3 }),
      fc.nat(3),
      (incoming, values, csrcCount) => {
        const source = new HeaderRewrite()
        for (const { id, value } of incoming) source.setExtension(id, value)
        const bare = new Uint8Array(12 + 4 * csrcCount).fill(9)
        bare[0] = 0x80 | csrcCount
        const bytes = new Uint8Array(600)
        const packet = new RtpPacket()
        packet.parse(bare, 0, bare.length)
        const end = source.write(packet, bytes, 3)
        expect(packet.parse(bytes, 3, end)).toBe(true)
        expect(elements(packet)).toEqual(new Map(incoming.map(({ id, value }) => [id, toHex(value)])))

        const rewrite = Object.assign(new HeaderRewrite(), numbers)
        for (const { id, target } of incoming) rewrite.mapExtension(id, target)
        for (const { id, value } of values) rewrite.setExtension(id, value)
        const out = new Uint8Array(600)
        const outEnd = rewrite.write(packet, out, 5)
        const forwarded = new RtpPacket()
        expect(forwarded.parse(out, 5, outEnd)).toBe(true)
        expect(forwarded).toMatchObject({ ...numbers, csrcCount, payloadLength: 0 })
        expect(out.subarray(17, 17 + 4 * csrcCount)).toEqual(bare.subarray(12))
        const expected = new Map<number, string>()
        for (const { target, value } of incoming) if (target) expected.set(target, toHex(value))
        for (const { id, value } of values) expected.set(id, toHex(value))
        expect(elements(forwarded)).toEqual(expected)
        // One byte less is too little, and is left alone.
        const tight = new Uint8Array(outEnd + 20).fill(0xcc)
        expect(rewrite.write(packet, tight, 5, outEnd - 1)).toBe(-1)
        expect(tight.subarray(outEnd - 1).every(byte => byte === 0xcc)).toBe(true)
        expect(rewrite.write(packet, tight, 5, outEnd)).toBe(outEnd)
      },
    ),
  )
})
