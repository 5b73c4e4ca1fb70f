import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Renumbering } from './renumbering.ts'

const source = {}

function take(numbers: Renumbering, place: number, timestamp: number, now: number): [number, number] {
  const number = numbers.number(place)
  const shifted = numbers.timestamp(timestamp)
  numbers.used(place, number, shifted, now)
  return [number, shifted]
}

test('gaps and late packets of a source keep their places', () => {
  const numbers = new Renumbering(() => 0)
  numbers.follow(source, 100, 5000, 90_000, 0)
  const [first] = take(numbers, 100, 5000, 0)
  expect(take(numbers, 103, 8000, 33)[0]).toBe(first + 3)
  expect(take(numbers, 101, 5000, 40)[0]).toBe(first + 1)
  expect(numbers.placeOf((first + 1) & 0xffff)).toBe(101)
  expect(numbers.placeOf((first + 4) & 0xffff)).toBeNaN()
  expect(numbers.placeOf((first - 1) & 0xffff)).toBeNaN()
})

test('another source goes on after the last number, and later by the time that has passed', () => {
  const numbers = new Renumbering(() => 0.3)
  numbers.follow(source, 100, 5000, 90_000, 0)
  const [number, timestamp] = take(numbers, 100, 5000, 0)
  numbers.follow({}, 7, 123_456, 48_000, 1000)
  expect(take(numbers, 7, 123_456, 1000)).toEqual([number + 1, (timestamp + 48_000) >>> 0])
  // Nothing of the source before has a number any more.
  expect(numbers.placeOf(number & 0xffff)).toBeNaN()
})

test('the same source after a pause keeps its own clock', () => {
  const numbers = new Renumbering(() => 0.9)
  numbers.follow(source, 1, 0, 90_000, 0)
  const [, timestamp] = take(numbers, 1, 0, 0)
  numbers.follow(source, 50, 90_000, 90_000, 1234)
  expect(take(numbers, 50, 90_000, 1234)[1]).toBe((timestamp + 90_000) >>> 0)
})

test('what is left out leaves no gap, and what comes late before it still has its number', () => {
  const numbers = new Renumbering(() => 0)
  numbers.follow(source, 10, 0, 8000, 0)
  const [first] = take(numbers, 10, 0, 0)
  expect(numbers.omit(12)).toBe(true)
  expect(take(numbers, 13, 160, 20)[0]).toBe(first + 2)
  expect(take(numbers, 11, 80, 20)[0]).toBe(first + 1)
  expect([0, 1, 2].map(offset => numbers.placeOf((first + offset) & 0xffff))).toEqual([10, 11, 13])
})

test('what is left out late spends the number that was kept for it', () => {
  const numbers = new Renumbering(() => 0)
  numbers.follow(source, 10, 0, 8000, 0)
  const [first] = take(numbers, 10, 0, 0)
  take(numbers, 12, 160, 0)
  expect(numbers.omit(11)).toBe(false)
  expect(numbers.number(11)).toBe(first + 1)
})

test('two sources of one clock go on by that clock, if it does not contradict the time that passed', () => {
  const numbers = new Renumbering(() => 0.3)
  numbers.follow(source, 100, 5000, 90_000, 0)
  const [, timestamp] = take(numbers, 100, 5000, 0)
  numbers.follow({}, 7, 77, 90_000, 50, timestamp + 3000)
  expect(take(numbers, 7, 77, 50)[1]).toBe((timestamp + 3000) >>> 0)
  numbers.follow({}, 7, 99, 90_000, 100, timestamp + 3_000_000)
  expect(take(numbers, 7, 99, 100)[1]).toBe((timestamp + 3000 + 4500) >>> 0)
})

test('no number is ever given twice, and timestamps go on', () => {
  const step = fc.record({
    what: fc.constantFrom('next', 'gap', 'late', 'switch', 'resume', 'omit', 'insert'),
    by: fc.integer({ min: 1, max: 400 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.nat(0xffffffff), (steps, base) => {
      const numbers = new Renumbering(() => 0.5)
      const given = new Set<number>()
      const passed = new Set<number>([1000])
      let followed: object = {}
      let place = 1000
      let highest = Number.NEGATIVE_INFINITY
      let now = 0
      let last: number | undefined
      numbers.follow(followed, place, base, 90_000, now)
      for (const { what, by } of steps) {
        now += 10
        if (what === 'insert') {
          const number = numbers.insert()
          expect(number).toBeGreaterThan(highest)
          given.add(number)
          highest = number
          continue
        }
        const at = what === 'late' ? place - by : what === 'gap' ? place + by : place + 1
        if (what === 'late' && passed.has(at)) continue
        place = Math.max(place, at)
        passed.add(at)
        const timestamp = (base + now * 90 - (what === 'late' ? by * 90 : 0)) >>> 0
        if (what === 'switch') followed = {}
        if (what === 'switch' || what === 'resume') numbers.follow(followed, at, timestamp, 90_000, now)
        if (what === 'omit') {
          numbers.omit(at)
          continue
        }
        if (at < numbers.firstPlace) continue
        const [number, shifted] = take(numbers, at, timestamp, now)
        expect(given.has(number)).toBe(false)
        given.add(number)
        if (number < highest) continue
        highest = number
        if (last !== undefined) expect((shifted - last) | 0).toBeGreaterThan(0)
        last = shifted
      }
    }),
  )
})
