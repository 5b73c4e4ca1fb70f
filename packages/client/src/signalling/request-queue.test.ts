import { FakeClock } from '@parley/testkit'
import { expect, test, vi } from 'vitest'
import { ParleyError } from '../error.ts'
import { FakeServer, settle } from '../testing/fake-link.ts'
import { RequestQueue } from './request-queue.ts'

function setUp() {
  const clock = new FakeClock()
  const unanswered = vi.fn()
  const queue = new RequestQueue({ clock, unanswered })
  const server = new FakeServer()
  const connect = () => {
    server.openLink({}, { welcome() {}, event() {}, polling() {}, down() {} })
    queue.open(server.link)
    return server.link
  }
  return { clock, unanswered, queue, connect }
}

const leave = (queue: RequestQueue, room: string) => queue.request('room.leave', { room })

test('what waits goes out in order when released, and is sent again on the next connection until answered', async () => {
  const { queue, connect } = setUp()
  const asked = [leave(queue, 'a'), leave(queue, 'b')]
  const first = connect()
  expect(first.asked).toEqual([])
  queue.release()
  expect(first.asked.map(({ input }) => input)).toEqual([{ room: 'a' }, { room: 'b' }])
  await first.answer('room.leave', {})
  queue.lost()
  const second = connect()
  queue.release()
  expect(second.asked.map(({ input }) => input)).toEqual([{ room: 'b' }])
  await second.answer('room.leave', {})
  await expect(Promise.all(asked)).resolves.toEqual([{}, {}])
})

test('an answer that comes late, for the second time, changes nothing', async () => {
  const { queue, connect } = setUp()
  const asked = leave(queue, 'a')
  const first = connect()
  queue.release()
  const late = first.asked[0]
  queue.lost()
  const second = connect()
  queue.release()
  await second.answer('room.leave', {})
  late?.answer({ ok: false, error: { code: 'internal', message: 'late', remedy: '' } })
  await expect(asked).resolves.toEqual({})
})

test('urgent requests go before what is held, and fail when the connection is lost', async () => {
  const { queue, connect } = setUp()
  const held = leave(queue, 'held')
  await expect(queue.request('ice.servers', {}, { urgent: true })).rejects.toMatchObject({ code: 'unreachable' })
  const first = connect()
  const urgent = queue.request('ice.servers', {}, { urgent: true })
  expect(first.names()).toEqual(['ice.servers'])
  queue.lost()
  await expect(urgent).rejects.toMatchObject({ code: 'unreachable' })
  const second = connect()
  queue.release()
  expect(second.names()).toEqual(['room.leave'])
  await second.answer('room.leave', {})
  await held
})

test('the value is handed over before anything else can happen', async () => {
  const { queue, connect } = setUp()
  const seen: unknown[] = []
  const link = connect()
  queue.release()
  const asked = queue.request('ice.servers', {}, { onValue: value => seen.push(value) })
  link.asked[0]?.answer({ ok: true, value: { iceServers: [] } })
  expect(seen).toEqual([{ iceServers: [] }])
  await asked
})

test('a refusal is an error with the server’s code and remedy', async () => {
  const { queue, connect } = setUp()
  const link = connect()
  queue.release()
  const asked = leave(queue, 'a').catch(error => error)
  await link.answerError('room.leave', 'not-in-room')
  const error = await asked
  expect(error).toBeInstanceOf(ParleyError)
  expect(error).toMatchObject({ code: 'not-in-room', remedy: 'Join the room first.' })
})

test('a request that stays unanswered asks for another connection, then fails with timeout', async () => {
  const { clock, queue, connect, unanswered } = setUp()
  const asked = leave(queue, 'a').catch(error => error)
  connect()
  queue.release()
  clock.advance(9_999)
  expect(unanswered).not.toHaveBeenCalled()
  clock.advance(1)
  expect(unanswered).toHaveBeenCalledOnce()
  queue.lost()
  connect()
  queue.release()
  clock.advance(10_000)
  expect(await asked).toMatchObject({ code: 'timeout' })
  expect(unanswered).toHaveBeenCalledOnce()
  expect(clock.pending).toBe(0)
})

test('while there is no connection no time runs out', async () => {
  const { clock, queue, connect, unanswered } = setUp()
  const asked = leave(queue, 'a')
  connect()
  queue.release()
  queue.lost()
  clock.advance(3_600_000)
  expect(unanswered).not.toHaveBeenCalled()
  const link = connect()
  queue.release()
  await link.answer('room.leave', {})
  await asked
})

test('closing fails what waits and what comes later, and leaves no timer', async () => {
  const { clock, queue, connect } = setUp()
  connect()
  queue.release()
  const waiting = leave(queue, 'a').catch(error => error)
  queue.close(new ParleyError('closed'))
  queue.close(new ParleyError('internal'))
  expect(await waiting).toMatchObject({ code: 'closed' })
  await expect(leave(queue, 'b')).rejects.toMatchObject({ code: 'closed' })
  await settle()
  expect(clock.pending).toBe(0)
})
