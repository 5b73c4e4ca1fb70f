import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  vi.resetModules()
})

function microphone() {
  const clone = { enabled: false, stop: vi.fn() }
  return { clone, track: { clone: () => clone } as unknown as MediaStreamTrack }
}

test('a browser without Web Audio shows no level, and goes on', async () => {
  const { levelOf } = await import('./level.ts')
  const { track } = microphone()
  expect(() => levelOf(track).subscribe(() => {})()).not.toThrow()
})

test('a microphone that Firefox cannot listen to shows no level, and is let go', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('MediaStream', class {})
  vi.stubGlobal(
    'AudioContext',
    class extends EventTarget {
      createMediaStreamSource() {
        throw new DOMException('different sample-rate', 'NotSupportedError')
      }
    },
  )
  const { levelOf } = await import('./level.ts')
  const { track, clone } = microphone()
  const stop = levelOf(track).subscribe(() => {})
  expect(warned).toHaveBeenCalledOnce()
  stop()
  expect(clone.stop).toHaveBeenCalledOnce()
})
