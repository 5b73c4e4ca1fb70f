import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { QuotaBoard } from './quota-board.ts'

describe('a board of quotas', () => {
  it('counts for all who share it, by user and altogether', () => {
    const one = new QuotaBoard()
    const other = new QuotaBoard(one.memory)
    const ann = one.enter('ann', 2, 3)
    expect(other.enter('ann', 2, 3)).toBe(ann)
    expect(one.enter('ann', 2, 3)).toBeUndefined()
    expect(other.enter('bob', 2, 3)).not.toBe(ann)
    expect(one.enter('eve', 2, 3)).toBeUndefined()
    expect([one.total, other.total]).toEqual([3, 3])
    other.leave(ann ?? 0)
    expect(one.enter('ann', 2, 3)).toBe(ann)
    expect(one.enter('dan', 0, 0)).toBeDefined()
  })

  it('has room for 20,000 users at one time, and for as many others afterwards', () => {
    const board = new QuotaBoard()
    for (const round of [1, 2, 3]) {
      const places = Array.from({ length: 20_000 }, (_, i) => board.enter(`${round} ${i}`, 1, 0))
      expect(new Set(places).size).toBe(20_000)
      expect(places).not.toContain(undefined)
      for (const place of places) board.leave(place ?? 0)
      expect(board.total).toBe(0)
    }
  })

  it('lets a second’s worth pass at once, then the rate, in two threads whose clocks began at different times', () => {
    const one = new QuotaBoard(undefined, 1_000)
    const other = new QuotaBoard(one.memory, 3_500)
    const ann = one.enter('ann', 0, 0) ?? 0
    const passed = (board: QuotaBoard, now: number) => {
      let bytes = 0
      while (board.take(ann, 100, 10_000, now)) bytes += 100
      return bytes
    }
    expect([passed(one, 5_000), passed(other, 2_500)]).toEqual([10_000, 0])
    expect([passed(other, 3_000), passed(one, 5_500)]).toEqual([5_000, 0])
    expect(passed(one, 60_000)).toBe(10_000)
    // Across the wrap of the microseconds that are stored.
    for (let now = 60_000; now < 60_000 + 2 * 4_294_968; now += 700_000) expect(passed(one, now + 1_000)).toBe(10_000)
  })

  it('forgets what a user before used, and remembers it for one who comes again', () => {
    const board = new QuotaBoard()
    const use = (name: string) => {
      const place = board.enter(name, 0, 0) ?? 0
      const passes = board.take(place, 10_000, 10_000, 0)
      board.leave(place)
      return passes
    }
    expect([use('ann'), use('ann')]).toEqual([true, false])
    const others = Array.from({ length: 70_000 }, (_, i) => use(`other ${i}`))
    expect(others).not.toContain(false)
  })

  it('loses no count between threads', async () => {
    const board = new QuotaBoard()
    const source = `
      const { workerData } = require('node:worker_threads')
      import(workerData.tsx).then(async ({ register }) => {
        register()
        const { QuotaBoard } = await import(workerData.module)
        const board = new QuotaBoard(workerData.memory)
        for (let i = 0; i < 20000; i++) board.leave(board.enter('ann', 0, 0))
        board.enter('ann', 0, 0)
      })`
    const workerData = {
      memory: board.memory,
      tsx: import.meta.resolve('tsx/esm/api'),
      module: new URL('quota-board.ts', import.meta.url).href,
    }
    const ended = [1, 2].map(
      () => new Promise(resolve => new Worker(source, { eval: true, workerData }).once('exit', resolve)),
    )
    expect(await Promise.all(ended)).toEqual([0, 0])
    expect(board.total).toBe(2)
    expect(board.enter('ann', 2, 0)).toBeUndefined()
    expect(board.enter('ann', 3, 0)).toBeDefined()
  })

  it('refuses memory that is not a board’s', () => {
    expect(() => new QuotaBoard(new SharedArrayBuffer(8))).toThrow(RangeError)
  })
})
