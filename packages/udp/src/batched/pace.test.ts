import { describe, expect, it } from 'vitest'
import { Pace } from './pace.ts'

/** When datagrams that arrive at such times, in µs, are served, by a loop whose turns take `turnUs`. */
function served(arrivals: readonly number[], turnUs = 30): number[][] {
  const pace = new Pace()
  const turns: number[][] = []
  const left = [...arrivals]
  let now = 0
  while (left.length > 0) {
    now += pace.restUs(now / 1000)
    const since = now
    now = Math.max(now, left[0] as number)
    pace.begin(since / 1000, now / 1000)
    const turn: number[] = []
    while (left.length > 0 && (left[0] as number) <= now) turn.push(now - (left.shift() as number))
    turns.push(turn)
    now += turnUs
  }
  return turns
}

const every = (us: number, count: number) => Array.from({ length: count }, (_, i) => 10_000 + i * us)

describe('the pace of a loop', () => {
  it('serves at once what comes after a silence', () => {
    expect(served(every(1000, 20)).flat()).toEqual(Array(20).fill(0))
  })

  it('serves together what comes in short order, a quarter of a millisecond late at most', () => {
    const turns = served(every(50, 100))
    expect(turns.length).toBeLessThan(25)
    expect(turns.flat()).toHaveLength(100)
    expect(Math.max(...turns.flat())).toBeLessThanOrEqual(251)
  })

  it('does not rest when there is always work', () => {
    const pace = new Pace()
    pace.begin(0, 0)
    expect(pace.restUs(0.1)).toBe(150)
    expect(pace.restUs(0.25)).toBe(0)
    expect(pace.restUs(7)).toBe(0)
  })

  it('serves at once again when a burst is over', () => {
    const turns = served([...every(50, 100), 30_000, 31_000])
    expect(turns.slice(-2)).toEqual([[0], [0]])
  })

  it('does not rest before it has served anything', () => {
    expect(new Pace().restUs(0)).toBe(0)
  })
})
