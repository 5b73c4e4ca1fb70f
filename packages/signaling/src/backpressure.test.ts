import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { Backpressure, innocentBytes, queueBytes } from './backpressure.ts'

class Connection extends EventEmitter {
  readonly transport = { writable: true }
  closed = false
  close(): void {
    this.closed = true
  }
}

function watched() {
  const connection = new Connection()
  const arrived: number[] = []
  const world = { last: 0, now: 0, crowded: false, gaveUp: 0 }
  const backpressure = new Backpressure(connection, {
    now: () => world.now,
    crowded: () => world.crowded,
    gaveUp: () => world.gaveUp++,
  })
  backpressure.notify({ last: () => world.last, arrived: n => arrived.push(n) })
  let waiting: { type: string }[] = []
  /** What a connection does: hands over what waits where the transport takes it, which then is busy. */
  const flush = () => {
    if (!connection.transport.writable || waiting.length === 0) return
    connection.emit('flush', waiting)
    waiting = []
    connection.transport.writable = false
  }
  const send = (type: string, bytes = 0) => {
    const packet = { type, data: { length: bytes } }
    connection.emit('packetCreate', packet)
    waiting.push(packet)
    flush()
  }
  const read = () => {
    connection.transport.writable = true
    flush()
  }
  const pong = () => connection.emit('packet', { type: 'pong' })
  return { connection, backpressure, arrived, world, send, read, pong }
}

test('an answered ping proves what was sent before it, and nothing after', () => {
  const { connection, arrived, world, send, read, pong } = watched()
  world.last = 7
  send('ping')
  world.last = 9
  send('message')
  pong()
  read()
  read()
  send('ping')
  pong()
  expect(arrived).toEqual([7, 9])
  expect(connection.closed).toBe(false)
})

test('an answer to a ping that was not sent proves nothing, and ends the connection', () => {
  const { connection, arrived, world, send, pong } = watched()
  world.last = 7
  send('message')
  // It waits behind the message, which the client does not take.
  send('ping')
  pong()
  expect(arrived).toEqual([])
  expect(connection.closed).toBe(true)
  const other = watched()
  other.send('ping')
  other.pong()
  expect(other.connection.closed).toBe(false)
  other.pong()
  expect(other.connection.closed).toBe(true)
})

test('a connection that takes nothing for 10 s is closed, whatever it answers', () => {
  const { connection, world, send, read } = watched()
  for (world.now = 0; world.now < 60_000; world.now += 5000) {
    send('message')
    read()
  }
  world.now = 100_000
  send('message')
  send('message')
  world.now += 10_000
  send('message')
  expect(connection.closed).toBe(false)
  world.now += 1
  send('message')
  expect(connection.closed).toBe(true)
  expect(world.gaveUp).toBe(1)
})

test('a connection that is owed 2 MiB is closed at the next message; one message may be of any size', () => {
  const { connection, backpressure, send, read } = watched()
  send('message', 10 * queueBytes)
  expect(connection.closed).toBe(false)
  read()
  expect(backpressure.queued).toBe(0)
  const size = 100_000
  for (let sent = 0; sent <= queueBytes; sent += size) send('message', size)
  expect(connection.closed).toBe(false)
  expect(backpressure.queued).toBeLessThan(queueBytes + size)
  send('message', size)
  expect(connection.closed).toBe(true)
})

test('of a source that is owed too much, those go that are owed more than a little', () => {
  const { connection, world, send } = watched()
  world.crowded = true
  send('message', innocentBytes)
  send('message', 1)
  expect(connection.closed).toBe(false)
  send('message', 1)
  expect(connection.closed).toBe(true)
})
