import { FakeClock } from '@parley/testkit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { settle } from '../testing/fake-link.ts'
import { LevelsWatch } from './levels-watch.ts'

const reported: unknown[] = []
beforeEach(() => vi.stubGlobal('reportError', (error: unknown) => reported.push(error)))
afterEach(() => vi.unstubAllGlobals())

test('stopping and starting while a measurement is under way leaves one round', async () => {
  const clock = new FakeClock()
  const finish: (() => void)[] = []
  const heard = vi.fn()
  const measure = () =>
    new Promise<ReadonlyMap<string, number>>(resolve => {
      finish.push(() => resolve(new Map()))
    })
  const watch = new LevelsWatch({ clock, measure, heard })
  watch.listen(true)
  clock.advance(160)
  watch.listen(false)
  watch.listen(true)
  finish.shift()?.()
  await settle()
  expect(heard).not.toHaveBeenCalled()
  expect(clock.pending).toBe(1)
  clock.advance(160)
  finish.shift()?.()
  await settle()
  expect(heard).toHaveBeenCalledOnce()
  watch.listen(false)
  expect(clock.pending).toBe(0)
})

test('a measurement that fails is reported, and the next one comes', async () => {
  const clock = new FakeClock()
  const error = new Error('no statistics')
  const measure = vi.fn().mockRejectedValueOnce(error).mockResolvedValue(new Map())
  const heard = vi.fn()
  const watch = new LevelsWatch({ clock, measure, heard })
  watch.listen(true)
  clock.advance(160)
  await settle()
  clock.advance(160)
  await settle()
  expect(reported).toEqual([error])
  expect(heard).toHaveBeenCalledOnce()
  watch.listen(false)
})
