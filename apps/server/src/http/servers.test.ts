import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createHoldings } from '@parley/signaling'
import { afterEach, expect, it } from 'vitest'
import { limitPatience, refuseUnknownUpgrades } from './servers.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(options: Parameters<typeof limitPatience>[1]): Promise<Server> {
  const server = createServer((_, response) => void response.end(Buffer.alloc(32 * 1024 * 1024)))
  limitPatience(server, options)
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

function visit(server: Server): Socket {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => socket.destroy())
  return socket
}

it('whoever does not read an answer is let go, however much of it waits', async () => {
  const server = await serve({ answerMs: 100, holdings: undefined })
  const accepted = once(server, 'connection')
  const client = visit(server)
  client.pause()
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  const [socket] = (await accepted) as [Socket]
  await once(socket, 'close')
  expect(socket.writableLength).toBe(0)
  client.destroy()
})

it('a source has so many connections and no more, until one ends', async () => {
  const holdings = createHoldings({ tcpPerAddress: 2 })
  const server = await serve({ answerMs: 60_000, holdings })
  const [first, second] = [visit(server), visit(server)]
  await expect.poll(() => holdings.held('127.0.0.1', 'connections')).toBe(2)
  await once(visit(server).resume(), 'close')
  expect([first, second].map(({ destroyed }) => destroyed)).toEqual([false, false])
  first.destroy()
  await expect.poll(() => holdings.held('127.0.0.1', 'connections')).toBe(1)
  visit(server)
  await expect.poll(() => holdings.held('127.0.0.1', 'connections')).toBe(2)
  // Other sources have budgets of their own.
  expect(holdings.take('192.0.2.1', 'connections')).toBeDefined()
})

it('an upgrade to what is not there is answered 404', async () => {
  const server = await serve({ answerMs: 60_000, holdings: undefined })
  server.on('upgrade', refuseUnknownUpgrades)
  const client = visit(server)
  client.write('GET /peerjs HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  const [answer] = await once(client, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1.1 404 /)
})
