import { expect, it } from 'vitest'
import { Backlog } from './backlog.ts'

it('drops what is too much, and lets go of who has read nothing for 15 s', () => {
  const backlog = new Backlog(100)
  expect([backlog.judge(100, 0), backlog.judge(101, 1_000), backlog.judge(101, 16_000)]).toEqual([
    'send',
    'drop',
    'drop',
  ])
  expect(backlog.judge(101, 16_001)).toBe('close')
})

it('is patient with who reads slowly', () => {
  const backlog = new Backlog(100)
  for (let now = 0; now < 120_000; now += 10_000) {
    expect([backlog.judge(101, now), backlog.judge(99, now + 5_000)]).toEqual(['drop', 'send'])
  }
})
