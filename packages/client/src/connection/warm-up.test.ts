import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { warmUp } from './warm-up.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('asks the browser what it can send, once the page is idle', () => {
  const asked = vi.fn()
  const waiting: (() => void)[] = []
  vi.stubGlobal('RTCRtpSender', { getCapabilities: asked })
  vi.stubGlobal('requestIdleCallback', (callback: () => void) => waiting.push(callback))
  warmUp()
  expect(asked).not.toHaveBeenCalled()
  for (const callback of waiting) callback()
  expect(asked).toHaveBeenCalledOnce()
})

test('asks a little later where the browser does not tell when it is idle', () => {
  const asked = vi.fn()
  vi.stubGlobal('RTCRtpSender', { getCapabilities: asked })
  warmUp()
  expect(asked).not.toHaveBeenCalled()
  vi.runAllTimers()
  expect(asked).toHaveBeenCalledOnce()
})

test('does nothing where there is no WebRTC, or no such question', () => {
  warmUp()
  vi.stubGlobal('RTCRtpSender', class {})
  warmUp()
  expect(vi.getTimerCount()).toBe(0)
})
