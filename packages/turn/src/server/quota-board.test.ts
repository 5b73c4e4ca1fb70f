import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { type Entries, QuotaBoard } from './quota-board.ts'

/** Without limits, from a source of the same name. */
function enter(board: QuotaBoard, name: string): Entries {
  const entries = board.enter(name, name, { perUser: 0, perSource: 0, total: 0 }, 0)
  if (!entries) throw new Error('no room')
  return entries
}

describe('a board of quotas', () => {
  it('counts for all who share it, by user and altogether', () => {
    const one = new QuotaBoard()
    const other = new QuotaBoard(one.memory)
    const most = { perUser: 2, perSource: 0, total: 3 }
    const enter = (board: QuotaBoard, user: string, source = user, may = most) => board.enter(user, source, may, 0)
    const ann = enter(one, 'ann')
    expect(enter(other, 'ann')).toEqual(ann)
    expect(enter(one, 'ann')).toBeUndefined()
    expect(enter(other, 'bob')?.user).not.toBe(ann?.user)
    expect(enter(one, 'bob')).toBeUndefined()
    expect([one.total, other.total]).toEqual([3, 3])
    if (ann) other.leave(ann)
    expect(enter(one, 'ann')).toEqual(ann)
    expect(enter(one, 'dan', 'dan', { perUser: 0, perSource: 0, total: 0 })).toBeDefined()
  })

  it('counts by source, whoever the user is', () => {
    const board = new QuotaBoard()
    const most = { perUser: 2, perSource: 3, total: 0 }
    const enter = (user: string, source: string) => board.enter(user, source, most, 0)
    const first = enter('ann', 'home')
    for (const guest of ['bob', 'eve']) expect(enter(guest, 'home')).toBeDefined()
    expect(enter('dan', 'home')).toBeUndefined()
    expect(enter('dan', 'work')).toBeDefined()
    if (first) board.leave(first)
    expect(enter('dan', 'home')).toBeDefined()
  })

  it('lets in who has fewer when all are taken: who has most owes one, until they are alike', () => {
    const board = new QuotaBoard()
    const most = { perUser: 0, perSource: 0, total: 10 }
    const enter = (source: string, now = 0) => board.enter(`somebody at ${source}`, source, most, now)
    const greedy = Array.from({ length: 8 }, () => enter('greedy'))
    const modest = Array.from({ length: 2 }, () => enter('modest'))
    expect(greedy).not.toContain(undefined)
    const entries = { greedy: greedy[0]?.source ?? 0, modest: modest[0]?.source ?? 0 }
    expect([board.owes(), enter('greedy'), board.owes()]).toEqual([false, undefined, false])
    expect([enter('late'), enter('modest', 100), enter('late', 200)]).not.toContain(undefined)
    expect([board.owes(entries.greedy), board.owes(entries.modest), board.total]).toEqual([true, false, 13])
    for (let i = 0; board.owes(entries.greedy); i++) board.leave(greedy[i] ?? { user: 0, source: 0 })
    expect([board.owes(), board.total]).toEqual([false, 10])
    // Now five, three and two.
    expect(enter('modest', 300)).toBeDefined()
    expect([enter('modest', 400), enter('greedy', 500)]).toEqual([undefined, undefined])
    expect(enter('late', 600)).toBeDefined()
    expect([enter('late', 700), enter('modest', 800)]).toEqual([undefined, undefined])
  })

  it('holds a source to so many peers', () => {
    const board = new QuotaBoard()
    const entries = board.enter('ann', 'home', { perUser: 0, perSource: 0, total: 0 }, 0)
    const hold = (peers: number) => board.hold(entries?.source ?? 0, peers, 10)
    expect([hold(10), hold(1), hold(0), hold(-3), hold(4), hold(3), hold(1)]).toEqual([
      true,
      false,
      true,
      true,
      false,
      true,
      false,
    ])
  })

  it('has room for 20,000 users at one time, and for as many others afterwards', () => {
    const board = new QuotaBoard()
    for (const round of [1, 2, 3]) {
      const entries = Array.from({ length: 20_000 }, (_, i) => enter(board, `${round} ${i}`))
      expect(new Set(entries.flatMap(({ user, source }) => [user, source])).size).toBe(40_000)
      for (const place of entries) board.leave(place)
      expect(board.total).toBe(0)
    }
  })

  it('lets a second’s worth pass at once, then the rate, in two threads whose clocks began at different times', () => {
    const one = new QuotaBoard(undefined, 1_000)
    const other = new QuotaBoard(one.memory, 3_500)
    const ann = enter(one, 'ann').user
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
      const entries = enter(board, name)
      const passes = board.take(entries.user, 10_000, 10_000, 0)
      board.leave(entries)
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
        const most = { perUser: 0, perSource: 0, total: 0 }
        for (let i = 0; i < 20000; i++) board.leave(board.enter('ann', 'home', most, 0))
        board.enter('ann', 'home', most, 0)
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
    expect(board.enter('ann', 'home', { perUser: 2, perSource: 0, total: 0 }, 0)).toBeUndefined()
    expect(board.enter('bob', 'home', { perUser: 0, perSource: 2, total: 0 }, 0)).toBeUndefined()
    expect(board.enter('ann', 'home', { perUser: 3, perSource: 3, total: 3 }, 0)).toBeDefined()
  })

  it('refuses memory that is not a board’s', () => {
    expect(() => new QuotaBoard(new SharedArrayBuffer(8))).toThrow(RangeError)
  })
})
