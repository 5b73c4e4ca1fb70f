import { describe, expect, it } from 'vitest'
import { PaceControl, paces } from './pace.ts'

/** A computer that needs so many ms for a frame at each pace, and whose camera gives a frame every 33 ms. */
class Computer {
  readonly control = new PaceControl()
  now = 0

  run(forMs: number, workMs: (level: number) => number): void {
    const end = this.now + forMs
    while (this.now < end && this.control.pace) {
      const work = workMs(this.level)
      this.now += Math.max(33, work)
      this.control.frame(work, this.now)
    }
  }

  get level(): number {
    const { pace } = this.control
    return pace ? paces.indexOf(pace) : -1
  }
}

describe('the pace of a computer', () => {
  it('that is fast enough stays whole', () => {
    const computer = new Computer()
    computer.run(60_000, () => 15)
    expect(computer.control.pace?.less).toBe('nothing')
  })

  it('steps down within seconds when it is too slow, and no further than it must', () => {
    const computer = new Computer()
    computer.run(15_000, level => [40, 20, 15, 10][level] ?? 0)
    expect(computer.level).toBe(1)
    expect(computer.control.pace).toMatchObject({ less: 'rate', segmentEvery: 2 })
  })

  it('goes to the smallest picture before it gives up', () => {
    const computer = new Computer()
    computer.run(15_000, () => 100)
    expect(computer.level).toBe(paces.length - 1)
    computer.run(120_000, () => 100)
    expect(computer.level).toBe(paces.length - 1)
  })

  it('gives up where even the least leaves hardly any pictures, but not at the first hiccup', () => {
    const computer = new Computer()
    computer.run(8_000, () => 100)
    computer.run(6_000, () => 400)
    expect(computer.control.pace).toBeDefined()
    computer.run(30_000, () => 400)
    expect(computer.control.pace).toBeUndefined()
  })

  it('does more again when it has been easy for a while, not at once', () => {
    const computer = new Computer()
    computer.run(2_100, () => 40)
    expect(computer.level).toBeGreaterThan(0)
    const level = computer.level
    computer.run(6_000, () => 5)
    expect(computer.level).toBe(level)
    computer.run(60_000, () => 5)
    expect(computer.level).toBe(0)
  })

  it('tries more and more seldom what does not work', () => {
    const computer = new Computer()
    const raises: number[] = []
    let before = 0
    for (let i = 0; i < 4000; i++) {
      computer.run(100, level => (level === 0 ? 40 : 5))
      if (before === 1 && computer.level === 0) raises.push(computer.now)
      before = computer.level
    }
    const gaps = raises.slice(1).map((at, i) => at - (raises[i] ?? 0))
    expect(raises.length).toBeGreaterThan(2)
    expect(raises.length).toBeLessThan(9)
    expect(gaps.at(-1)).toBeGreaterThan((gaps[0] ?? 0) * 2)
  })
})
