import { expect, test } from 'vitest'
import { FakeClock } from './fake-clock.ts'

test('calls back in order of time, then of setting', () => {
  const clock = new FakeClock(0)
  const heard: string[] = []
  clock.after(20, () => heard.push(`late ${clock.now()}`))
  clock.after(10, () => heard.push(`first ${clock.now()}`))
  clock.after(10, () => heard.push(`second ${clock.now()}`))
  clock.advance(15)
  expect(heard).toEqual(['first 10', 'second 10'])
  expect(clock.now()).toBe(15)
  clock.advance(5)
  expect(heard.at(-1)).toBe('late 20')
  expect(clock.pending).toBe(0)
})

test('a stopped timer stays silent, and stopping twice is fine', () => {
  const clock = new FakeClock()
  const stop = clock.after(1, () => expect.unreachable())
  stop()
  stop()
  clock.advance(10)
})

test('a timer set by a timer runs in the same advance when it is due', () => {
  const clock = new FakeClock(0)
  const at: number[] = []
  const again = () => {
    at.push(clock.now())
    clock.after(10, again)
  }
  clock.after(10, again)
  clock.advance(35)
  expect(at).toEqual([10, 20, 30])
})
