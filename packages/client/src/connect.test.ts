import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connect, warmUp } from './connect.ts'

beforeEach(() => void vi.stubGlobal('location', { href: 'https://app.example/page' }))
afterEach(() => void vi.unstubAllGlobals())

test.each([
  'https://',
  'http://',
  'localhost:8443',
  'meet.example.org:443/parley',
  'ftp://meet.example',
  'javascript:1',
  'data:,',
  'https://a b',
])('%s is refused at once, in words', async url => {
  const error = await connect(url).catch(error => error)
  expect(error).toMatchObject({ name: 'ParleyError', code: 'bad-address' })
  expect(error.message).toContain(url)
  expect(error.remedy).toContain('https://')
})

test('says how an address without its scheme is written', async () => {
  await expect(connect('localhost:8443')).rejects.toMatchObject({ remedy: 'Write https://localhost:8443.' })
})

test('whoever has given up already opens nothing', async () => {
  await expect(connect('/', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'closed' })
})

describe('warming up', () => {
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
})
