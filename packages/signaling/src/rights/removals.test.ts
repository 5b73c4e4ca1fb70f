import { expect, test } from 'vitest'
import { ask, board, boardForEachTest, clock, code, come, enter, tape } from '../testing/board.ts'

boardForEachTest()

test('who is removed is told, and the others are', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  for (const one of [ann, bob]) ask(one, 'room.join', { room: 'x' })
  tape.take('ann')
  board.removals.remove('x', 'bob', clock.now())
  expect(tape.take('bob')).toEqual([['room.ended', { room: 'x', reason: 'removed' }]])
  expect(tape.take('ann')).toEqual([['room.left', { room: 'x', id: 'bob', reason: 'removed' }]])
  expect(() => board.removals.remove('x', 'bob', clock.now())).toThrow(code('no-such-participant'))
  expect(() => board.removals.remove('y', 'bob', clock.now())).toThrow(code('no-such-room'))
})

test('who is removed while away hears of it, and nothing of what came after', () => {
  const [ann, bob] = [come('ann'), come('bob')]
  for (const one of [ann, bob]) ask(one, 'room.join', { room: 'x' })
  const seen = tape.entries.at(-1)?.n ?? 0
  board.sessions.drop(bob, clock.now())
  ask(ann, 'chat.send', { room: 'x', id: '1', text: 'before' })
  board.removals.remove('x', 'bob', clock.now())
  ask(ann, 'chat.send', { room: 'x', id: '2', text: 'after' })
  expect(enter('bob', {}, seen).missed?.map(({ event }) => event)).toEqual(['chat', 'room.ended'])
})
