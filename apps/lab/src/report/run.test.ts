import { FakeClock } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { pause, runWithin } from './run.ts'

describe('a run', () => {
  it('ends with the result and how long it took', async () => {
    const clock = new FakeClock()
    const outcome = runWithin(
      async signal => {
        await pause(30, signal, clock)
        return 'found'
      },
      { timeLimitMs: 1000, clock },
    )
    clock.advance(30)
    expect(await outcome).toEqual({ status: 'done', value: 'found', tookMs: 30 })
    expect(clock.pending).toBe(0)
  })

  it('ends when the time is up, even if the work never does, and tells the work', async () => {
    const clock = new FakeClock()
    let told = false
    const outcome = runWithin(
      signal => {
        signal.addEventListener('abort', () => {
          told = true
        })
        return new Promise(() => {})
      },
      { timeLimitMs: 1000, clock },
    )
    clock.advance(1000)
    expect(await outcome).toEqual({ status: 'timed-out', afterMs: 1000 })
    expect(told).toBe(true)
  })

  it('ends at once when it is cancelled', async () => {
    const clock = new FakeClock()
    const person = new AbortController()
    const outcome = runWithin(signal => pause(500, signal, clock), { timeLimitMs: 1000, clock, signal: person.signal })
    person.abort()
    expect(await outcome).toEqual({ status: 'cancelled' })
    expect(clock.pending).toBe(0)
    expect(await runWithin(async () => 1, { timeLimitMs: 1, clock, signal: person.signal })).toEqual({
      status: 'cancelled',
    })
  })

  it('names the error', async () => {
    const clock = new FakeClock()
    const fail = async () => {
      throw new DOMException('Requested device not found', 'NotFoundError')
    }
    expect(await runWithin(fail, { timeLimitMs: 1, clock })).toEqual({
      status: 'failed',
      error: 'NotFoundError: Requested device not found',
    })
  })
})
