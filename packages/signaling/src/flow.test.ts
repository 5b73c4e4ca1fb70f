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
  const log = { last: 0 }
  watchFlow(connection, { last: () => log.last, arrived: n => arrived.push(n) })
  const ping = () => connection.emit('packetCreate', { type: 'ping' })
  const flush = () => connection.emit('flush')
  return { connection, arrived, log, ping, flush }
}

test('an answered ping proves what was sent before it, and nothing after', () => {
  const { connection, arrived, log, ping } = watched()
  log.last = 7
  ping()
  log.last = 9
  connection.emit('packetCreate', { type: 'message' })
  connection.emit('heartbeat')
  ping()
  connection.emit('heartbeat')
  expect(arrived).toEqual([7, 9])
})

test('a connection that takes nothing for a whole interval is closed', () => {
  const { connection, ping, flush } = watched()
  for (let i = 0; i < 3; i++) {
    ping()
    flush()
  }
  expect(connection.closed).toBe(false)
  // This ping is still waiting to be sent when the next is due, although its answer came: from who does not read.
  ping()
  connection.emit('heartbeat')
  ping()
  expect(connection.closed).toBe(true)
})
