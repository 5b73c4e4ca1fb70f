import { afterEach, expect, test, vi } from 'vitest'
import { EventSource } from './emitter.ts'

afterEach(() => vi.unstubAllGlobals())

test('listeners hear until they stop; stopping twice stops nobody else', () => {
  const source = new EventSource<{ tick: number }>()
  const heard: string[] = []
  const listener = (n: number) => heard.push(`same ${n}`)
  const stop = source.on('tick', listener)
  source.on('tick', listener)
  source.emit('tick', 1)
  stop()
  stop()
  source.emit('tick', 2)
  expect(heard).toEqual(['same 1', 'same 1', 'same 2'])
})

test('a listener that throws is reported, and the others still hear', () => {
  const reported: unknown[] = []
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
  const source = new EventSource<{ tick: number }>()
  const heard = vi.fn()
  const error = new Error('in the app')
  source.on('tick', () => {
    throw error
  })
  source.on('tick', heard)
  source.emit('tick', 1)
  expect(heard).toHaveBeenCalledWith(1)
  expect(reported).toEqual([error])
})

test('tells how many listen; forgetting them all is told too', () => {
  const counts: [string, number][] = []
  const source = new EventSource<{ tick: number }>((event, count) => counts.push([event, count]))
  const stop = source.on('tick', () => {})
  source.on('tick', () => {})
  stop()
  source.clear()
  expect(counts).toEqual([
    ['tick', 1],
    ['tick', 2],
    ['tick', 1],
    ['tick', 0],
  ])
})
