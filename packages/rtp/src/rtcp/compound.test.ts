import { EncodeError, fromHex, toHex } from '@parley/bytes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CompoundWriter } from './compound-writer.ts'
import { type RtcpHandlers, readCompound } from './read-compound.ts'
import { type RtcpKind, type RtcpPackets, rtcpTypes } from './table.ts'

type Seen = { [Kind in RtcpKind]: { kind: Kind; packet: RtcpPackets[Kind] } }[RtcpKind]

/** Reads everything there is; `ok` says whether nothing was malformed. */
function readAll(bytes: Uint8Array, start = 0, end = bytes.length): { seen: Seen[]; ok: boolean } {
  const seen: Seen[] = []
  const handlers = Object.fromEntries(
    Object.keys(rtcpTypes).map(kind => [kind, (packet: unknown) => seen.push({ kind, packet } as Seen)]),
  ) as RtcpHandlers
  return { ok: readCompound(bytes, start, end, handlers), seen }
}

function readHex(hex: string) {
  return readAll(fromHex(hex))
}

function write<Kind extends RtcpKind>(kind: Kind, value: RtcpPackets[Kind]): string {
  const bytes = new Uint8Array(1000)
  return toHex(bytes.subarray(0, new CompoundWriter().target(bytes).add(kind, value).end))
}

const report = {
  ssrc: 0x22222222,
  fractionLost: 0x40,
  cumulativeLost: -2,
  highestSequenceNumber: 0x00010002,
  jitter: 3,
  lastSr: 0xfffe0001,
  delaySinceLastSr: 5,
}
const reportHex = '22222222 40fffffe 00010002 00000003 fffe0001 00000005'
const source = { senderSsrc: 0x11111111, mediaSsrc: 0x22222222 }
const sourceHex = '11111111 22222222'

const vectors: { [Kind in RtcpKind]: readonly (readonly [string, RtcpPackets[Kind]])[] } = {
  senderReport: [
    [
      `81c8000c 11111111 e1e1e1e1 80000000 00000001 00000002 ffffffff ${reportHex}`,
      {
        ssrc: 0x11111111,
        ntp: { seconds: 0xe1e1e1e1, fraction: 0x80000000 },
        rtpTimestamp: 1,
        packetCount: 2,
        octetCount: 0xffffffff,
        reports: [report],
      },
    ],
  ],
  receiverReport: [
    [`82c9000d 11111111 ${reportHex} ${reportHex}`, { ssrc: 0x11111111, reports: [report, report] }],
    ['80c90001 11111111', { ssrc: 0x11111111, reports: [] }],
  ],
  sourceDescription: [
    ['81ca0003 11111111 01036162 63000000', { chunks: [{ ssrc: 0x11111111, items: [{ type: 1, text: 'abc' }] }] }],
    [
      // The items end on a whole word: a word of zeros follows.
      '82ca0005 11111111 0102c3a9 00000000 22222222 00000000',
      {
        chunks: [
          { ssrc: 0x11111111, items: [{ type: 1, text: 'é' }] },
          { ssrc: 0x22222222, items: [] },
        ],
      },
    ],
  ],
  bye: [
    ['81cb0001 11111111', { ssrcs: [0x11111111] }],
    ['82cb0003 11111111 22222222 03627965', { ssrcs: [0x11111111, 0x22222222], reason: 'bye' }],
    ['80cb0001 00000000', { ssrcs: [], reason: '' }],
  ],
  nack: [
    [`81cd0003 ${sourceHex} 00050000`, { ...source, lost: [5] }],
    [`81cd0004 ${sourceHex} ffff8001 00110000`, { ...source, lost: [65535, 0, 15, 17] }],
  ],
  transportFeedback: [
    [
      // One bit each.
      `8fcd0005 ${sourceHex} 00ff0003 fffffe07 98000a00`,
      {
        ...source,
        baseSequenceNumber: 0xff,
        packetStatusCount: 3,
        referenceTime: 0xfffffe,
        feedbackPacketCount: 7,
        arrivals: [
          { sequenceNumber: 0x100, delta: 10 },
          { sequenceNumber: 0x101, delta: 0 },
        ],
      },
    ],
    [
      // Two bits each: a negative delta and a small one.
      `8fcd0006 ${sourceHex} ffff0004 00000100 e100ff38 32000000`,
      {
        ...source,
        baseSequenceNumber: 0xffff,
        packetStatusCount: 4,
        referenceTime: 1,
        feedbackPacketCount: 0,
        arrivals: [
          { sequenceNumber: 0xffff, delta: -200 },
          { sequenceNumber: 1, delta: 50 },
        ],
      },
    ],
    [
      // A run.
      `8fcd0005 ${sourceHex} 00000003 00000005 00030000`,
      {
        ...source,
        baseSequenceNumber: 0,
        packetStatusCount: 3,
        referenceTime: 0,
        feedbackPacketCount: 5,
        arrivals: [],
      },
    ],
  ],
  pictureLossIndication: [[`81ce0002 ${sourceHex}`, source]],
  fullIntraRequest: [
    [
      '84ce0004 11111111 00000000 22222222 ff000000',
      { senderSsrc: 0x11111111, mediaSsrc: 0, entries: [{ ssrc: 0x22222222, sequenceNumber: 255 }] },
    ],
  ],
  receiverEstimatedBitrate: [
    [
      // The example of libwebrtc's tests and Wireshark: mantissa 0x3fb93, exponent 1.
      '8fce0006 11111111 00000000 52454d42 0207fb93 22222222 33333333',
      { senderSsrc: 0x11111111, mediaSsrc: 0, bitrateBps: 0x3fb93 * 2, ssrcs: [0x22222222, 0x33333333] },
    ],
  ],
  extendedReport: [
    [
      '80cf000a 11111111 04000002 e1e1e1e1 80000000 05000003 22222222 00010002 00000003 2a070001 c0ffee00',
      {
        ssrc: 0x11111111,
        blocks: [
          { kind: 'receiver-reference-time', ntp: { seconds: 0xe1e1e1e1, fraction: 0x80000000 } },
          { kind: 'dlrr', reports: [{ ssrc: 0x22222222, lastRr: 0x00010002, delaySinceLastRr: 3 }] },
          { kind: 'opaque', blockType: 42, typeSpecific: 7, body: fromHex('c0ffee00') },
        ],
      },
    ],
  ],
}

const rows = Object.entries(vectors).flatMap(([kind, list]) =>
  list.map(([hex, packet]) => ({ hex: hex.replaceAll(' ', ''), kind, packet }) as Seen & { hex: string }),
)

test.each(rows)('$kind: $hex', ({ hex, kind, packet }) => {
  expect(readHex(hex)).toEqual({ ok: true, seen: [{ kind, packet }] })
  expect(write(kind, packet)).toBe(hex)
})

test('a compound packet: all of it, in order, from the middle of a buffer', () => {
  const whole = rows.map(({ hex }) => hex).join('')
  const slab = fromHex(`ffffff${whole}ffffffff`)
  expect(readAll(slab, 3, slab.length - 4)).toEqual({
    ok: true,
    seen: rows.map(({ kind, packet }) => ({ kind, packet })),
  })
  const writer = new CompoundWriter().target(new Uint8Array(2000), 5)
  for (const { kind, packet } of rows) writer.add(kind, packet)
  expect(writer.length).toBe(whole.length / 2)
  expect(writer.end).toBe(5 + writer.length)
})

test('what is unknown is skipped, and what nobody handles is not read', () => {
  const app = '80cc0002 11111111 74657374'
  const rpsi = `83ce0003 ${sourceHex} 00000000`
  const otherAfb = `8fce0003 ${sourceHex} 41424344`
  const emptyAfb = `8fce0002 ${sourceHex}`
  const later = '80d50000'
  const pli = `81ce0002 ${sourceHex}`
  expect(readHex([app, rpsi, otherAfb, emptyAfb, later, pli].join(''))).toEqual({
    ok: true,
    seen: [{ kind: 'pictureLossIndication', packet: source }],
  })
  expect(readCompound(fromHex('9fc80001 11111111'), 0, 8, { bye: () => {} })).toBe(true)
})

test('a bad body costs its own packet, a bad header all that follow', () => {
  const pli = `81ce0002 ${sourceHex}`
  const seen = [{ kind: 'pictureLossIndication', packet: source }]
  for (const bad of [
    '82c90001 11111111',
    '81c80001 11111111',
    '81ca0001 11111111',
    '81ca0002 11111111 0105aaaa',
    '81ca0002 11111111 0102aaaa',
    '82cb0001 11111111',
    '81cb0002 11111111 04aaaaaa',
    `81cd0002 ${sourceHex}`,
    '81ce0001 11111111',
    '84ce0002 11111111 00000000',
    '8fce0004 11111111 00000000 52454d42 0207fb93',
    '80cf0000',
    '80cf0002 11111111 04000002',
    '80cf0003 11111111 04000001 00000000',
    '80cf0003 11111111 05000001 00000000',
    `8fcd0003 ${sourceHex} 00ff0003`,
    // Chunks missing, a time missing, the reserved status in a vector and in a run, an empty run.
    `8fcd0004 ${sourceHex} 00ff0003 fffffe07`,
    `8fcd0005 ${sourceHex} 00ff0003 fffffe07 20030000`,
    `8fcd0005 ${sourceHex} 00ff0003 fffffe07 f0000000`,
    `8fcd0005 ${sourceHex} 00ff0003 fffffe07 60030000`,
    `8fcd0005 ${sourceHex} 00ff0003 fffffe07 00000000`,
  ]) {
    expect(readHex(`${pli} ${bad} ${pli}`), bad).toEqual({ ok: false, seen: [...seen, ...seen] })
  }
  for (const bad of ['', '80', '41c90001 11111111', '80c90002 11111111', 'a0c90001 11111100', 'a0c90001 11111105']) {
    expect(readHex(`${pli} ${bad}`), bad).toEqual({ ok: bad === '', seen })
  }
  expect(readHex('a0c90001 11111108'), 'padding into the header').toEqual({ ok: false, seen: [] })
  expect(readHex('')).toEqual({ ok: false, seen: [] })
  expect(readAll(new Uint8Array(4), 0, 8).ok).toBe(false)
})

test('padding at the end is no part of the last packet', () => {
  expect(readHex('a1cb0003 11111111 00000000 00000008')).toEqual({
    ok: true,
    seen: [{ kind: 'bye', packet: { ssrcs: [0x11111111] } }],
  })
  expect(readHex('a1cb0002 11111111 00000001'), 'not a whole word').toMatchObject({ ok: true })
  expect(readHex('a1cb0002 11111111 00000001').seen).toEqual([
    { kind: 'bye', packet: { ssrcs: [0x11111111], reason: '' } },
  ])
})

test('what has no encoding or no room is refused; what stood before stands', () => {
  const bytes = new Uint8Array(40)
  const writer = new CompoundWriter().target(bytes, 0, 20).add('bye', { ssrcs: [1] })
  expect(() => writer.add('bye', { ssrcs: [1, 2, 3] })).toThrow(EncodeError)
  expect(() => writer.add('bye', { ssrcs: Array.from({ length: 32 }, () => 1) })).toThrow('rtcp/bye: lists 32')
  expect(writer.end).toBe(8)
  expect(bytes.subarray(20).every(byte => byte === 0)).toBe(true)
  expect(writer.add('pictureLossIndication', source).end).toBe(20)
  expect(readAll(bytes, 0, 20)).toMatchObject({ ok: true, seen: [{ kind: 'bye' }, { kind: 'pictureLossIndication' }] })
  expect(() => write('sourceDescription', { chunks: [{ ssrc: 1, items: [{ type: 0, text: '' }] }] })).toThrow(
    EncodeError,
  )
  expect(() => write('bye', { ssrcs: [], reason: 'x'.repeat(256) })).toThrow(EncodeError)
  expect(() => write('receiverEstimatedBitrate', { ...source, bitrateBps: Number.NaN, ssrcs: [] })).toThrow(EncodeError)
})

const uint32 = fc.integer({ min: 0, max: 0xffffffff })
const uint16 = fc.integer({ min: 0, max: 0xffff })
const uint8 = fc.integer({ min: 0, max: 0xff })
const ntp = fc.record({ seconds: uint32, fraction: uint32 })
const reports = fc.array(
  fc.record({
    ssrc: uint32,
    fractionLost: uint8,
    cumulativeLost: fc.integer({ min: -0x800000, max: 0x7fffff }),
    highestSequenceNumber: uint32,
    jitter: uint32,
    lastSr: uint32,
    delaySinceLastSr: uint32,
  }),
  { maxLength: 31 },
)
const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const feedback = { senderSsrc: uint32, mediaSsrc: uint32 }
const ssrcs = fc.array(uint32, { maxLength: 31 })

const arbitraries: { readonly [Kind in RtcpKind]: fc.Arbitrary<RtcpPackets[Kind]> } = {
  senderReport: fc.record({
    ssrc: uint32,
    ntp,
    rtpTimestamp: uint32,
    packetCount: uint32,
    octetCount: uint32,
    reports,
  }),
  receiverReport: fc.record({ ssrc: uint32, reports }),
  sourceDescription: fc.record({
    chunks: fc.array(
      fc.record({
        ssrc: uint32,
        items: fc.array(fc.record({ type: fc.integer({ min: 1, max: 255 }), text }), { maxLength: 4 }),
      }),
      { maxLength: 31 },
    ),
  }),
  bye: fc.oneof(fc.record({ ssrcs }), fc.record({ ssrcs, reason: text })),
  nack: fc.record({
    ...feedback,
    lost: fc.tuple(uint16, fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 })).map(([first, steps]) => {
      let last = first
      return [first, ...steps.map(step => (last = (last + step) & 0xffff))]
    }),
  }),
  transportFeedback: fc
    .record({
      ...feedback,
      baseSequenceNumber: uint16,
      referenceTime: fc.integer({ min: 0, max: 0xffffff }),
      feedbackPacketCount: uint8,
      // Runs of one status, from one to beyond what a chunk can tell, and wild mixtures.
      runs: fc.array(
        fc.record({
          length: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(14, 300, 8191, 8192)),
          delta: fc.oneof(fc.constant(undefined), uint8, fc.integer({ min: -0x8000, max: 0x7fff })),
        }),
        { maxLength: 7 },
      ),
    })
    .map(({ runs, ...rest }) => {
      const statuses = runs.flatMap(({ length, delta }) => Array.from({ length }, () => delta))
      const arrivals = statuses.flatMap((delta, i) =>
        delta === undefined ? [] : [{ sequenceNumber: (rest.baseSequenceNumber + i) & 0xffff, delta }],
      )
      return { ...rest, packetStatusCount: statuses.length, arrivals }
    }),
  pictureLossIndication: fc.record(feedback),
  fullIntraRequest: fc.record({
    ...feedback,
    entries: fc.array(fc.record({ ssrc: uint32, sequenceNumber: uint8 }), { minLength: 1, maxLength: 40 }),
  }),
  receiverEstimatedBitrate: fc.record({
    ...feedback,
    bitrateBps: fc
      .tuple(fc.nat(2 ** 18 - 1), fc.integer({ min: 0, max: 63 }))
      .map(([mantissa, exponent]) => mantissa * 2 ** exponent),
    ssrcs: fc.array(uint32, { maxLength: 255 }),
  }),
  extendedReport: fc.record({
    ssrc: uint32,
    blocks: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('receiver-reference-time' as const), ntp }),
        fc.record({
          kind: fc.constant('dlrr' as const),
          reports: fc.array(fc.record({ ssrc: uint32, lastRr: uint32, delaySinceLastRr: uint32 }), { maxLength: 5 }),
        }),
        fc.record({
          kind: fc.constant('opaque' as const),
          blockType: fc.integer({ min: 6, max: 255 }),
          typeSpecific: uint8,
          body: fc.uint8Array({ maxLength: 6 }).map(words => new Uint8Array(words.length * 4).fill(words[0] ?? 0)),
        }),
      ),
    ),
  }),
}

test.each(Object.keys(arbitraries) as RtcpKind[])('%s: what is written is read back', kind => {
  const slab = new Uint8Array(200_000)
  const arbitrary: fc.Arbitrary<RtcpPackets[RtcpKind]> = arbitraries[kind]
  fc.assert(
    fc.property(arbitrary, packet => {
      const { end } = new CompoundWriter().target(slab, 9).add(kind, packet as never)
      expect(end % 4).toBe(1)
      expect(readAll(slab, 9, end)).toEqual({ ok: true, seen: [{ kind, packet }] })
    }),
  )
})

test('a bit rate of any size comes back within its 18 bits', () => {
  for (const bitrateBps of [0, 1, 262_143, 262_144, 1_234_567_890, 2 ** 81]) {
    const { seen } = readHex(write('receiverEstimatedBitrate', { ...source, bitrateBps, ssrcs: [] }))
    const back = (seen[0] as Extract<Seen, { kind: 'receiverEstimatedBitrate' }>).packet.bitrateBps
    expect(back).toBeLessThanOrEqual(bitrateBps)
    expect(back).toBeGreaterThanOrEqual(Math.min(bitrateBps, 2 ** 80) * (1 - 2 ** -17))
  }
})

test('losses beyond 24 bits are the most that fits', () => {
  for (const [lost, back] of [
    [2 ** 24, 0x7fffff],
    [-(2 ** 24), -0x800000],
  ] as const) {
    const { seen } = readHex(write('receiverReport', { ssrc: 1, reports: [{ ...report, cumulativeLost: lost }] }))
    expect(seen).toMatchObject([{ packet: { reports: [{ cumulativeLost: back, fractionLost: 0x40 }] } }])
  }
})
