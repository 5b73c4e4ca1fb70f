import { expect, test } from 'vitest'
import { two } from './testing/world.ts'

test('microphones are voices of their room, the sound of a screen is not', () => {
  const { world, ann, bob } = two()
  ann.publish({ kind: 'audio' }, 'microphone')
  ann.publish({ kind: 'audio' }, 'screen-audio')
  bob.publish({ kind: 'audio' }, 'microphone')
  const [first, , third] = world.of('publish').map(({ publication }) => publication)
  const group = world.of('voice')[0]?.group
  expect(group).toBeTypeOf('number')
  expect(world.of('voice')).toEqual([
    { is: 'voice', publication: first, group },
    { is: 'voice', publication: third, group },
  ])
})

test('what the worker hears is told with the names of people', () => {
  const { world, ann, bob } = two()
  ann.publish({ kind: 'audio' }, 'microphone')
  bob.publish({ kind: 'audio' }, 'microphone')
  const [a = 0, b = 0] = world.of('publish').map(({ publication }) => publication)
  const group = world.of('voice')[0]?.group ?? 0
  world.rooms.handle(0, { is: 'speakers', group, publications: [b, a, 999], speaking: [b] })
  expect(world.speakers).toEqual([{ room: 'room', speakers: { recent: ['bob', 'ann'], speaking: ['bob'] } }])
})

test('a microphone that is taken back is no voice any more, nor that of somebody who has left', () => {
  const { world, ann, bob } = two()
  ann.publish({ kind: 'audio' }, 'microphone')
  bob.publish({ kind: 'audio' }, 'microphone')
  const [a = 0, b = 0] = world.of('publish').map(({ publication }) => publication)
  world.rooms.setTracks('room', 'ann', [])
  expect(world.of('voice').at(-1)).toEqual({ is: 'voice', publication: a, group: undefined })
  world.leave('bob')
  const order = world.told.filter(row => 'publication' in row && row.publication === b).map(({ is }) => is)
  expect(order).toEqual(['publish', 'voice', 'voice', 'unpublish'])
})

test('of a room that is gone nothing is told', () => {
  const { world, ann } = two()
  ann.publish({ kind: 'audio' }, 'microphone')
  const group = world.of('voice')[0]?.group ?? 0
  world.leave('ann')
  world.leave('bob')
  world.rooms.handle(0, { is: 'speakers', group, publications: [], speaking: [] })
  expect(world.speakers).toEqual([])
  const carol = world.join('carol')
  carol.publish({ kind: 'audio' }, 'microphone')
  expect(world.of('voice').at(-1)?.group).not.toBe(group)
})
