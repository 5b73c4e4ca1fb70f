import type { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readAhead, type Verdict } from './read-ahead.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** A stream whose first byte says how many more are a header; `!` is nobody's. */
function watch() {
  const stream = new PassThrough()
  const taken: string[] = []
  const over = vi.fn()
  const judge = (begun: Buffer): Verdict => {
    if (begun.toString().startsWith('!')) return 'wrong'
    const consumed = 1 + Number(begun.toString('latin1', 0, 1))
    if (begun.length < consumed) return 'more'
    return { consumed, take: () => stream.on('data', chunk => taken.push(String(chunk))) }
  }
  readAhead(stream as unknown as Socket, 5_000, judge, over)
  return { stream, taken, over }
}

const turn = () => new Promise(resolve => setImmediate(resolve))

it('gives the owner everything behind the header, in order, however it was cut', async () => {
  const { stream, taken, over } = watch()
  for (const chunk of ['3', 'a', 'bcOW', 'N BYTES']) {
    stream.write(chunk)
    await turn()
  }
  expect(taken.join('')).toBe('OWN BYTES')
  expect(over).toHaveBeenCalledOnce()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(stream.destroyed).toBe(false)
})

it('ends what nobody wants', async () => {
  const { stream, over } = watch()
  stream.write('!')
  await turn()
  expect([stream.destroyed, over.mock.calls.length]).toEqual([true, 1])
})

it('ends what takes too long, counted from the start', async () => {
  const { stream, over } = watch()
  stream.write('9')
  await turn()
  await vi.advanceTimersByTimeAsync(4_999)
  stream.write('more')
  await turn()
  expect(stream.destroyed).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await turn()
  expect([stream.destroyed, over.mock.calls.length]).toEqual([true, 1])
})

it('is over once when the other side goes first, or breaks', async () => {
  const gone = watch()
  gone.stream.destroy()
  const broken = watch()
  broken.stream.destroy(new Error('reset'))
  await turn()
  for (const { over, taken } of [gone, broken]) {
    expect(over).toHaveBeenCalledOnce()
    expect(taken).toEqual([])
  }
})
