import type { Session } from '@parley/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CallSample } from './measure.ts'
import { type CallPort, NotOffered } from './port.ts'
import { type CallTestOptions, runCallTest } from './run-call-test.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const session = { iceServers: [], peek: async () => ({}) } as unknown as Session
const sample: CallSample = {
  route: 'direct',
  protocol: 'udp',
  roundTripMs: 3,
  videoBps: 400_000,
  audioBps: 30_000,
  loss: 0,
  jitterMs: 2,
  framesPerSecond: 30,
}

/** A port whose calls work, counting those that are open. */
function goodCalls() {
  const state = { open: 0, samples: 0 }
  const calls: CallPort = {
    open: async () => {
      state.open++
      const take = async () => {
        state.samples++
        return sample
      }
      return { setUpMs: 200, sample: take, close: () => void state.open-- }
    },
  }
  return { calls, state }
}

async function run(change: Partial<CallTestOptions>) {
  const options = {
    session,
    look: async () => ({ door: 'meet.example:443', clockOffMs: 0, webSocket: 'open' as const }),
    kinds: ['direct'],
    seconds: 3,
    signal: new AbortController().signal,
    ...goodCalls(),
  } as const
  const running = runCallTest({ ...options, ...change })
  const ended = running.then(
    value => ({ value }),
    (error: Error) => ({ error }),
  )
  await vi.runAllTimersAsync()
  return ended
}

test('each call is measured once a second and then closed', async () => {
  const { calls, state } = goodCalls()
  const { value } = (await run({ calls, kinds: ['direct', 'sfu'] })) as {
    value: Awaited<ReturnType<typeof runCallTest>>
  }
  expect(value.signalling.is).toBe('answered')
  expect(value.calls.map(({ kind, is }) => `${kind} ${is}`)).toEqual(['direct measured', 'sfu measured'])
  expect(state).toEqual({ open: 0, samples: 2 * (1 + 3) })
})

test('without a session it says so at once', async () => {
  expect(await run({ session: undefined })).toMatchObject({ value: { signalling: { is: 'unreachable' }, calls: [] } })
})

test('a server that stopped answering is unreachable, and no call is tried', async () => {
  const silent = { ...session, peek: () => new Promise(() => {}) } as unknown as Session
  const { calls, state } = goodCalls()
  expect(await run({ session: silent, calls })).toMatchObject({
    value: { signalling: { is: 'unreachable' }, calls: [] },
  })
  expect(state.samples).toBe(0)
})

test('a call that never comes about ends by its time limit, and the next is tried', async () => {
  const { calls } = goodCalls()
  const stuck: CallPort = {
    open: (kind, signal) => (kind === 'sfu' ? calls.open(kind, signal) : new Promise(() => {})),
  }
  expect(await run({ calls: stuck, kinds: ['direct', 'sfu'] })).toMatchObject({
    value: {
      calls: [
        { kind: 'direct', is: 'failed', reason: 'no answer within 20 s' },
        { kind: 'sfu', is: 'measured' },
      ],
    },
  })
})

test('what the server does not offer is no failure; relayed calls without TURN are not tried', async () => {
  const refusing: CallPort = {
    open: async () => {
      throw new NotOffered('no SFU here')
    },
  }
  expect(await run({ calls: refusing, kinds: ['sfu', 'relayed'] })).toMatchObject({
    value: {
      calls: [
        { is: 'not-offered', reason: 'no SFU here' },
        { is: 'not-offered', reason: 'no TURN' },
      ],
    },
  })
})

test('stopping closes the call', async () => {
  const { calls, state } = goodCalls()
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 1500)
  expect(await run({ calls, signal: stop.signal })).toMatchObject({ error: { name: 'AbortError' } })
  expect(state.open).toBe(0)
})

test('a call that comes about after the limit is closed, too', async () => {
  const { calls, state } = goodCalls()
  const late: CallPort = {
    open: (kind, signal) => new Promise(resolve => setTimeout(() => resolve(calls.open(kind, signal)), 60_000)),
  }
  expect(await run({ calls: late })).toMatchObject({ value: { calls: [{ is: 'failed' }] } })
  expect(state.open).toBe(0)
})

test('where no way to the relay is open, no relayed call is tried; what is known is not asked again', async () => {
  const { calls, state } = goodCalls()
  const turn = [{ url: 'turns:meet.example:443', verdict: { is: 'untrusted' } }] as const
  expect(await run({ calls, turn, kinds: ['relayed'] })).toMatchObject({
    value: { turn, publicAddress: undefined, calls: [{ kind: 'relayed', is: 'no-way' }] },
  })
  expect(state.samples).toBe(0)
})
