import type { SubscriptionWish } from '@parley/protocol'
import { expect, test } from 'vitest'
import { type Person, World } from './testing/world.ts'

const all = { publish: true, subscribe: true }

/** Somebody who watches, in a room where a connection has two sections of video, and others with cameras. */
function watch(...cameras: string[]) {
  const world = new World({ maxSections: 4 })
  const bob = world.join('bob')
  for (const name of cameras) world.join(name, all).publish({ kind: 'video' }, 'camera')
  world.settle()
  const wish = (participant: string, more: Partial<SubscriptionWish>) => {
    const track = world.people.get(participant)?.tracks[0]?.id ?? ''
    world.rooms.subscribeTo('room', 'bob', { tracks: [{ participant, track, state: 'on', ...more }] })
    world.settle()
  }
  const received = () => world.rooms.inspect('room')?.participants.find(({ id }) => id === 'bob')?.receives
  return {
    world,
    bob,
    wish,
    sees: () =>
      received()
        ?.map(({ participant }) => participant)
        .sort(),
  }
}

/** Whose cameras the client was told last that it is not sent. */
function unsentTo(person: Person): string[] | undefined {
  const told = person.heard.findLast(({ signal }) => signal.kind === 'unsent')
  return told?.signal.kind === 'unsent' ? told.signal.tracks.map(({ participant }) => participant) : undefined
}

test('who has room for all is told nothing', () => {
  const { bob, sees } = watch('ann', 'cho')
  expect(sees()).toEqual(['ann', 'cho'])
  expect(unsentTo(bob)).toBeUndefined()
})

test('what does not fit is said; what is paused gives way to it, and comes back when it is wanted more than another', () => {
  const { bob, wish, sees } = watch('ann', 'cho', 'dia')
  expect(sees()).toEqual(['ann', 'cho'])
  expect(unsentTo(bob)).toEqual(['dia'])
  wish('ann', { state: 'paused' })
  expect(sees()).toEqual(['cho', 'dia'])
  expect(unsentTo(bob)).toEqual([])
  wish('ann', { state: 'on' })
  expect(sees()).toEqual(['cho', 'dia'])
  expect(unsentTo(bob)).toEqual(['ann'])
  wish('ann', { priority: 'high' })
  expect(sees()).toContain('ann')
  expect(unsentTo(bob)).toHaveLength(1)
})

test('of equals nobody gives way, whoever comes and goes', () => {
  const { world, sees } = watch('ann', 'cho', 'dia', 'eli')
  expect(sees()).toEqual(['ann', 'cho'])
  world.leave('ann')
  world.settle()
  expect(sees()).toEqual(['cho', 'dia'])
})

test('a page of many is turned over section by section: only as many sections as allowed, all in use', () => {
  const names = Array.from({ length: 9 }, (_, i) => `p${i}`)
  const { world, wish, sees } = watch(...names)
  for (let page = 0; page < 4; page++) {
    for (const [i, name] of names.entries()) wish(name, { state: Math.floor(i / 2) === page ? 'on' : 'paused' })
    expect(sees()).toEqual([`p${2 * page}`, `p${2 * page + 1}`])
  }
  expect(world.of('subscribe').length).toBeLessThan(30)
})

test('in a room of many those who spoke last are heard', () => {
  const world = new World({ maxSections: 20 })
  world.join('bob')
  const names = Array.from({ length: 60 }, (_, i) => `p${i}`)
  for (const name of names) world.join(name, all).publish({ kind: 'audio' }, 'microphone')
  world.settle()
  const hears = () =>
    world.rooms
      .inspect('room')
      ?.participants.find(({ id }) => id === 'bob')
      ?.receives.map(({ participant }) => participant)
  expect(hears()).not.toContain('p59')
  const publications = world.of('publish').map(({ publication }) => publication)
  const group = world.of('voice')[0]?.group ?? 0
  const last = publications[59] ?? 0
  world.rooms.handle(0, { is: 'speakers', group, publications: [last], speaking: [last] })
  world.settle()
  expect(hears()).toContain('p59')
})
