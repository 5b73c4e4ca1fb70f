import { describe, expect, test } from 'vitest'
import type { ToMedia } from '../control.ts'
import { codecs } from './testing/client.ts'
import { World } from './testing/world.ts'

type Named<Is extends ToMedia['is']> = Extract<ToMedia, { is: Is }>

/** A world of two workers, the first of which has enough to do with one person who is sent nothing, or one track. */
function crowded(enoughTracks = 1) {
  const world = new World({ workers: 2, enoughTracks })
  const on = <Is extends ToMedia['is']>(worker: number, is: Is) =>
    world.byWorker[worker]?.filter((row): row is Named<Is> => row.is === is) ?? []
  return { world, on }
}

const workersOf = (world: World) => world.rooms.inspect('room')?.participants.map(({ worker }) => worker)

describe('where people sit', () => {
  test('with their room, until that worker sends enough; then with those of the room who moved on', () => {
    const { world } = crowded(8)
    for (const name of ['ann', 'bob', 'cat', 'dan', 'eve']) world.join(name).publish({ kind: 'video' })
    // Of 1, 2, 3 people with a track each there are 1, 4, 9 to be sent, and the people themselves.
    expect(workersOf(world)).toEqual([0, 0, 0, 1, 1])
    world.leave('ann')
    world.leave('bob')
    world.join('flo')
    expect(workersOf(world)).toEqual([0, 1, 1, 0])
  })

  test('where there is least to do, if there is enough everywhere', () => {
    const { world } = crowded(1)
    for (const name of ['ann', 'bob', 'cat', 'dan']) world.join(name)
    expect(workersOf(world)).toEqual([0, 1, 0, 1])
  })

  test('for good: what they may do later changes nothing', () => {
    const { world } = crowded(1)
    world.join('ann')
    world.join('bob')
    world.join('ann', { publish: true, subscribe: false })
    expect(workersOf(world)).toEqual([0, 1])
  })
})

describe('a track', () => {
  test('is piped once to another worker, for all who subscribe there', () => {
    const { world, on } = crowded()
    const ann = world.join('ann')
    for (const name of ['bob', 'cat', 'dan']) world.join(name)
    ann.publish({ kind: 'video' })
    world.settle()
    expect(workersOf(world)).toEqual([0, 1, 0, 1])
    const [published] = on(0, 'publish')
    const { publication = 0, media } = published ?? {}
    const [pipe] = on(0, 'pipe')
    expect(on(0, 'pipe')).toEqual([{ is: 'pipe', pipe: pipe?.pipe, publication, to: 1 }])
    expect(on(1, 'piped')).toEqual([{ is: 'piped', pipe: pipe?.pipe, publication, from: 0, media }])
    expect([on(0, 'subscribe').length, on(1, 'subscribe').length]).toEqual([1, 2])
    const order = world.byWorker[1]?.map(({ is }) => is)
    expect(order?.indexOf('piped')).toBeLessThan(order?.indexOf('subscribe') ?? -1)

    world.leave('bob')
    expect(on(0, 'unpipe')).toEqual([])
    world.leave('dan')
    expect(on(0, 'unpipe')).toEqual([{ is: 'unpipe', pipe: pipe?.pipe }])
    expect(on(1, 'unpublish')).toEqual([{ is: 'unpublish', publication }])
    expect(on(0, 'unpublish')).toEqual([])
  })

  test('comes anew, by another pipe, to who comes again', () => {
    const { world, on } = crowded()
    world.join('ann').publish({ kind: 'video' })
    world.join('bob')
    world.settle()
    world.leave('bob')
    world.join('bob')
    world.settle()
    const numbers = on(0, 'pipe').map(({ pipe }) => pipe)
    expect(new Set(numbers).size).toBe(2)
    expect(on(1, 'piped').map(({ pipe }) => pipe)).toEqual(numbers)
  })

  test('changes and ends at both ends of its pipe', () => {
    const { world, on } = crowded()
    const ann = world.join('ann')
    const mid = ann.publish({ kind: 'video' })
    world.join('bob')
    world.settle()
    const [published] = on(0, 'publish')
    const { publication = 0 } = published ?? {}
    ann.publishing.change(mid, { codecs: [codecs.vp9] })
    ann.offer()
    expect(on(1, 'republish')).toEqual(on(0, 'republish'))
    expect(on(1, 'republish').at(-1)?.media.codecs[0]?.name).toBe('vp9')
    ann.publishing.change(mid, { direction: 'inactive' })
    ann.offer()
    for (const worker of [0, 1]) expect(on(worker, 'unpublish')).toEqual([{ is: 'unpublish', publication }])
    const ends = world.byWorker[1]?.filter(({ is }) => is === 'unsubscribe' || is === 'unpublish').map(({ is }) => is)
    expect(ends).toEqual(['unsubscribe', 'unpublish'])
    world.settle()
    world.leave('bob')
    world.leave('ann')
    expect(on(0, 'unpipe').length + on(1, 'unpublish').length).toBe(2)
  })

  test('of a connection that is lost is made anew, and so is its pipe', () => {
    const { world, on } = crowded()
    world.join('ann').publish({ kind: 'video' })
    const bob = world.join('bob')
    world.settle()
    const [opened] = on(1, 'open')
    bob.receiving = new (bob.receiving.constructor as new () => typeof bob.receiving)()
    world.rooms.handle(1, { is: 'transport', transport: opened?.transport ?? 0, state: 'failed', why: 'no consent' })
    world.settle()
    expect(on(1, 'piped')).toHaveLength(2)
    expect(on(1, 'subscribe')).toHaveLength(2)
    expect(world.rooms.counters().subscriptions).toBe(1)
  })
})

test('voices are judged where their room began, though nobody there subscribes', () => {
  const { world, on } = crowded()
  world.join('ann', { publish: false, subscribe: false })
  const bob = world.join('bob')
  bob.publish({ kind: 'audio' }, 'microphone')
  const [published] = on(1, 'publish')
  const { publication = 0 } = published ?? {}
  const group = on(0, 'voice')[0]?.group ?? 0
  expect(on(1, 'pipe')).toMatchObject([{ publication, to: 0 }])
  expect(world.byWorker[0]?.map(({ is }) => is)).toEqual(['piped', 'voice'])
  world.rooms.handle(0, { is: 'speakers', group, publications: [publication], speaking: [publication] })
  expect(world.speakers).toEqual([{ room: 'room', speakers: { recent: ['bob'], speaking: ['bob'] } }])
  world.rooms.setTracks('room', 'bob', [])
  expect(on(1, 'unpipe')).toHaveLength(1)
  expect(world.byWorker[0]?.slice(2).map(({ is }) => is)).toEqual(['voice', 'unpublish'])
})

test('one worker pays nothing', () => {
  const world = new World({ enoughTracks: 1 })
  world.join('ann').publish({ kind: 'audio' })
  world.join('bob')
  world.settle()
  expect(world.of('subscribe')).toHaveLength(1)
  expect(world.told.filter(({ is }) => is === 'pipe' || is === 'piped')).toEqual([])
})
