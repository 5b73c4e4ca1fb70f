import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { FakeClock } from '@parley/testkit'
import { Server } from 'socket.io'
import { afterEach, expect, test, vi } from 'vitest'
import type { Link } from './ports.ts'
import { socketLinks } from './socket-link.ts'

type Upgrades = 'pass' | 'refused' | 'unanswered'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A server behind a proxy that treats upgrades like this; `asked` counts them. */
async function behindProxy(how: Upgrades) {
  const proxy = { how, asked: 0, held: [] as Duplex[] }
  const http: HttpServer = createServer()
  const server = new Server(http, { path: '/app/socket.io' })
  server.on('connection', socket => socket.emit('welcome', { resumed: false }))
  const serve = http.listeners('upgrade')
  http.removeAllListeners('upgrade')
  http.on('upgrade', (request, socket, head) => {
    proxy.asked++
    if (proxy.how === 'pass') for (const each of serve) each.call(http, request, socket, head)
    else if (proxy.how === 'refused') socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    else proxy.held.push(socket)
  })
  await new Promise<void>(done => http.listen(0, '127.0.0.1', done))
  closers.push(() => {
    for (const socket of proxy.held) socket.destroy()
    server.close()
  })
  const clock = new FakeClock()
  const url = new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/app/`)
  const open = socketLinks(url, clock)
  const connect = (by = open) => {
    const heard = { welcome: vi.fn(), event: vi.fn(), down: vi.fn(), polling: vi.fn() }
    const link: Link = by({}, heard)
    closers.push(() => link.drop())
    return { ...heard, link }
  }
  return { proxy, clock, connect, another: () => socketLinks(url, clock) }
}

test('a WebSocket that opens is all there is', async () => {
  const { clock, connect, proxy } = await behindProxy('pass')
  const { welcome, polling } = connect()
  await expect.poll(() => welcome.mock.calls.length).toBe(1)
  expect(proxy.asked).toBe(1)
  expect(clock.pending).toBe(0)
  expect(polling).not.toHaveBeenCalled()
})

test('where upgrades are refused it polls, says so, and begins with that the next time', async () => {
  const { clock, connect, proxy } = await behindProxy('refused')
  const first = connect()
  await expect.poll(() => first.welcome.mock.calls.length).toBe(1)
  clock.advance(5_000)
  expect(first.polling.mock.calls).toEqual([[true]])
  first.link.leave()
  const asked = proxy.asked
  const second = connect()
  await expect.poll(() => second.welcome.mock.calls.length).toBe(1)
  expect(proxy.asked - asked).toBeLessThan(2)
})

test('where upgrades get no answer it polls after five seconds; later it does not wait, until they pass again', async () => {
  const { clock, connect, proxy, another } = await behindProxy('unanswered')
  const first = connect()
  await expect.poll(() => proxy.asked).toBe(1)
  clock.advance(5_000)
  await expect.poll(() => first.welcome.mock.calls.length).toBe(1)
  expect(first.down).not.toHaveBeenCalled()
  clock.advance(5_000)
  expect(first.polling.mock.calls).toEqual([[true]])
  first.link.drop()

  const second = connect()
  await expect.poll(() => second.welcome.mock.calls.length).toBe(1)
  second.link.drop()
  // Nor does another connection of the same page.
  const besides = connect(another())
  await expect.poll(() => besides.welcome.mock.calls.length).toBe(1)
  besides.link.drop()

  proxy.how = 'pass'
  const third = connect()
  await expect.poll(() => third.welcome.mock.calls.length).toBe(1)
  await expect.poll(() => clock.pending).toBe(0) // It has changed over.
  expect(third.polling.mock.calls.flat()).not.toContain(true)
  third.link.drop()
  const fourth = connect()
  expect(clock.pending).toBe(1) // It waits for a WebSocket again.
  await expect.poll(() => fourth.welcome.mock.calls.length).toBe(1)
  expect(clock.pending).toBe(0)
})

test('a link that is dropped while it waits leaves nothing behind', async () => {
  const { clock, connect, proxy } = await behindProxy('unanswered')
  const { link, welcome, down } = connect()
  await expect.poll(() => proxy.asked).toBe(1)
  link.drop()
  expect(clock.pending).toBe(0)
  expect([welcome, down].flatMap(({ mock }) => mock.calls)).toEqual([])
})
