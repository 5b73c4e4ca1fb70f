import { FakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { recoveryTimes } from '../peer-connection/recovery.ts'
import type { ConnectionStatus } from '../types.ts'
import { type SfuConnection, type SfuConnectionEvents, SfuTransport } from './sfu-transport.ts'

class FakeConnection implements SfuConnection {
  state: RTCPeerConnectionState = 'new'
  offering = false
  restarts = 0
  closed = false
  readonly events: SfuConnectionEvents

  constructor(events: SfuConnectionEvents) {
    this.events = events
  }

  become(state: RTCPeerConnectionState, offering = false): void {
    this.state = state
    this.offering = offering
    this.events.changed()
  }

  restart(): void {
    this.restarts++
  }

  getStats(): Promise<RTCStatsReport> {
    return Promise.resolve(new Map() as unknown as RTCStatsReport)
  }

  close(): void {
    this.closed = true
  }
}

const noPath = { code: 'server-unreachable', reason: 'no way' } as const

function start() {
  const clock = new FakeClock()
  const made: FakeConnection[] = []
  const refuses = { now: false }
  let status: ConnectionStatus | undefined
  const transport: SfuTransport<FakeConnection> = new SfuTransport({
    clock,
    open(events) {
      if (refuses.now) throw new Error('too many')
      const connection = new FakeConnection(events)
      made.push(connection)
      return connection
    },
    replace: () => transport.open(),
    status: now => {
      status = now
    },
    noPath: () => noPath,
  })
  return {
    clock,
    transport,
    made,
    refuses,
    get status() {
      return status
    },
    get last(): FakeConnection {
      const last = made.at(-1)
      if (!last) throw new Error('none was made')
      return last
    },
  }
}

test('connects, and is left alone', () => {
  const one = start()
  one.transport.open()
  expect(one.status).toMatchObject({ status: 'connecting' })
  one.last.become('connected')
  expect(one.status).toEqual({ status: 'connected' })
  expect(one.transport.connected).toBe(true)
  one.clock.advance(1e9)
  expect([one.last.restarts, one.made.length, one.clock.pending]).toEqual([0, 1, 0])
})

test('an offer without an answer is made again', () => {
  const one = start()
  one.transport.open()
  one.last.become('connected')
  one.last.become('connected', true)
  one.clock.advance(recoveryTimes.answer - 1)
  expect(one.last.restarts).toBe(0)
  one.clock.advance(1)
  expect(one.last.restarts).toBe(1)
})

test('says that the server is unreachable, and goes on trying with other connections', () => {
  const one = start()
  one.transport.open()
  const [first] = one.made
  first?.become('connecting')
  first?.become('failed')
  expect(first?.restarts).toBe(1)
  one.clock.advance(recoveryTimes.failed)
  expect(one.status).toMatchObject({ status: 'failed', ...noPath })
  expect(one.made).toHaveLength(2)
  expect(first?.closed).toBe(true)
  one.last.become('connected')
  expect(one.status).toEqual({ status: 'connected' })
})

test('what goes wrong in a negotiation is the reason that is given, without a code', () => {
  const one = start()
  one.transport.open()
  one.last.events.broken('The offer does not fit.')
  one.clock.advance(recoveryTimes.failed)
  expect(one.status).toEqual({ status: 'failed', since: expect.any(Number), reason: 'The offer does not fit.' })
})

test('nothing is tried while signals do not reach the server, and at once when they do', () => {
  const one = start()
  one.transport.open()
  one.transport.reachable(false)
  one.last.become('failed')
  one.clock.advance(60_000)
  expect([one.last.restarts, one.made.length]).toEqual([0, 1])
  one.transport.reachable(true)
  expect(one.last.restarts).toBe(1)
})

test('a connection that the browser refused to make is made later', () => {
  const one = start()
  one.refuses.now = true
  one.transport.open()
  expect(one.transport.connection).toBeUndefined()
  one.clock.advance(recoveryTimes.retries[0])
  expect(one.made).toHaveLength(0)
  one.refuses.now = false
  one.clock.advance(60_000)
  expect(one.made.length).toBeGreaterThan(0)
  one.last.become('connected')
  expect(one.status).toEqual({ status: 'connected' })
})

test('what a connection says after it was replaced or closed counts no more', () => {
  const one = start()
  one.transport.open()
  const [first] = one.made
  one.transport.open()
  first?.become('connected')
  expect(one.status).toMatchObject({ status: 'connecting' })
  one.last.become('connected')
  one.transport.close()
  one.last.become('failed')
  expect(one.status).toEqual({ status: 'connected' })
  expect([one.transport.connection, one.clock.pending]).toEqual([undefined, 0])
})
