import { FakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { type TrackName, Views } from './views.ts'

const ann: TrackName = { participant: 'ann', track: 'camera' }
const bob: TrackName = { participant: 'bob', track: 'camera' }
const small = { width: 320, height: 180 }
const large = { width: 1280, height: 720 }

function open() {
  const clock = new FakeClock()
  const told: string[][] = []
  const views = new Views({ clock, changed: tracks => told.push(tracks.map(({ participant }) => participant)) })
  return { clock, told, views }
}

test('what comes into sight is asked for at once, and all of one turn together', () => {
  const { clock, told, views } = open()
  for (const name of [ann, bob]) views.add(name, {}).see(small)
  expect(told).toEqual([])
  clock.advance(0)
  expect(told).toEqual([['ann', 'bob']])
  expect(views.wish(ann)).toEqual({ state: 'on', ...small })
})

test('a size is told when it has come to rest', () => {
  const { clock, told, views } = open()
  const view = views.add(ann, {})
  view.see(small)
  clock.advance(0)
  for (let width = 320; width <= 1280; width += 10) {
    view.see({ width, height: 720 })
    clock.advance(20)
  }
  expect(told).toHaveLength(1)
  clock.advance(230)
  expect([told.length, views.wish(ann)]).toEqual([2, { state: 'on', ...large }])
  view.see(large)
  clock.advance(1000)
  expect([told.length, clock.pending]).toEqual([2, 0])
})

test('out of sight it is paused within a second, unless it comes back before', () => {
  const { clock, told, views } = open()
  const view = views.add(ann, {})
  view.see(large)
  clock.advance(500)
  view.see(undefined)
  clock.advance(300)
  view.see(large)
  clock.advance(1000)
  expect(told).toHaveLength(1)
  view.see(undefined)
  clock.advance(900)
  expect(views.wish(ann)).toEqual({ state: 'paused' })
  view.see(large)
  clock.advance(0)
  expect(views.wish(ann)).toEqual({ state: 'on', ...large })
})

test('of several views the largest and the most important count; the last that closes pauses', () => {
  const { clock, views } = open()
  const tile = views.add(ann, { priority: 'low' })
  const window = views.add(ann, { priority: 'high', layer: { spatial: 1 } })
  tile.see(large)
  window.see(small)
  clock.advance(0)
  expect(views.wish(ann)).toEqual({ state: 'on', ...large, priority: 'high', layer: { spatial: 1 } })
  window.close()
  window.close()
  clock.advance(300)
  expect(views.wish(ann)).toEqual({ state: 'on', ...large, priority: 'low' })
  tile.change({})
  clock.advance(300)
  expect(views.wish(ann)).toEqual({ state: 'on', ...large })
  tile.close()
  clock.advance(400)
  expect(views.wish(ann)).toEqual({ state: 'paused' })
})

test('a tile that moves to another element is never paused', () => {
  const { clock, told, views } = open()
  const before = views.add(ann, {})
  before.see(small)
  clock.advance(0)
  before.close()
  clock.advance(100)
  views.add(ann, {}).see(small)
  clock.advance(1000)
  expect(told).toEqual([['ann']])
})

test('pictures without a view are paused once there is one, and nothing is said about them before', () => {
  const { clock, told, views } = open()
  views.expect([ann, bob])
  clock.advance(1000)
  expect(told).toEqual([])
  views.add(ann, {}).see(small)
  views.expect([ann, bob])
  clock.advance(1000)
  expect(told).toEqual([['ann'], ['bob']])
  expect(views.wish(bob)).toEqual({ state: 'paused' })
  views.expect([ann, bob])
  clock.advance(1000)
  expect(told).toHaveLength(2)
})

test('what is not on the page asks for its size only where pictures follow from views at all', () => {
  const { clock, views } = open()
  views.expect([ann, bob])
  const recorded = views.add(ann, {}, false)
  recorded.see(small)
  views.expect([ann, bob])
  clock.advance(1000)
  expect([views.wish(ann), views.wish(bob)]).toEqual([undefined, undefined])
  const tile = views.add(ann, {})
  views.expect([ann, bob])
  clock.advance(1000)
  expect([views.wish(ann), views.wish(bob)]).toEqual([{ state: 'on', ...small }, { state: 'paused' }])
  tile.see(large)
  clock.advance(1000)
  expect(views.wish(ann)).toEqual({ state: 'on', ...large })
  tile.close()
  recorded.close()
  clock.advance(1000)
  expect(views.wish(ann)).toEqual({ state: 'paused' })
})

test('requests keep a distance, whatever happens', () => {
  const { clock, told, views } = open()
  for (let i = 0; i < 100; i++) {
    views.add({ participant: `p${i}`, track: 't' }, {}).see(small)
    clock.advance(10)
  }
  clock.advance(100)
  expect(told.length).toBeLessThanOrEqual(12)
  expect(told.flat()).toHaveLength(100)
})

test('what did not arrive is told again after a while, as it is then', () => {
  const { clock, told, views } = open()
  const view = views.add(ann, {})
  view.see(small)
  clock.advance(0)
  views.again([ann, bob])
  clock.advance(999)
  expect(told).toHaveLength(1)
  clock.advance(1)
  expect(told).toEqual([['ann'], ['ann']])
})

test('absurd sizes stay within what may be asked; who has left is forgotten, and a closed room is silent', () => {
  const { clock, told, views } = open()
  const view = views.add(ann, {})
  view.see({ width: 0.2, height: 1e9 })
  clock.advance(0)
  expect(views.wish(ann)).toEqual({ state: 'on', width: 1, height: 8192 })
  expect([views.told(), views.told('bob')]).toEqual([[ann], []])
  views.forget('ann')
  expect(views.wish(ann)).toBeUndefined()
  views.close()
  view.see(large)
  views.again([ann])
  clock.advance(1000)
  expect([told.length, clock.pending]).toEqual([1, 0])
})
