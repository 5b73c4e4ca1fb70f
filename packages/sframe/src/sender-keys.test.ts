import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cipherSuites } from './cipher-suite.ts'
import { FrameDecryptor } from './frame-decryptor.ts'
import { FrameEncryptor } from './frame-encryptor.ts'
import { FrameKey, ratchet } from './frame-key.ts'
import { decodeHeader } from './header.ts'
import { keyIdOf, lastStep, type SenderKey } from './sender-key.ts'

const suite = cipherSuites.AES_128_GCM_SHA256_128
const none = new Uint8Array(0)
const bytes = (...values: number[]) => Uint8Array.from(values)
const senderKey = (generation: number, step = 0): SenderKey => ({
  generation,
  step,
  baseKey: new Uint8Array(16).fill(generation + 1),
})

async function ratcheted(key: SenderKey, times: number): Promise<SenderKey> {
  let { baseKey } = key
  for (let i = 0; i < times; i++) baseKey = await ratchet(suite, baseKey)
  return { ...key, step: key.step + times, baseKey }
}

async function sender(key: SenderKey) {
  const encryptor = new FrameEncryptor(suite)
  await encryptor.setKey(key)
  return {
    setKey: (next: SenderKey) => encryptor.setKey(next),
    async seal(...frame: number[]) {
      const sealed = await encryptor.seal(none, bytes(...frame))
      if (!sealed) throw new Error('no key')
      return sealed
    },
  }
}

async function receiver(...keys: SenderKey[]) {
  const decryptor = new FrameDecryptor(suite)
  for (const key of keys) await decryptor.addKey(key)
  return {
    addKey: (key: SenderKey) => decryptor.addKey(key),
    /** The frame's bytes, or why it was not decrypted. */
    async open(sealed: Uint8Array<ArrayBuffer>) {
      const opened = await decryptor.open(none, sealed)
      return opened.ok ? [...opened.frame] : opened.reason
    },
  }
}

test('what the sender encrypts, whoever has the key decrypts, and nobody else', async () => {
  const ann = await sender(senderKey(0))
  const sealed = await ann.seal(1, 2, 3)
  expect(await (await receiver(senderKey(0))).open(sealed)).toEqual([1, 2, 3])
  expect(await (await receiver()).open(sealed)).toBe('no-key')
  expect(await (await receiver({ ...senderKey(0), baseKey: new Uint8Array(16) })).open(sealed)).toBe('not-authentic')
})

test('nothing is sent without a key', async () => {
  expect(await new FrameEncryptor(suite).seal(none, bytes(1))).toBeUndefined()
})

test('a key that is set again does not begin its counter again', async () => {
  const ann = await sender(senderKey(1))
  const first = await ann.seal(1)
  await ann.setKey(senderKey(1))
  await ann.setKey(senderKey(0))
  const second = await ann.seal(1)
  expect([first, second].map(sealed => decodeHeader(sealed)?.counter)).toEqual([0n, 1n])
  expect(decodeHeader(second)?.keyId).toBe(keyIdOf(senderKey(1)))
})

test('a ratcheted key is found from the one before, over any number of steps, but never back', async () => {
  const key = senderKey(0)
  const late = await sender(await ratcheted(key, lastStep))
  expect(await (await receiver(key)).open(await late.seal(7))).toEqual([7])
  // Whoever came after the ratchet cannot read what was sent before it.
  const newcomer = await receiver(await ratcheted(key, 1))
  expect(await newcomer.open(await (await sender(key)).seal(7))).toBe('no-key')
})

test('frames from before a ratchet that come late are decrypted; of long ago, no more', async () => {
  const key = senderKey(0)
  const steps = await Promise.all([0, 1, 2].map(async step => (await sender(await ratcheted(key, step))).seal(step)))
  const ben = await receiver(key)
  const [first, second, third] = steps as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>]
  expect(await ben.open(second)).toEqual([1])
  expect(await ben.open(first)).toEqual([0])
  expect(await ben.open(third)).toEqual([2])
  expect(await ben.open(await (await sender(key)).seal(9))).toBe('no-key')
})

test('a forged key id does not move the ratchet', async () => {
  const ben = await receiver(senderKey(0))
  const forged = await FrameKey.derive(suite, bytes(6, 6, 6), keyIdOf(senderKey(0, 200)))
  expect(await ben.open(await forged.seal(0n, none, bytes(1)))).toBe('not-authentic')
  expect(await ben.open(await (await sender(senderKey(0))).seal(4))).toEqual([4])
})

test('keys in any order and any number of times leave the newest two', async () => {
  const keys = [0, 1, 2, 3].map(generation => senderKey(generation))
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(keys, { minLength: 4 }).chain(order => fc.constant([...order, ...order.toReversed()])),
      async order => {
        const ben = await receiver(...order)
        const results = []
        for (const key of keys) results.push(await ben.open(await (await sender(key)).seal(key.generation)))
        expect(results).toEqual(['no-key', 'no-key', [2], [3]])
      },
    ),
    { numRuns: 30 },
  )
})

test('a frame is decrypted once, also if it comes twice at the same time, or with a step that is new', async () => {
  const ann = await sender(await ratcheted(senderKey(0), 3))
  const ben = await receiver(senderKey(0))
  const sealed = await ann.seal(1)
  const results = await Promise.all([ben.open(sealed), ben.open(sealed), ben.open(await ann.seal(2))])
  expect(results.filter(result => result === 'replayed')).toHaveLength(1)
  expect(results).toContainEqual([1])
  expect(results).toContainEqual([2])
  expect(await ben.open(sealed)).toBe('replayed')
})

test('frames overtake each other; the window forgets what is too old to tell', async () => {
  const ann = await sender(senderKey(0))
  const ben = await receiver(senderKey(0))
  const sealed: Uint8Array<ArrayBuffer>[] = []
  for (let i = 0; i < 4200; i++) sealed.push(await ann.seal(i & 0xff))
  const at = async (i: number) => ben.open(sealed[i] ?? none)
  expect(await at(100)).toEqual([100])
  expect(await at(50)).toEqual([50])
  expect(await at(4100)).toEqual([4100 & 0xff])
  expect(await at(4)).toBe('replayed')
  expect(await at(5)).toEqual([5])
  expect(await at(5)).toBe('replayed')
  expect(await at(50)).toBe('replayed')
  expect(await at(4196)).toEqual([4196 & 0xff])
  expect(await at(99)).toBe('replayed')
  expect(await at(102)).toEqual([102])
})

test('hostile ciphertexts are refused with a reason, and never throw', async () => {
  const ann = await sender(senderKey(0))
  const sealed = await ann.seal(1, 2, 3, 4)
  const ben = await receiver(senderKey(0))
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.with(at, (sealed[at] ?? 0) ^ 0x81)
    expect(['malformed', 'no-key', 'not-authentic']).toContain(await ben.open(new Uint8Array(changed)))
    expect(['malformed', 'no-key', 'not-authentic']).toContain(await ben.open(sealed.slice(0, at)))
  }
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async garbage => {
      expect(typeof (await ben.open(new Uint8Array(garbage)))).toBe('string')
    }),
  )
  expect(await ben.open(sealed)).toEqual([1, 2, 3, 4])
})
