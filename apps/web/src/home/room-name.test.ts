import { describe, expect, it } from 'vitest'
import { parseCode } from './room-code.ts'
import { adjectives, cryptoRandom, makeRoomName, nouns } from './room-name.ts'

describe('makeRoomName', () => {
  it('makes names that people can say and the server takes', () => {
    for (let round = 0; round < 200; round++) {
      const name = makeRoomName()
      expect(name).toMatch(/^[a-z]+-[a-z]+-[1-9]\d$/)
      expect(parseCode(name, [])).toEqual({ kind: 'room', room: name })
    }
  })

  it('uses the whole of its lists', () => {
    expect(makeRoomName(() => 0)).toBe(`${adjectives[0]}-${nouns[0]}-10`)
    expect(makeRoomName(bound => bound - 1)).toBe(`${adjectives.at(-1)}-${nouns.at(-1)}-99`)
    expect(adjectives.length * nouns.length * 90).toBeGreaterThan(1_000_000)
  })

  it('has no word twice', () => {
    expect(new Set(adjectives).size).toBe(adjectives.length)
    expect(new Set(nouns).size).toBe(nouns.length)
  })
})

it('random numbers stay in their bounds and reach all of them', () => {
  const seen = new Set(Array.from({ length: 500 }, () => cryptoRandom(7)))
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
})
