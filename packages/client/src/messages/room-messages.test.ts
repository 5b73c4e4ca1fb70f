import { describe, expect, test } from 'vitest'
import { createE2eeSecret } from '../e2ee/room-encryption.ts'
import type { RoomMessage } from '../types.ts'
import { MessageCipher } from './message-cipher.ts'
import { RoomMessages } from './room-messages.ts'

/** Two people of one room, and what the server sees of what they say. */
function room(annSecret: string | undefined, bobSecret = annSecret) {
  const seen: { topic: string; body: string; to?: string }[] = []
  const heard: RoomMessage[] = []
  const cipher = (secret: string | undefined) =>
    secret === undefined ? undefined : MessageCipher.derive(secret, 'tea')
  const bob = new RoomMessages({
    cipher: cipher(bobSecret),
    self: () => 'bob',
    send: async () => {},
    heard: message => heard.push(message),
  })
  const ann = new RoomMessages({
    cipher: cipher(annSecret),
    self: () => 'ann',
    send: async message => void seen.push(message),
    heard: () => {},
  })
  return { ann, bob, seen, heard }
}

test('without a secret a message is passed on as it is', async () => {
  const { ann, bob, seen, heard } = room(undefined)
  await ann.send('game', 'e4', 'bob')
  expect(seen).toEqual([{ topic: 'game', body: 'e4', to: 'bob' }])
  bob.receive({ from: 'ann', topic: 'game', body: 'e4' })
  expect(heard).toEqual([{ from: 'ann', topic: 'game', body: 'e4' }])
})

describe('with a secret', () => {
  const secret = createE2eeSecret()

  test('the server reads nothing, and messages are heard in order', async () => {
    const { ann, bob, seen, heard } = room(secret)
    const bodies = ['x'.repeat(10_000), '', '再见 👋']
    for (const body of bodies) await ann.send('game', body)
    for (const { topic, body } of seen) {
      expect(bodies).not.toContain(body)
      bob.receive({ from: 'ann', topic, body })
    }
    await expect.poll(() => heard.map(({ body }) => body)).toEqual(bodies)
  })

  test('what was changed, moved to another sender or topic, or encrypted with another secret is not heard', async () => {
    const { ann, bob, seen, heard } = room(secret)
    await ann.send('game', 'e4')
    const { body = '' } = seen[0] ?? {}
    const spoiled = `${body.startsWith('A') ? 'B' : 'A'}${body.slice(1)}`
    bob.receive({ from: 'ann', topic: 'game', body: spoiled })
    bob.receive({ from: 'eve', topic: 'game', body })
    bob.receive({ from: 'ann', topic: 'chess', body })
    bob.receive({ from: 'ann', topic: 'game', body: 'e4' })
    bob.receive({ from: 'ann', topic: 'game', body: '%%%' })
    const other = room(createE2eeSecret(), secret)
    await other.ann.send('game', 'e4')
    bob.receive({ from: 'ann', topic: 'game', body: other.seen[0]?.body ?? '' })
    bob.receive({ from: 'ann', topic: 'game', body })
    await expect.poll(() => heard.length).toBeGreaterThan(0)
    expect(heard).toEqual([{ from: 'ann', topic: 'game', body: 'e4' }])
  })
})

test('a message that is too long says how long it may be', async () => {
  for (const secret of [undefined, createE2eeSecret()]) {
    const { ann } = room(secret)
    await expect(ann.send('game', 'x'.repeat(16_385))).rejects.toMatchObject({ code: 'bad-request' })
  }
})
