import { createCipheriv, createHmac, randomBytes } from 'node:crypto'
import { Arena, openHandles } from '@parley/ffi'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deriveKeys } from './key-derivation.ts'
import { type SrtpKey, type SrtpProfileName, srtpProfiles } from './profiles.ts'
import { SrtpReceiver } from './receiver.ts'
import { refusalName, refused } from './refusals.ts'
import { SrtpSender } from './sender.ts'

const profiles = Object.keys(srtpProfiles) as SrtpProfileName[]
const inArena = new Uint8Array(new Arena(1 << 18).buffer)

function freshKey(profile: SrtpProfileName): SrtpKey {
  const { keyBytes, saltBytes } = srtpProfiles[profile]
  return { profile, masterKey: randomBytes(keyBytes), masterSalt: randomBytes(saltBytes) }
}

/** Both ends of one direction; freed by the test that makes them. */
function pairOf(key: SrtpKey) {
  const [sender, receiver] = [new SrtpSender(key), new SrtpReceiver(key)]
  return {
    sender,
    receiver,
    close: () => {
      sender.close()
      receiver.close()
    },
  }
}

interface Packet {
  readonly sequence: number
  readonly ssrc: number
  readonly csrcs: number
  readonly extension: Uint8Array | undefined
  readonly payload: Uint8Array
}

function header({ sequence, ssrc, csrcs, extension }: Packet): Buffer {
  const fixed = Buffer.alloc(12 + 4 * csrcs, 0x11)
  fixed[0] = 0x80 | csrcs | (extension ? 0x10 : 0)
  fixed[1] = 96
  fixed.writeUInt16BE(sequence, 2)
  fixed.writeUInt32BE(12_345, 4)
  fixed.writeUInt32BE(ssrc, 8)
  if (!extension) return fixed
  const head = Buffer.from([0xbe, 0xde, 0, extension.length / 4])
  return Buffer.concat([fixed, head, extension])
}

const plain = (sequence: number, ssrc = 1): Packet => ({
  sequence,
  ssrc,
  csrcs: 0,
  extension: undefined,
  payload: Uint8Array.of(1, 2, 3),
})

/** Protects a packet and returns the bytes, or the reason. */
function protect(sender: SrtpSender, packet: Packet, memory = inArena, at = 64): Uint8Array | number {
  const head = header(packet)
  memory.set(head, at)
  memory.set(packet.payload, at + head.length)
  const textAt = at + head.length
  const end = sender.protectRtp(memory, at, textAt, memory, textAt, textAt + packet.payload.length)
  return end < 0 ? end : memory.slice(at, end)
}

function unprotect(receiver: SrtpReceiver, bytes: Uint8Array, memory = inArena, at = 64): Uint8Array | number {
  memory.set(bytes, at)
  const end = receiver.unprotectRtp(memory, at, at + bytes.length)
  return end < 0 ? end : memory.slice(at, end)
}

const code = (result: Uint8Array | number) => (typeof result === 'number' ? refusalName(result) : 'ok')

/** SRTP as node:crypto would have it, from session keys on: an independent opinion. */
function reference(key: SrtpKey, roc: number, head: Buffer, packet: Packet): Buffer {
  const session = deriveKeys(key).rtp
  const iv = Buffer.alloc(16)
  if (srtpProfiles[key.profile].aead) {
    iv.writeUInt32BE(packet.ssrc, 2)
    iv.writeUInt32BE(roc, 6)
    iv.writeUInt16BE(packet.sequence, 10)
    for (const [i, byte] of session.salt.entries()) iv[i] = (iv[i] as number) ^ byte
    const name = session.key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm'
    const cipher = createCipheriv(name, session.key, iv.subarray(0, 12))
    cipher.setAAD(head)
    const text = Buffer.concat([cipher.update(packet.payload), cipher.final()])
    return Buffer.concat([head, text, cipher.getAuthTag()])
  }
  iv.writeUInt32BE(packet.ssrc, 4)
  iv.writeUInt32BE(roc, 8)
  iv.writeUInt16BE(packet.sequence, 12)
  for (const [i, byte] of session.salt.entries()) iv[i] = (iv[i] as number) ^ byte
  const text = createCipheriv('aes-128-ctr', session.key, iv).update(packet.payload)
  const rocBytes = Buffer.alloc(4)
  rocBytes.writeUInt32BE(roc)
  const mac = createHmac('sha1', session.auth).update(head).update(text).update(rocBytes).digest()
  return Buffer.concat([head, text, mac.subarray(0, 10)])
}

const anyPacket = fc.record({
  sequence: fc.nat(65_535),
  ssrc: fc.integer({ min: 0, max: 0xffff_ffff }),
  csrcs: fc.nat(15),
  extension: fc.option(
    fc.nat(8).chain(words => fc.uint8Array({ minLength: 4 * words, maxLength: 4 * words })),
    { nil: undefined },
  ),
  payload: fc.uint8Array({ maxLength: 1400 }),
})

describe.each(profiles)('%s', profile => {
  test('any packet is what node:crypto makes of it, and comes back, in an arena and outside of one', () => {
    fc.assert(
      fc.property(anyPacket, fc.boolean(), fc.nat(100), (packet, arena, at) => {
        const key = freshKey(profile)
        const { sender, receiver, close } = pairOf(key)
        const memory = arena ? inArena : new Uint8Array(2048)
        const sealed = protect(sender, packet, memory, at)
        const head = header(packet)
        expect(Buffer.from(sealed as Uint8Array)).toEqual(reference(key, 0, head, packet))
        const opened = unprotect(receiver, sealed as Uint8Array, memory, at)
        expect(Buffer.from(opened as Uint8Array)).toEqual(Buffer.concat([head, packet.payload]))
        close()
      }),
      { numRuns: 60 },
    )
  })

  test('the payload may lie elsewhere, and stays as it was', () => {
    const key = freshKey(profile)
    const packet = { ...plain(7), payload: randomBytes(900) }
    const head = header(packet)
    for (const [target, source] of [
      [inArena, inArena],
      [inArena, new Uint8Array(4096)],
      [new Uint8Array(4096), inArena],
      [new Uint8Array(4096), new Uint8Array(4096)],
    ] as const) {
      const sender = new SrtpSender(key)
      target.set(head, 10)
      source.set(packet.payload, 2000)
      const end = sender.protectRtp(target, 10, 10 + head.length, source, 2000, 2900)
      expect(Buffer.from(target.subarray(10, end))).toEqual(reference(key, 0, head, packet))
      expect(Buffer.compare(source.subarray(2000, 2900), packet.payload)).toBe(0)
      sender.close()
    }
  })

  test('the roll-over counter follows the sequence numbers, also for packets that come late', () => {
    const key = freshKey(profile)
    const { sender, receiver, close } = pairOf(key)
    const order = [65_000, 65_534, 65_533, 0, 65_535, 2, 1, 30_000, 60_000, 20_000, 19_990]
    const rocs = [0, 0, 0, 1, 0, 1, 1, 1, 1, 2, 2]
    for (const [i, sequence] of order.entries()) {
      const packet = plain(sequence)
      const sealed = protect(sender, packet)
      expect(Buffer.from(sealed as Uint8Array)).toEqual(reference(key, rocs[i] as number, header(packet), packet))
      expect(code(unprotect(receiver, sealed as Uint8Array))).toBe('ok')
    }
    close()
  })

  test('a packet is taken once, wherever it comes again, and nothing too old is', () => {
    const { sender, receiver, close } = pairOf(freshKey(profile))
    const sealed = Array.from({ length: 3000 }, (_, i) => protect(sender, plain((64_000 + i) & 0xffff)) as Uint8Array)
    // The first one fixes the roll-over counter at 0; the others cross into 1.
    expect(code(unprotect(receiver, sealed[0] as Uint8Array))).toBe('ok')
    const taken = new Set([0])
    let newest = 0
    fc.assert(
      fc.property(fc.array(fc.nat(2999), { minLength: 1, maxLength: 100 }), order => {
        for (const i of order) {
          const expected = taken.has(i) || newest - i >= 1024 ? 'replayed' : 'ok'
          expect(code(unprotect(receiver, sealed[i] as Uint8Array))).toBe(expected)
          if (expected === 'replayed') continue
          taken.add(i)
          newest = Math.max(newest, i)
        }
      }),
      { numRuns: 50 },
    )
    close()
  })

  test('the same index is never protected twice, and out of order is fine within the window', () => {
    const { sender, close } = pairOf(freshKey(profile))
    for (const sequence of [2000, 2001, 1500, 978, 4000]) {
      expect(code(protect(sender, plain(sequence)))).toBe('ok')
      expect(code(protect(sender, plain(sequence)))).toBe('repeated')
    }
    expect(code(protect(sender, plain(2976)))).toBe('repeated')
    expect(code(protect(sender, plain(2977)))).toBe('ok')
    // Each SSRC has its own indices.
    expect(code(protect(sender, plain(2000, 2)))).toBe('ok')
    close()
  })

  test('no key stream comes twice, whatever is sent in whatever order', () => {
    // Of zeros, the text that comes out is the key stream itself; the same one twice would be the same nonce twice.
    const step = fc.record({ ssrc: fc.nat(2), by: fc.oneof(fc.integer({ min: -1200, max: 1200 }), fc.nat(33_000)) })
    fc.assert(
      fc.property(fc.nat(65_535), fc.array(step, { maxLength: 200 }), (first, steps) => {
        const sender = new SrtpSender(freshKey(profile))
        const seen = new Set<string>()
        const sequences = [first, first, first]
        for (const { ssrc, by } of steps) {
          const sequence = ((sequences[ssrc] as number) + by) & 0xffff
          const sealed = protect(sender, { ...plain(sequence, ssrc), payload: new Uint8Array(16) })
          const rtcp = inArena.fill(0, 0, 100)
          rtcp.set([0x80, 201, 0, 5, 0, 0, 0, ssrc])
          const rtcpEnd = sender.protectRtcp(rtcp, 0, 24)
          const streams = [Buffer.from(rtcp.subarray(8, 24)).toString('hex')]
          expect(rtcpEnd).toBeGreaterThan(24)
          if (typeof sealed === 'number') expect(sealed).toBe(refused.repeated)
          else {
            sequences[ssrc] = sequence
            streams.push(Buffer.from(sealed.subarray(12, 28)).toString('hex'))
          }
          for (const stream of streams) {
            expect(seen.has(stream)).toBe(false)
            seen.add(stream)
          }
        }
        sender.close()
      }),
      { numRuns: 40 },
    )
  })

  test('no bit of a packet can be changed, and a forged packet leaves no trace', () => {
    const { sender, receiver, close } = pairOf(freshKey(profile))
    const sealed = protect(sender, { ...plain(500), payload: randomBytes(40) }) as Uint8Array
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const forged = sealed.slice()
      forged[bit >> 3] = (forged[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(['forged', 'malformed']).toContain(code(unprotect(receiver, forged)))
    }
    expect(code(unprotect(receiver, sealed))).toBe('ok')
    close()
  })

  test('RTCP, in an arena and outside of one; replayed, forged and cut', () => {
    for (const memory of [inArena, new Uint8Array(4096)]) {
      const { sender, receiver, close } = pairOf(freshKey(profile))
      const plainRtcp = Buffer.concat([Buffer.from('81c90007cafebabe', 'hex'), randomBytes(24)])
      const sealed: Uint8Array[] = []
      for (let i = 0; i < 3; i++) {
        memory.set(plainRtcp, 8)
        const end = sender.protectRtcp(memory, 8, 8 + plainRtcp.length)
        expect(end).toBe(8 + plainRtcp.length + srtpProfiles[profile].rtcpOverhead)
        sealed.push(memory.slice(8, end))
      }
      const open = (bytes: Uint8Array) => {
        memory.set(bytes, 8)
        return receiver.unprotectRtcp(memory, 8, 8 + bytes.length)
      }
      for (const i of [1, 0, 2]) {
        const bytes = sealed[i] as Uint8Array
        for (let at = 0; at < bytes.length; at++) {
          const forged = bytes.slice()
          forged[at] = (forged[at] as number) ^ 0x10
          expect(open(forged), `byte ${at}`).toBeLessThan(0)
        }
        expect(open(bytes.subarray(0, -1))).toBeLessThan(0)
        expect(open(bytes)).toBe(8 + plainRtcp.length)
        expect(Buffer.compare(memory.subarray(8, 8 + plainRtcp.length), plainRtcp)).toBe(0)
        expect(open(bytes)).toBe(refused.replayed)
      }
      close()
    }
  })

  test('whatever comes, nothing throws and nothing is taken', () => {
    const { receiver, close } = pairOf(freshKey(profile))
    const rtpLike = fc.uint8Array({ maxLength: 80 }).map(bytes => {
      if (bytes.length > 0) bytes[0] = ((bytes[0] as number) & 0x3f) | 0x80
      return bytes
    })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), rtpLike), fc.boolean(), (bytes, arena) => {
        const memory = arena ? inArena : new Uint8Array(200)
        memory.set(bytes, 64)
        expect(receiver.unprotectRtp(memory, 64, 64 + bytes.length)).toBeLessThan(0)
        expect(receiver.unprotectRtcp(memory, 64, 64 + bytes.length)).toBeLessThan(0)
      }),
      { numRuns: 300 },
    )
    close()
  })

  test('any number of SSRCs, one after the other: what was silent longest is forgotten, and never sent again', () => {
    const { sender, receiver, close } = pairOf({ ...freshKey(profile), maxSsrcs: 3 })
    const pass = (ssrc: number, sequence: number) => {
      const sent = protect(sender, plain(sequence, ssrc))
      return code(typeof sent === 'number' ? sent : unprotect(receiver, sent))
    }
    for (let ssrc = 1; ssrc <= 300; ssrc++) {
      expect(pass(ssrc, 1)).toBe('ok')
      expect(pass(0xffff_ffff, ssrc)).toBe('ok')
    }
    expect(pass(1, 2)).toBe('repeated')
    expect(pass(300, 2)).toBe('ok')
    const again = protect(sender, plain(3, 300)) as Uint8Array
    expect(code(unprotect(receiver, again.slice()))).toBe('ok')
    expect(code(unprotect(receiver, again))).toBe('replayed')
    close()
  })

  test('unencrypted SRTCP is taken when it is authentic', () => {
    const key = freshKey(profile)
    const receiver = new SrtpReceiver(key)
    const session = deriveKeys(key).rtcp
    const rtcp = Buffer.from('81c90001cafebabe0102030405060708', 'hex')
    const word = Buffer.from('00000009', 'hex')
    let sealed: Buffer
    if (srtpProfiles[profile].aead) {
      const iv = Buffer.alloc(12)
      rtcp.copy(iv, 2, 4, 8)
      iv[11] = 9
      for (const [i, byte] of session.salt.entries()) iv[i] = (iv[i] as number) ^ byte
      const name = session.key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm'
      const cipher = createCipheriv(name, session.key, iv)
      cipher.setAAD(Buffer.concat([rtcp, word]))
      cipher.final()
      sealed = Buffer.concat([rtcp, cipher.getAuthTag(), word])
    } else {
      const mac = createHmac('sha1', session.auth).update(rtcp).update(word).digest()
      sealed = Buffer.concat([rtcp, word, mac.subarray(0, 10)])
    }
    inArena.set(sealed, 0)
    expect(receiver.unprotectRtcp(inArena, 0, sealed.length)).toBe(rtcp.length)
    expect(Buffer.compare(inArena.subarray(0, rtcp.length), rtcp)).toBe(0)
    inArena.set(sealed, 0)
    expect(receiver.unprotectRtcp(inArena, 0, sealed.length)).toBe(refused.replayed)
    receiver.close()
  })
})

test('no room, wrong ranges, and what is no RTP', () => {
  const sender = new SrtpSender(freshKey('AEAD_AES_128_GCM'))
  const small = new Uint8Array(40)
  small.set(header(plain(1)))
  expect(sender.protectRtp(small, 0, 12, small, 12, 25)).toBe(refused.noRoom)
  expect(sender.protectRtp(small, 0, 13, small, 13, 14)).toBe(refused.malformed)
  expect(sender.protectRtp(small, 1, 13, small, 13, 14)).toBe(refused.malformed)
  expect(sender.protectRtcp(small, 0, 30)).toBe(refused.noRoom)
  expect(sender.protectRtcp(small, 0, 7)).toBe(refused.malformed)
  for (const [start, end] of [
    [-1, 12],
    [0, 41],
    [13, 12],
    [Number.NaN, 12],
    [0.5, 12],
  ] as const) {
    expect(() => sender.protectRtp(small, start, end, small, 12, 13)).toThrow(RangeError)
    expect(() => sender.protectRtp(small, 0, 12, small, start, end)).toThrow(RangeError)
    expect(() => sender.protectRtcp(small, start, end)).toThrow(RangeError)
  }
  expect(sender.protectRtp(small, 0, 12, small, 12, 24)).toBe(40)
  sender.close()
})

test('keys of the wrong size are refused, and leave nothing behind', () => {
  const before = openHandles()
  for (const profile of profiles) {
    const key = freshKey(profile)
    for (const bad of [
      { ...key, masterKey: key.masterKey.subarray(1) },
      { ...key, masterSalt: new Uint8Array(15) },
      { ...key, maxSsrcs: 0 },
    ]) {
      expect(() => new SrtpSender(bad)).toThrow(RangeError)
      expect(() => new SrtpReceiver(bad)).toThrow(RangeError)
    }
  }
  expect(openHandles()).toBe(before)
})

test('closed twice is closed; used afterwards it throws; and no handle is left', () => {
  const before = openHandles()
  for (const profile of profiles) {
    const { sender, receiver, close } = pairOf(freshKey(profile))
    const sealed = protect(sender, plain(1)) as Uint8Array
    expect(openHandles()).toBeGreaterThan(before)
    close()
    close()
    expect(() => protect(sender, plain(2))).toThrow('freed')
    expect(() => unprotect(receiver, sealed)).toThrow('freed')
  }
  expect(openHandles()).toBe(before)
})
