import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ago, parseRecent, withRoom } from './recent-rooms.ts'

describe('withRoom', () => {
  it('puts the newest first, each once, eight at most', () => {
    let rooms = withRoom([], 'a', 1)
    rooms = withRoom(rooms, 'b', 2)
    rooms = withRoom(rooms, 'a', 3)
    expect(rooms).toEqual([
      { name: 'a', at: 3 },
      { name: 'b', at: 2 },
    ])
    for (let index = 0; index < 20; index++) rooms = withRoom(rooms, `room-${index}`, index)
    expect(rooms).toHaveLength(8)
  })
})

describe('parseRecent', () => {
  it('keeps rooms and drops the rest', () => {
    const stored = [{ name: 'a', at: 1 }, { name: '../x', at: 1 }, { name: 'b' }, null, 'c', { name: 'd', at: 'now' }]
    expect(parseRecent(stored)).toEqual([{ name: 'a', at: 1 }])
  })

  it('keeps nothing of an encrypted meeting but its name: its link would open it', () => {
    const secret = 'Zm9vYmFy_-0123456789AB'
    const stored = [
      { name: `tea#e2ee=${secret}`, at: 1 },
      { name: 'a', at: 2, secret },
    ]
    expect(JSON.stringify(parseRecent(stored))).not.toContain(secret)
  })

  it('takes anything', () => {
    fc.assert(fc.property(fc.anything(), stored => Array.isArray(parseRecent(stored))))
  })
})

describe('ago', () => {
  it.each([
    [0, 'now', '现在'],
    [59_000, 'now', '现在'],
    [5 * 60_000, '5 minutes ago', '5分钟前'],
    [3 * 3_600_000, '3 hours ago', '3小时前'],
    [86_400_000, 'yesterday', '昨天'],
    [-5000, 'now', '现在'],
  ])('%i ms: %s, %s', (passed, english, chinese) => {
    expect(ago(1_000_000_000 - passed, 1_000_000_000, 'en')).toBe(english)
    expect(ago(1_000_000_000 - passed, 1_000_000_000, 'zh-CN')).toBe(chinese)
  })
})
