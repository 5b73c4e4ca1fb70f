// Whoever is removed or banned by the admin API loses their relays, and the credentials they were given.
import { IpAddress } from '@parley/net'
import { io } from 'socket.io-client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tcpChannel, udpChannel } from '../doctor/channels.ts'
import { type Credentials, TurnClient } from '../doctor/turn-client.ts'
import { startTestServer, type TestServer } from '../testing.ts'

const peer = { address: IpAddress.parse('8.8.8.8'), port: 9 }

let server: TestServer
let admin: { authorization: string }
const open: { close(): unknown }[] = []
beforeEach(async () => {
  server = await startTestServer({ udpPort: 0 })
  open.push(server)
  admin = { authorization: `Bearer ${await server.tokens.mint({ sub: 'ops', grants: { admin: true } }, 600)}` }
})
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

/** Somebody at signalling, in that room; a guest unless they have a token. */
async function join(room: string, token?: string) {
  const socket = io(`https://localhost:${server.port}`, {
    auth: { name: 'Somebody', token },
    forceNew: true,
    reconnection: false,
    transports: ['websocket'],
    ca: server.authority?.pem ?? '',
  } as Parameters<typeof io>[1])
  open.push(socket)
  const welcome = await new Promise<{ session: string; identity: string; iceServers: [object, Credentials] }>(
    (resolve, reject) => socket.once('welcome', resolve).once('connect_error', reject),
  )
  expect(await socket.emitWithAck('room.join', { room })).toMatchObject({ ok: true })
  return { id: welcome.session, identity: welcome.identity, credentials: welcome.iceServers[1] }
}

const ways = [udpChannel, tcpChannel]

async function clientOf(way: typeof udpChannel, credentials: Credentials): Promise<TurnClient> {
  const client = new TurnClient(await way('127.0.0.1', server.edge?.port ?? 0), credentials)
  open.push(client)
  return client
}

/** A relay over UDP and one over TCP. */
async function relays(credentials: Credentials): Promise<readonly TurnClient[]> {
  const clients = await Promise.all(ways.map(way => clientOf(way, credentials)))
  for (const client of clients) await client.allocate()
  return clients
}

const allocations = async () => (await server.edge?.counters())?.turn.allocations

/** Theirs are gone, cannot be used, and new ones are refused. */
async function expectLost(clients: readonly TurnClient[], credentials: Credentials): Promise<void> {
  for (const client of clients) await expect(client.permit(peer)).rejects.toThrow()
  for (const way of ways)
    await expect((await clientOf(way, credentials)).allocate()).rejects.toMatchObject({ code: 401 })
}

async function expectKept(clients: readonly TurnClient[], credentials: Credentials): Promise<void> {
  for (const client of clients) await client.permit(peer)
  for (const way of ways) await (await clientOf(way, credentials)).allocate()
}

it('a guest who is removed from their room loses their relays, and nobody else does', async () => {
  const [mallory, ann] = [await join('standup'), await join('standup')]
  const [theirs, others] = [await relays(mallory.credentials), await relays(ann.credentials)]
  expect(await allocations()).toBe(4)
  const path = `/api/rooms/standup/participants/${mallory.id}`
  expect((await server.ask(path, { method: 'DELETE', headers: admin })).status).toBe(204)
  await expect.poll(allocations).toBe(2)
  await expectLost(theirs, mallory.credentials)
  await expectKept(others, ann.credentials)
})

const ban = (body: object) =>
  server.ask('/api/bans', { method: 'POST', headers: admin, body: JSON.stringify({ seconds: 60, ...body }) })

it('so does a member who is banned from the server, and those with guests from a banned address', async () => {
  const token = (sub: string) => server.tokens.mint({ sub }, 600)
  const [mallory, ann] = [await join('standup', await token('mallory')), await join('standup', await token('ann'))]
  const guest = await join('standup')
  const theirs = await relays(mallory.credentials)
  const [guests, others] = [await relays(guest.credentials), await relays(ann.credentials)]
  await ban({ identity: 'mallory' })
  await expect.poll(allocations).toBe(4)
  await expectLost(theirs, mallory.credentials)
  await ban({ address: '127.0.0.1' })
  await expect.poll(allocations).toBe(2)
  await expectLost(guests, guest.credentials)
  await expectKept(others, ann.credentials)
})

it('so does who is banned and has only asked for ICE servers by HTTP, and gets no others', async () => {
  const headers = { authorization: `Bearer ${await server.tokens.mint({ sub: 'mallory' }, 600)}` }
  const answer = await server.ask('/api/ice-servers', { headers })
  const { iceServers } = answer.json() as { iceServers: [object, Credentials] }
  const theirs = await relays(iceServers[1])
  await ban({ identity: 'mallory' })
  await expect.poll(allocations).toBe(0)
  await expectLost(theirs, iceServers[1])
  expect((await server.ask('/api/ice-servers', { headers })).json()).toMatchObject({ code: 'removed' })
})
