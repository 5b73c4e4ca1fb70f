import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { watchFlow } from './flow.ts'

class Connection extends EventEmitter {
  closed = false
  close(): void {
    this.closed = true
  }
}

function watched() {
  const connection = new Connection()
  const arrived: number[] = []
  const world = { last: 0, now: 0 }
  watchFlow(connection, { now: () => world.now, last: () => world.last, arrived: n => arrived.push(n) })
  const send = (type: string) => connection.emit('packetCreate', { type })
  return { connection, arrived, world, send }
}

test('an answered ping proves what was sent before it, and nothing after', () => {
  const { connection, arrived, world, send } = watched()
  world.last = 7
  send('ping')
  world.last = 9
  send('message')
  connection.emit('heartbeat')
  send('ping')
  connection.emit('heartbeat')
  expect(arrived).toEqual([7, 9])
})

test('a connection that takes nothing for 10 s is closed, whatever it answers', () => {
  const { connection, world, send } = watched()
  for (world.now = 0; world.now < 60_000; world.now += 5000) {
    send('message')
    connection.emit('flush')
  }
  world.now = 100_000
  send('message')
  world.now += 10_000
  connection.emit('heartbeat')
  send('message')
  expect(connection.closed).toBe(false)
  world.now += 1
  send('message')
  expect(connection.closed).toBe(true)
})
