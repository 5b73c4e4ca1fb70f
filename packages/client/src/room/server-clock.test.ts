import { expect, test } from 'vitest'
import { ServerClock } from './server-clock.ts'

test('the sample that was least late counts', () => {
  const clock = new ServerClock()
  expect(clock.at(500)).toBe(500)
  clock.reset(1_000, 120) // 20 ms late: the server is at least 880 ahead
  clock.sample(2_000, 1_105)
  clock.sample(3_000, 2_300)
  expect(clock.at(5_000)).toBe(5_895)
})

test('a new connection forgets the clock that was set wrong', () => {
  const clock = new ServerClock()
  clock.reset(1_000_000, 0)
  clock.reset(50, 0)
  expect(clock.at(100)).toBe(150)
})
