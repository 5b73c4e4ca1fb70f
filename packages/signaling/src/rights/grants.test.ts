import { tokenClaims } from '@parley/protocol'
import { expect, test } from 'vitest'
import { ask, board, boardForEachTest, clock, code, come, tape } from '../testing/board.ts'

boardForEachTest()

test('a token for one room opens nothing else', () => {
  const guest = come('guest', { room: 'x' })
  const ann = come('ann')
  ask(ann, 'presence.set', { status: 'available' })
  ask(guest, 'room.join', { room: 'x' })
  ask(guest, 'room.peek', { room: 'x' })
  const closed: (() => unknown)[] = [
    () => ask(guest, 'room.join', { room: 'y' }),
    () => ask(guest, 'room.peek', { room: 'y' }),
    () => ask(guest, 'presence.set', { status: 'available' }),
    () => ask(guest, 'presence.watch', { watch: true }),
    () => ask(guest, 'call.invite', { call: 'c', to: 'ann', media: 'audio' }),
    () => ask(guest, 'call.accept', { call: 'c', media: 'audio' }),
  ]
  for (const attempt of closed) expect(attempt).toThrow(code('not-allowed'))
})

test('a token without publish, subscribe or chat', () => {
  const guest = come('guest', { grants: { publish: false, subscribe: false, chat: false } })
  expect(ask(guest, 'room.join', { room: 'x' }).self.subscribe).toBe(false)
  const tracks = [{ id: 't', source: 'camera', muted: true } as const]
  expect(() => ask(guest, 'participant.update', { room: 'x', tracks })).toThrow(code('not-allowed'))
  expect(() => ask(guest, 'chat.send', { room: 'x', id: '1', text: 'hi' })).toThrow(code('not-allowed'))
  expect(ask(guest, 'participant.update', { room: 'x', tracks: [], hand: true }).hand).toBe(clock.now())
})

test('a token without chat writes nothing that others read, by no way', () => {
  const quiet = { grants: { chat: false } }
  const bob = come('bob')
  ask(bob, 'room.join', { room: 'x' })
  const visitor = {
    id: 'eve',
    claims: tokenClaims.parse({ sub: 'eve', ...quiet }),
    name: 'BUY',
    term: {},
    source: '192.0.2.2',
  }
  const eve = board.sessions.enter(visitor, 0, clock.now()).session
  const { self } = ask(eve, 'room.join', { room: 'x', name: 'BUY NOW', metadata: 'at evil.test' })
  expect(self).toMatchObject({ name: 'Guest (2)', tracks: [] })
  expect(self.metadata).toBeUndefined()
  ask(eve, 'room.join', { room: 'x', name: 'BUY NOW', metadata: 'at evil.test' })
  for (const change of [{ name: 'BUY NOW' }, { metadata: 'at evil.test' }]) {
    expect(() => ask(eve, 'participant.update', { room: 'x', ...change })).toThrow(code('not-allowed'))
  }
  expect(() => ask(eve, 'reaction.send', { room: 'x', emoji: '👋' })).toThrow(code('not-allowed'))
  expect(() => ask(eve, 'message.send', { room: 'x', topic: 'game', body: 'BUY NOW' })).toThrow(code('not-allowed'))
  // What is no writing is theirs.
  expect(ask(eve, 'participant.update', { room: 'x', name: self.name, hand: true }).hand).toBe(clock.now())
  ask(eve, 'presence.set', { status: 'available', name: 'BUY NOW' })
  ask(eve, 'room.leave', { room: 'x' })
  ask(bob, 'call.invite', { call: 'c', to: 'eve', media: 'audio' })
  ask(eve, 'call.reject', { call: 'c', message: 'BUY NOW' })
  expect(JSON.stringify(tape.entries)).not.toMatch(/BUY|evil/)
})

test('who is named by the token cannot take another name', () => {
  const ann = come('ann', { name: 'Ann' })
  const other = come('bob')
  expect(ask(ann, 'room.join', { room: 'x', name: 'The Boss' }).self.name).toBe('Ann')
  expect(() => ask(ann, 'participant.update', { room: 'x', name: 'The Boss' })).toThrow(code('not-allowed'))
  ask(ann, 'participant.update', { room: 'x', name: 'Ann' })
  ask(ann, 'presence.set', { status: 'available', name: 'The Boss' })
  expect(board.presence.find('ann')?.name).toBe('Ann')
  expect(ask(other, 'room.join', { room: 'x' }).self.name).toBe('Guest')
  expect(ask(other, 'participant.update', { room: 'x', name: 'Ann' }).name).toBe('Ann (2)')
})
