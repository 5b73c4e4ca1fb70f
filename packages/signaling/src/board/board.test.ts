import type { BoardEntry } from '@parley/protocol'
import { limits } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Board, wins } from './board.ts'

const caps = { boardEntries: 100, boardBytes: 1e6 }
const plenty = Number.POSITIVE_INFINITY
const free = () => ({ release() {} })
const entry = (key: string, version = 1, more: Partial<BoardEntry> = {}): BoardEntry => ({
  key,
  version,
  nonce: 0,
  value: `${key} ${version}`,
  ...more,
})
const code = (code: string) => expect.objectContaining({ code })

/** All that is on a board, read page by page. */
function read(board: Board, known?: { board: string; after: number }): BoardEntry[] {
  const entries: BoardEntry[] = []
  for (let place = known; ; ) {
    const page = board.page(place)
    entries.push(...page.entries)
    if (!page.more) return entries
    place = { board: page.board, after: page.revision }
  }
}

const byKey = (entries: readonly BoardEntry[]) => [...entries].sort((a, b) => (a.key < b.key ? -1 : 1))

test('whatever the order of what three people put, and however often, everybody ends up with the same', () => {
  const puts = fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      version: fc.integer({ min: 1, max: 4 }),
      nonce: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  fc.assert(
    fc.property(puts, fc.func(fc.integer()), fc.func(fc.integer()), (given, orderA, orderB) => {
      // What one person writes at one version with one nonce is one thing.
      const entries = given.map(({ key, version, nonce }) =>
        entry(key, version, { nonce, value: `${version}.${nonce}` }),
      )
      const shuffled = (order: (n: number) => number) =>
        [...entries, ...entries].map((one, i) => ({ one, at: order(i) })).sort((a, b) => a.at - b.at)
      const boards = [orderA, orderB].map(order => {
        const board = new Board('b', caps)
        for (const { one } of shuffled(order)) board.merge([one], plenty, free)
        return board
      })
      const atOnce = new Board('b', caps)
      atOnce.merge(entries, plenty, free)
      const [first, second] = boards.map(board => byKey(read(board)))
      expect(first).toEqual(second)
      expect(byKey(read(atOnce))).toEqual(first)
      for (const kept of first ?? []) {
        expect(entries.filter(({ key }) => key === kept.key).every(other => !wins(other, kept))).toBe(true)
      }
    }),
  )
})

test('who knows the board up to a place is told what has changed since, once', () => {
  const board = new Board('b', caps)
  expect(board.merge([entry('a'), entry('b')], plenty, free)).toMatchObject({ board: 'b', after: 0, revision: 2 })
  expect(board.merge([entry('a', 2), entry('b')], plenty, free)).toEqual({
    board: 'b',
    after: 2,
    revision: 3,
    changed: [entry('a', 2)],
  })
  expect(board.page({ board: 'b', after: 2 })).toEqual({
    board: 'b',
    revision: 3,
    entries: [entry('a', 2)],
    more: false,
    whole: false,
  })
  expect(board.page({ board: 'b', after: 3 }).entries).toEqual([])
  // Of another board, or from the future: the whole of it.
  for (const known of [undefined, { board: 'other', after: 3 }, { board: 'b', after: 4 }]) {
    expect(board.page(known)).toMatchObject({ whole: true, revision: 3, entries: [entry('b'), entry('a', 2)] })
  }
})

test('a large board comes in pages, in the order of its changes', () => {
  const board = new Board('b', { boardEntries: 1000, boardBytes: 1e8 })
  for (let i = 0; i < 20; i++) board.merge([entry(`k${i}`, 1, { value: 'x'.repeat(50_000) })], plenty, free)
  expect(board.page(undefined)).toMatchObject({ more: true, whole: true, revision: 3 })
  expect(read(board).map(({ key }) => key)).toEqual(Array.from({ length: 20 }, (_, i) => `k${i}`))
  for (let i = 0; i < 700; i++) board.merge([entry(`small${i}`)], plenty, free)
  expect(board.page({ board: 'b', after: 20 }).entries).toHaveLength(limits.boardBatch)
  expect(read(board)).toHaveLength(720)
})

test('a board that is full takes all of a request or nothing, and always what makes it smaller', () => {
  const board = new Board('b', { boardEntries: 3, boardBytes: 2000 })
  board.merge([entry('a'), entry('b')], plenty, free)
  expect(() => board.merge([entry('c'), entry('d')], plenty, free)).toThrow(code('board-full'))
  expect(() => board.merge([entry('c', 1, { value: 'x'.repeat(2000) })], plenty, free)).toThrow(code('board-full'))
  expect(() => board.merge([entry('c')], 10, free)).toThrow(code('board-full'))
  expect(() => board.merge([entry('c')], plenty, () => undefined)).toThrow(code('board-full'))
  expect(read(board)).toEqual([entry('a'), entry('b')])
  board.merge([entry('a', 2, { value: '', gone: true }), entry('c'), entry('d')], plenty, free)
  expect(board.used).toBe(true)
  board.merge([entry('b', 2, { gone: true, value: '' })], 0, free)
})

test('of what is deleted, the oldest is forgotten, and who has missed that begins anew', () => {
  const board = new Board('b', { boardEntries: 2, boardBytes: 1e6 })
  for (const key of ['a', 'b', 'c', 'd', 'e']) board.merge([entry(key, 1, { gone: true, value: '' })], plenty, free)
  expect(read(board).map(({ key }) => key)).toEqual(['b', 'c', 'd', 'e'])
  expect(board.used).toBe(false)
  expect(board.page({ board: 'b', after: 0 })).toMatchObject({ whole: true })
  expect(board.page({ board: 'b', after: 1 })).toMatchObject({ whole: false })
})

test('bytes that were reserved are given back when an entry is replaced, refused or forgotten', () => {
  let held = 0
  const hold = (bytes: number) => {
    if (held + bytes > 1000) return undefined
    held += bytes
    return {
      release() {
        held -= bytes
      },
    }
  }
  const board = new Board('b', caps)
  board.merge([entry('a', 1, { value: 'x'.repeat(300) })], plenty, hold)
  board.merge([entry('a', 2, { value: '' })], plenty, hold)
  expect(held).toBe(board.bytes)
  expect(() => board.merge([entry('b'), entry('c', 1, { value: 'x'.repeat(900) })], plenty, hold)).toThrow()
  expect(held).toBe(board.bytes)
  board.close()
  expect([held, board.bytes, board.size]).toEqual([0, 0, 0])
})

test('nobody can write a version above which there is none', () => {
  const board = new Board('b', caps)
  expect(() => board.merge([entry('a', Number.MAX_SAFE_INTEGER)], plenty, free)).toThrow(code('too-large'))
  board.merge([entry('a', limits.boardVersionStep)], plenty, free)
  board.merge([entry('a', limits.boardVersionStep + 1)], plenty, free)
  expect(() => board.merge([entry('b'), entry('a', 3 * limits.boardVersionStep)], plenty, free)).toThrow()
  expect(read(board)).toEqual([entry('a', limits.boardVersionStep + 1)])
})
