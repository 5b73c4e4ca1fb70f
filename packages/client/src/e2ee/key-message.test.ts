import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toBase64Url } from './base64url.ts'
import { KeyWrapping } from './key-message.ts'

const secret = 'a secret of the fragment'
const baseKey = Uint8Array.from({ length: 16 }, (_, i) => i)
const message = { incarnation: 1_796_000_000_123, generation: 70_000, step: 200, baseKey }

test('a key comes out as it went in, also one that the ratchet made', async () => {
  const [ann, ben] = await Promise.all([KeyWrapping.derive(secret, 'tea'), KeyWrapping.derive(secret, 'tea')])
  for (const size of [16, 32]) {
    const key = { ...message, baseKey: new Uint8Array(size).fill(7) }
    const wrapped = await ann.wrap('ann', key)
    expect(wrapped).toMatch(/^[\w-]{70,130}$/)
    expect(await ben.unwrap('ann', wrapped)).toEqual(key)
  }
})

test('it opens for the participant, room and secret that it was made for only', async () => {
  const ann = await KeyWrapping.derive(secret, 'tea')
  const wrapped = await ann.wrap('ann', message)
  expect(await ann.unwrap('ben', wrapped)).toBe('wrong-secret')
  expect(await (await KeyWrapping.derive(secret, 'coffee')).unwrap('ann', wrapped)).toBe('wrong-secret')
  expect(await (await KeyWrapping.derive('another secret, as long', 'tea')).unwrap('ann', wrapped)).toBe('wrong-secret')
})

test('nothing of it can be changed, and garbage is no key', async () => {
  const ann = await KeyWrapping.derive(secret, 'tea')
  const wrapped = await ann.wrap('ann', message)
  const bytes = Uint8Array.from(atob(wrapped.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0))
  for (let at = 0; at < bytes.length; at++) {
    const changed = toBase64Url(bytes.with(at, (bytes[at] ?? 0) ^ 1))
    expect(await ann.unwrap('ann', changed)).toBe(at === 0 ? 'malformed' : 'wrong-secret')
    expect(await ann.unwrap('ann', toBase64Url(bytes.slice(0, at)))).toBe('malformed')
  }
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 150 }), async text => {
      expect(typeof (await ann.unwrap('ann', text))).toBe('string')
    }),
  )
})

test('two keys of the same look different on the way', async () => {
  const ann = await KeyWrapping.derive(secret, 'tea')
  expect(await ann.wrap('ann', message)).not.toBe(await ann.wrap('ann', message))
})
