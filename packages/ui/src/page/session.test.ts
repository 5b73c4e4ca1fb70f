import type { ClientErrorCode, ConnectOptions, Session, SessionState } from '@parley/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const connect = vi.hoisted(() => vi.fn<(url: string, options: ConnectOptions) => Promise<Session>>())
vi.mock('@parley/client', () => ({ connect }))

class FakeError extends Error {
  readonly code: ClientErrorCode
  readonly remedy = ''
  constructor(code: ClientErrorCode) {
    super(code)
    this.code = code
  }
}

function fakeSession(token: string) {
  const listeners = new Map<string, (payload: unknown) => void>()
  const session = {
    token,
    state: { status: 'connected' } as SessionState,
    people: new Map(),
    calls: new Map(),
    reconnect: vi.fn(),
    close: vi.fn(),
    on: (event: string, listener: (payload: unknown) => void) => {
      listeners.set(event, listener)
      return () => listeners.delete(event)
    },
    become(state: SessionState) {
      session.state = state
      listeners.get('state')?.(state)
    },
  }
  return session
}

const asSession = (session: ReturnType<typeof fakeSession>) => session as unknown as Session

function memoryStorage(): Storage {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    clear: () => items.clear(),
    key: index => [...items.keys()][index] ?? null,
    getItem: key => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: key => void items.delete(key),
  }
}

/** The module as a freshly opened tab has it. */
async function openTab(hash = '') {
  vi.resetModules()
  vi.stubGlobal('location', { origin: 'https://parley.test', pathname: '/', search: '', hash })
  vi.stubGlobal('history', { state: null, replaceState: vi.fn() })
  const events = new EventTarget()
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events))
  const { startSession, useSession, retryConnection } = await import('./session.ts')
  startSession()
  await vi.advanceTimersByTimeAsync(0)
  const paste = async (hash: string) => {
    vi.stubGlobal('location', { ...location, hash })
    events.dispatchEvent(new Event('hashchange'))
    await vi.advanceTimersByTimeAsync(0)
  }
  return { connection: () => useSession.getState().connection, retryConnection, paste }
}

const tokens = () => connect.mock.calls.map(([, options]) => options.token)

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('navigator', { languages: ['en'] })
  vi.stubGlobal('localStorage', memoryStorage())
  vi.stubGlobal('sessionStorage', memoryStorage())
  connect.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('is the same guest the next time', async () => {
  connect.mockImplementation(async () => asSession(fakeSession('guest-1')))
  await openTab()
  await openTab()
  expect(tokens()).toEqual([undefined, 'guest-1'])
})

it('a guest whom the server does not know any more becomes a new one', async () => {
  connect.mockImplementation(async () => asSession(fakeSession('guest-1')))
  await openTab()
  connect.mockReset()
  connect.mockRejectedValueOnce(new FakeError('token-invalid'))
  connect.mockImplementation(async () => asSession(fakeSession('guest-2')))
  const tab = await openTab()
  expect(tokens()).toEqual(['guest-1', undefined])
  expect(tab.connection().status).toBe('connected')
})

it('takes the token of the link, cleans the address, and keeps it over a reload', async () => {
  connect.mockImplementation(async () => asSession(fakeSession('t1')))
  await openTab('#token=t1')
  expect(history.replaceState).toHaveBeenCalledWith(null, '', '/')
  await openTab()
  expect(tokens()).toEqual(['t1', 't1'])
  expect(localStorage.length).toBe(0)
})

it('takes the token of a link that is pasted into the open tab, and cleans the address', async () => {
  const guest = fakeSession('guest')
  connect.mockImplementationOnce(async () => asSession(guest))
  connect.mockImplementation(async () => asSession(fakeSession('t2')))
  const tab = await openTab()
  await tab.paste('#chapter-2')
  expect(history.replaceState).not.toHaveBeenCalled()
  await tab.paste('#token=t2')
  expect(history.replaceState).toHaveBeenCalledWith(null, '', '/')
  expect(guest.close).toHaveBeenCalledOnce()
  expect(tab.connection()).toMatchObject({ status: 'connected', session: { token: 't2' } })
  await tab.paste('#token=t2')
  expect(history.replaceState).toHaveBeenCalledTimes(2)
  expect(tokens()).toEqual([undefined, 't2'])
  await openTab()
  expect(tokens().at(-1)).toBe('t2')
})

it('an invitation that has ended gives way to another, or to the same when it is tried again', async () => {
  connect.mockRejectedValue(new FakeError('token-expired'))
  const tab = await openTab('#token=old')
  await tab.paste('#token=old')
  connect.mockImplementation(async () => asSession(fakeSession('new')))
  await tab.paste('#token=new')
  expect(tokens()).toEqual(['old', 'old', 'new'])
  expect(tab.connection().status).toBe('connected')
})

it('a refused token waits for a person', async () => {
  connect.mockRejectedValue(new FakeError('token-expired'))
  const tab = await openTab('#token=old')
  expect(tab.connection()).toEqual({ status: 'failed', code: 'token-expired', retryAt: undefined })
  await vi.advanceTimersByTimeAsync(120_000)
  expect(connect).toHaveBeenCalledTimes(1)
})

it('keeps trying a server that is away, more and more seldom, or at once when asked', async () => {
  connect.mockRejectedValue(new FakeError('unreachable'))
  const tab = await openTab()
  expect(tab.connection()).toEqual({ status: 'failed', code: 'unreachable', retryAt: Date.now() + 2000 })
  await vi.advanceTimersByTimeAsync(2000)
  expect(tab.connection()).toMatchObject({ retryAt: Date.now() + 4000 })
  tab.retryConnection()
  await vi.advanceTimersByTimeAsync(0)
  expect(connect).toHaveBeenCalledTimes(3)
  connect.mockImplementation(async () => asSession(fakeSession('g')))
  await vi.advanceTimersByTimeAsync(8000)
  expect(tab.connection().status).toBe('connected')
})

it('a guest of whom the server makes somebody else is that one in the next tab too', async () => {
  const session = fakeSession('guest-1')
  connect.mockImplementation(async () => asSession(session))
  await openTab()
  session.token = 'guest-2'
  session.become({ status: 'connected' })
  await openTab()
  expect(tokens()).toEqual([undefined, 'guest-2'])
})

it('another wish takes the place of the one before, however fast: one session is left', async () => {
  const answers: ((session: Session) => void)[] = []
  connect.mockImplementation(() => new Promise(resolve => answers.push(resolve)))
  const tab = await openTab()
  const { changeSettings } = await import('./settings.ts')
  changeSettings({ relayOnly: true })
  await vi.advanceTimersByTimeAsync(0)
  changeSettings({ relayOnly: false })
  await vi.advanceTimersByTimeAsync(0)
  const sessions = ['a', 'b', 'c'].map(fakeSession)
  // The last one is there first.
  for (const at of [2, 0, 1]) answers[at]?.(asSession(sessions[at] ?? fakeSession('none')))
  await vi.advanceTimersByTimeAsync(0)
  expect(sessions.map(({ close }) => close.mock.calls.length)).toEqual([1, 1, 0])
  expect(connect.mock.calls.map(([, { signal }]) => signal?.aborted)).toEqual([true, true, false])
  expect(tab.connection()).toMatchObject({ status: 'connected', session: { token: 'c' } })
})

it('shows how the session fares, and opens a new one when it is lost for good', async () => {
  const first = fakeSession('g')
  connect.mockImplementationOnce(async () => asSession(first))
  connect.mockImplementation(async () => asSession(fakeSession('g')))
  const tab = await openTab()
  first.become({ status: 'reconnecting', since: 1, retryAt: 2 })
  expect(tab.connection()).toMatchObject({ status: 'reconnecting', since: 1, retryAt: 2 })
  tab.retryConnection()
  expect(first.reconnect).toHaveBeenCalledOnce()
  first.become({ status: 'closed', error: new FakeError('unreachable') })
  expect(tab.connection().status).toBe('failed')
  await vi.advanceTimersByTimeAsync(2000)
  expect(tab.connection().status).toBe('connected')
})
