import type { IceServer } from '@parley/protocol'
import { FakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { FakeServer, settle } from '../testing/fake-link.ts'
import type { ConnectOptions, SessionState } from '../types.ts'
import { Connection, type ConnectionOptions } from './connection.ts'

function setUp(options: ConnectOptions & Pick<ConnectionOptions, 'sayGoodbye'> = {}) {
  const clock = new FakeClock()
  const server = new FakeServer()
  const states: SessionState[] = []
  const servers: (readonly IceServer[])[] = []
  let restore: () => Promise<void> = async () => {}
  const connection = new Connection({
    ...options,
    openLink: server.openLink,
    clock,
    random: () => 1,
    onState: state => states.push(state),
    onIceServers: given => servers.push(given),
    onWelcome: () => restore(),
  })
  return {
    clock,
    server,
    states,
    servers,
    connection,
    onWelcome(run: () => Promise<void>) {
      restore = run
    },
    async up() {
      const started = connection.start()
      await settle()
      server.link.welcome()
      await settle()
      return started
    },
  }
}

test('the first welcome resolves; the state is connected', async () => {
  const { up, connection, server } = setUp({ name: 'Ann' })
  await expect(up()).resolves.toMatchObject({ session: 's1' })
  expect(connection.state).toEqual({ status: 'connected' })
  expect(server.link.auth).toMatchObject({ name: 'Ann', clock: expect.any(Number) })
})

test('a server that is not there is tried again until the patience ends: unreachable, with the cause', async () => {
  const { clock, server, connection, states } = setUp({ timeoutMs: 5_000 })
  const started = connection.start().catch(error => error)
  const cause = new Error('refused by the kernel')
  for (let ms = 0; ms <= 5_000; ms += 250) {
    await settle()
    if (!server.link.end) server.link.down({ broken: cause })
    clock.advance(250)
  }
  const error = await started
  expect(error).toMatchObject({ code: 'unreachable', cause })
  expect(server.links.length).toBeGreaterThan(2)
  expect(clock.pending).toBe(0)
  expect(states).toEqual([])
})

test.each(['unauthorized', 'token-invalid', 'origin-refused', 'not-allowed'] as const)(
  'a first connection refused with %s fails at once with that code',
  async code => {
    const { server, connection, clock } = setUp()
    const started = connection.start().catch(error => error)
    await settle()
    server.link.refuse(code)
    expect(await started).toMatchObject({ code })
    expect(clock.pending).toBe(0)
  },
)

test('after a loss it proves who it is, says what it has seen, and shows when it tries again', async () => {
  const { clock, server, connection, states, up } = setUp()
  await up()
  server.link.tell('server.stopping', { reason: 'update' }, 41)
  server.link.tell('server.stopping', { reason: 'update' }, 42)
  server.link.down()
  const since = clock.now()
  expect(connection.state).toEqual({ status: 'reconnecting', since, retryAt: since + 500 })
  clock.advance(500)
  await settle()
  expect(connection.state).toEqual({ status: 'reconnecting', since, retryAt: undefined })
  expect(server.link.auth).toEqual({ token: 'token', ticket: 'ticket', after: 42, clock: clock.now() })
  server.link.down()
  expect(connection.state).toMatchObject({ since, retryAt: clock.now() + 1000 })
  clock.advance(1000)
  await settle()
  server.link.welcome({ resumed: true })
  expect(states.at(-1)).toEqual({ status: 'connected' })
  server.link.down()
  expect(connection.state).toMatchObject({ retryAt: clock.now() + 500 })
})

test('an event that is replayed though it was seen is dropped; after a new beginning numbers count afresh', async () => {
  const { clock, server, connection, up } = setUp()
  const heard: string[] = []
  connection.on('server.stopping', ({ reason }) => heard.push(reason))
  await up()
  server.link.tell('server.stopping', { reason: 'one' }, 7)
  server.link.tell('server.stopping', { reason: 'again' }, 7)
  server.link.down()
  clock.advance(500)
  await settle()
  server.link.welcome({ resumed: false })
  server.link.tell('server.stopping', { reason: 'two' }, 3)
  expect(heard).toEqual(['one', 'two'])
})

test('an attempt that hangs is broken off and made again', async () => {
  const { clock, server, up } = setUp()
  await up()
  server.link.down()
  clock.advance(500)
  await settle()
  const hanging = server.link
  clock.advance(10_000)
  expect(hanging.end).toBe('dropped')
  clock.advance(1_000)
  await settle()
  expect(server.link).not.toBe(hanging)
  hanging.welcome()
  expect(server.links).toHaveLength(3)
})

test('an expired token is asked for once more, and no oftener', async () => {
  let made = 0
  const { clock, server, connection, up } = setUp({ token: () => `token-${++made}` })
  await up()
  server.link.down()
  clock.advance(500)
  await settle()
  expect(server.link.auth.token).toBe('token-2')
  server.link.refuse('token-expired')
  await settle()
  expect(server.link.auth.token).toBe('token-3')
  server.link.refuse('token-expired')
  expect(connection.state).toMatchObject({ status: 'closed', error: { code: 'token-expired' } })
})

test('a fixed token that expired closes the session', async () => {
  const { clock, server, connection, up } = setUp({ token: 'mine' })
  await up()
  server.link.down()
  clock.advance(500)
  await settle()
  server.link.refuse('token-expired')
  expect(connection.state).toMatchObject({ status: 'closed', error: { code: 'token-expired' } })
})

test('a back end that cannot make a token now is asked again later', async () => {
  let broken = false
  const { clock, server, connection, up } = setUp({
    token: async () => {
      if (broken) throw new Error('back end down')
      return 'fresh'
    },
  })
  await up()
  broken = true
  server.link.down()
  clock.advance(500)
  await settle()
  expect(connection.state).toMatchObject({ status: 'reconnecting', retryAt: clock.now() + 1000 })
  broken = false
  clock.advance(1000)
  await settle()
  server.link.welcome({ resumed: true })
  expect(connection.state).toEqual({ status: 'connected' })
})

test.each(['server-stopping', 'too-many-connections', 'rate-limited', 'internal'] as const)(
  '%s is waited out',
  async code => {
    const { clock, server, connection, up } = setUp()
    await up()
    server.link.down()
    clock.advance(500)
    await settle()
    server.link.refuse(code)
    expect(connection.state).toMatchObject({ status: 'reconnecting', retryAt: clock.now() + 1000 })
  },
)

test('requests wait until what was lost has been restored', async () => {
  const { clock, server, connection, up, onWelcome } = setUp()
  await up()
  server.link.down()
  connection.request('room.leave', { room: 'x' }).catch(() => {})
  let restored = () => {}
  onWelcome(async () => {
    void connection.request('room.join', { room: 'x' }, { urgent: true }).catch(() => {})
    await new Promise<void>(resolve => {
      restored = resolve
    })
  })
  clock.advance(500)
  await settle()
  server.link.welcome()
  await settle()
  expect(server.link.names()).toEqual(['room.join'])
  restored()
  await settle()
  expect(server.link.names()).toEqual(['room.join', 'room.leave'])
})

test('waking up tries at once while it waits', async () => {
  const { clock, server, connection, up } = setUp()
  await up()
  server.link.down()
  connection.wake()
  await settle()
  expect(server.links).toHaveLength(2)
  connection.wake()
  await settle()
  server.link.welcome({ resumed: true })
  clock.advance(60_000)
  await settle()
  expect(server.links).toHaveLength(2)
  expect(clock.pending).toBe(0)
})

test('waking up on a dead connection finds out, and replaces it', async () => {
  const { clock, server, connection, up } = setUp()
  await up()
  const dead = server.link
  connection.wake()
  expect(dead.names()).toEqual(['ice.servers'])
  clock.advance(4_000)
  await settle()
  expect(dead.end).toBe('dropped')
  expect(server.link).not.toBe(dead)
})

test('waking up on a live connection leaves it alone', async () => {
  const { clock, server, connection, up } = setUp()
  await up()
  connection.wake()
  await server.link.answer('ice.servers', { iceServers: [] })
  clock.advance(60_000)
  expect(server.links).toHaveLength(1)
  expect(clock.pending).toBe(0)
})

test('a page that goes away tells the server; when it comes back it connects again', async () => {
  const { server, connection, up, clock } = setUp()
  await up()
  const left = server.link
  connection.suspend()
  expect(left.end).toBe('left')
  expect(connection.state).toMatchObject({ status: 'reconnecting' })
  expect(clock.pending).toBe(0)
  connection.wake()
  await settle()
  expect(server.link).not.toBe(left)
})

test('closing leaves, fails what waits, stops every timer, and is final', async () => {
  const { clock, server, connection, states, up } = setUp()
  await up()
  const waiting = connection.request('room.leave', { room: 'x' }).catch(error => error)
  connection.close()
  connection.close()
  connection.wake()
  connection.suspend()
  server.link.down()
  expect(server.link.end).toBe('left')
  expect(await waiting).toMatchObject({ code: 'closed' })
  expect(states.filter(({ status }) => status === 'closed')).toEqual([{ status: 'closed', error: undefined }])
  expect(clock.pending).toBe(0)
})

test('a page that goes says so by a way that outlives it, with what proves the session; its tab is told when it comes', async () => {
  const goodbyes: unknown[] = []
  const { connection, server, up } = setUp({ tab: 'tab-1', sayGoodbye: leaving => goodbyes.push(leaving) })
  await up()
  expect(server.link.auth).toMatchObject({ tab: 'tab-1' })
  connection.suspend()
  expect(goodbyes).toEqual([{ ticket: 'ticket', identity: 'ann' }])
  connection.close()
  connection.suspend()
  expect(goodbyes).toHaveLength(1)
})

test.each([
  ['rejects', () => Promise.reject(new Error('my back end is down'))],
  [
    'throws',
    () => {
      throw new Error('my back end is down')
    },
  ],
])('a token function that %s: the first connection fails with that, not with the server', async (_, token) => {
  const { connection, server, clock } = setUp({ token })
  const error = await connection.start().catch(error => error)
  expect(error).toMatchObject({ code: 'token-failed', cause: { message: 'my back end is down' } })
  expect(error.remedy).not.toMatch(/allow-origin/)
  expect(server.links).toEqual([])
  expect(clock.pending).toBe(0)
})

test.each([undefined, null, '', { token: 't' }])('a token function that returns %j says so', async nothing => {
  const { connection } = setUp({ token: () => nothing as unknown as string })
  await expect(connection.start()).rejects.toMatchObject({ code: 'token-failed', cause: expect.any(TypeError) })
})

test.each([5_000, 15_000])('a token function that never answers, within %d ms', async timeoutMs => {
  const { connection, clock } = setUp({ token: () => new Promise(() => {}), timeoutMs })
  const started = connection.start().catch(error => error)
  await settle()
  clock.advance(timeoutMs)
  expect(await started).toMatchObject({ code: 'token-failed' })
  expect(clock.pending).toBe(0)
})

test('later, a token that cannot be had for a while is asked for again', async () => {
  let fails = false
  const token = async () => {
    if (fails) throw new Error('offline')
    return 't'
  }
  const { up, server, connection, clock } = setUp({ token })
  await up()
  fails = true
  server.link.down()
  clock.advance(500)
  await settle()
  expect(connection.state).toMatchObject({ status: 'reconnecting' })
  fails = false
  connection.wake()
  await settle()
  server.link.welcome({ resumed: true })
  expect(connection.state).toEqual({ status: 'connected' })
})

test('says when it has to poll, and when it no longer has to', async () => {
  const { server, states, up } = setUp()
  await up()
  server.link.polling(true)
  server.link.polling(false)
  expect(states).toEqual([{ status: 'connected' }, { status: 'connected', polling: true }, { status: 'connected' }])
})

test('the token function is asked again before the token ends, and nothing is interrupted', async () => {
  let asked = 0
  const { clock, server, states, servers, connection } = setUp({ token: () => `token-${++asked}` })
  const started = connection.start()
  await settle()
  const at = 5_000_000
  server.link.welcome({ at, until: at + 100_000 })
  await started
  clock.advance(79_000)
  expect(server.link.names()).toEqual([])
  clock.advance(1_000)
  await settle()
  expect(server.link.input('session.renew')).toEqual({ token: 'token-2' })
  const iceServers = [{ urls: ['stun:x'] }]
  await server.link.answer('session.renew', { token: 'token-2', until: at + 180_000, iceServers })
  expect([connection.token, servers]).toEqual(['token-2', [iceServers]])
  clock.advance(80_000)
  await settle()
  expect(server.link.input('session.renew')).toEqual({ token: 'token-3' })
  expect([server.links.length, states]).toEqual([1, [{ status: 'connected' }]])
})

test('a renewal that fails is tried again while anything is left, then no more', async () => {
  let asked = 0
  const failing = async () => {
    asked++
    if (asked > 1) throw new Error('the back end is away')
    return 'token'
  }
  const { clock, server, connection } = setUp({ token: failing })
  const started = connection.start()
  await settle()
  server.link.welcome({ at: 0, until: 100_000 })
  await started
  for (let seconds = 0; seconds < 200; seconds++) {
    clock.advance(1_000)
    await settle()
  }
  expect(asked).toBeGreaterThan(2)
  expect(asked).toBeLessThan(8)
  expect(connection.state).toEqual({ status: 'connected' })
  expect(clock.pending).toBe(0)
})

test('a session that the server ends is closed with its reason', async () => {
  const { up, server, connection } = setUp()
  await up()
  server.link.tell('session.ended', { code: 'removed', message: 'You were removed.', remedy: 'Ask.' })
  expect(connection.state).toMatchObject({ status: 'closed', error: { code: 'removed', remedy: 'Ask.' } })
})
