import { limits } from '@parley/protocol'
import { expect, test } from 'vitest'
import { ask, board, boardForEachTest, clock, code, come, eventsOf, tape } from '../testing/board.ts'
import { whiteboards } from '../testing/whiteboards.ts'

boardForEachTest()

const entry = (key: string, value = key, version = 1) => ({ key, version, nonce: 0, value })

function three() {
  const [ann, bob, cho] = [come('ann1'), come('bob1'), come('cho1')]
  for (const one of [ann, bob, cho]) ask(one, 'room.join', { room: 'x' })
  for (const one of [ann, bob]) ask(one, 'board.follow', { room: 'x' })
  for (const one of [ann, bob, cho]) eventsOf(one)
  return { ann, bob, cho }
}

test('who follows is sent what others put, who does not is told that somebody draws', () => {
  const { ann, bob, cho } = three()
  expect(ask(ann, 'board.put', { room: 'x', entries: [entry('a')] })).toEqual({
    board: 'board-1',
    after: 0,
    revision: 1,
  })
  expect(tape.take(bob.id)).toEqual([
    ['board', { room: 'x', from: ann.id, board: 'board-1', after: 0, revision: 1, entries: [entry('a')] }],
    ['board.touched', { room: 'x', from: ann.id, how: 'drew' }],
  ])
  expect(eventsOf(cho)).toEqual(['board.touched'])
  expect(eventsOf(ann)).toEqual([])
  // Told once in a while, and nothing for what changes nothing.
  ask(ann, 'board.put', { room: 'x', entries: [entry('b')] })
  ask(ann, 'board.put', { room: 'x', entries: [entry('b')] })
  expect(eventsOf(bob)).toEqual(['board'])
  clock.advance(10_000)
  ask(ann, 'board.put', { room: 'x', entries: [entry('c')] })
  expect(eventsOf(cho)).toEqual(['board.touched'])

  ask(bob, 'board.unfollow', { room: 'x' })
  eventsOf(bob)
  ask(ann, 'board.put', { room: 'x', entries: [entry('d')] })
  ask(ann, 'board.point', { room: 'x', cursor: 'here' })
  expect(eventsOf(bob)).toEqual([])
  expect(ask(cho, 'board.follow', { room: 'x' }).entries.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd'])
  expect(eventsOf(bob)).toEqual(['board.touched'])
  ask(ann, 'board.point', { room: 'x', cursor: 'there' })
  expect(tape.take(cho.id)).toEqual([['board.cursor', { room: 'x', from: ann.id, cursor: 'there' }]])
})

test('nothing of it fills the log, and no number is used up', () => {
  const { ann } = three()
  const { bytes, last } = board.outbox
  ask(ann, 'board.put', { room: 'x', entries: [entry('a', 'x'.repeat(100_000))] })
  ask(ann, 'board.point', { room: 'x', cursor: 'here' })
  expect([board.outbox.bytes, board.outbox.last]).toEqual([bytes, last])
  expect(tape.entries.at(-1)).toMatchObject({ event: 'board.cursor', n: undefined, droppable: true })
})

test('only who sits in the room may look, and only who may write may draw', () => {
  three()
  const stranger = come('eve1')
  for (const act of [
    () => ask(stranger, 'board.follow', { room: 'x' }),
    () => ask(stranger, 'board.unfollow', { room: 'x' }),
    () => ask(stranger, 'board.put', { room: 'x', entries: [entry('a')] }),
    () => ask(stranger, 'board.point', { room: 'x', cursor: '' }),
  ])
    expect(act).toThrow(code('not-in-room'))
  const silent = come('mo1', { grants: { chat: false } })
  ask(silent, 'room.join', { room: 'x' })
  ask(silent, 'board.follow', { room: 'x' })
  expect(() => ask(silent, 'board.put', { room: 'x', entries: [entry('a')] })).toThrow(code('not-allowed'))
  expect(() => ask(silent, 'board.point', { room: 'x', cursor: 'c' })).toThrow(code('not-allowed'))
})

test('who leaves the room is sent nothing more of its board', () => {
  const { ann, bob } = three()
  ask(bob, 'room.leave', { room: 'x' })
  ask(bob, 'room.join', { room: 'x' })
  eventsOf(bob)
  ask(ann, 'board.put', { room: 'x', entries: [entry('a')] })
  expect(eventsOf(bob)).toEqual(['board.touched'])
})

test('a snapshot says whether there is anything on the board', () => {
  const { ann, bob } = three()
  expect(ask(bob, 'room.join', { room: 'x' }).board).toBeUndefined()
  ask(ann, 'board.put', { room: 'x', entries: [entry('a')] })
  expect(ask(bob, 'room.join', { room: 'x' }).board).toBe(true)
  ask(ann, 'board.put', { room: 'x', entries: [{ ...entry('a', '', 2), gone: true }] })
  expect(ask(bob, 'room.join', { room: 'x' }).board).toBeUndefined()
})

test('a board outlives everybody’s reload, and not much more', () => {
  const { ann, bob, cho } = three()
  const leave = () => {
    for (const one of [ann, bob, cho]) ask(one, 'room.leave', { room: 'x' })
  }
  ask(ann, 'board.put', { room: 'x', entries: [entry('a')] })
  leave()
  clock.advance(limits.boardShelfMs - 20_000)
  for (const one of [ann, bob, cho]) ask(one, 'room.join', { room: 'x' })
  expect(ask(bob, 'board.follow', { room: 'x' }).entries).toEqual([entry('a')])
  clock.advance(2 * limits.boardShelfMs)
  expect(ask(ann, 'board.follow', { room: 'x' })).toMatchObject({ board: 'board-1', entries: [entry('a')] })
  leave()
  clock.advance(limits.boardShelfMs + 20_000)
  expect([board.boards.bytes, board.boards.shelved]).toEqual([0, 0])
  ask(ann, 'room.join', { room: 'x' })
  expect(ask(ann, 'board.follow', { room: 'x' })).toMatchObject({ board: 'board-2', entries: [] })
})

test('a room that a host closes, and an empty board, leave nothing behind', () => {
  const { ann } = three()
  ask(ann, 'board.put', { room: 'x', entries: [entry('a')] })
  board.close('x', clock.now())
  expect([board.boards.bytes, board.boards.shelved]).toEqual([0, 0])
  ask(ann, 'room.join', { room: 'y' })
  ask(ann, 'board.put', { room: 'y', entries: [{ ...entry('a', ''), gone: true }] })
  ask(ann, 'room.leave', { room: 'y' })
  expect([board.boards.bytes, board.boards.shelved]).toEqual([0, 0])
})

test('boards on the shelf make space for those in use; beyond that all are full, for one address as well', () => {
  const boards = whiteboards({ boardBytesTotal: 3000, boardBytesPerAddress: 2500 })
  const big = (key: string) => [entry(key, 'x'.repeat(1000))]
  boards.put('a', '192.0.2.1', big('1'))
  boards.shelve('a', 0)
  boards.put('b', '192.0.2.1', big('1'))
  boards.shelve('b', 1)
  boards.put('c', '192.0.2.2', big('1'))
  expect([boards.isUsed('a'), boards.isUsed('b'), boards.isUsed('c')]).toEqual([false, true, true])
  boards.take('b')
  expect(() => boards.put('c', '192.0.2.2', big('2'))).toThrow(code('board-full'))
  boards.drop('b')
  boards.put('c', '192.0.2.2', big('2'))
  expect(() =>
    boards.put(
      'c',
      '192.0.2.2',
      big('1').map(one => ({ ...one, version: 2 })),
    ),
  ).toThrow(code('board-full'))
  boards.put(
    'c',
    '192.0.2.9',
    big('1').map(one => ({ ...one, version: 2 })),
  )
})
