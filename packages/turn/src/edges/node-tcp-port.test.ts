// RFC 6062 on real sockets: a server on loopback, clients that speak by hand, peers on other loopback addresses.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { IpAddress } from '@parley/net'
import { Encoder, FrameSplitter, longTermKey, Message, type Method, stun, turn } from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import { Address, createLoop, type Loop } from '@parley/udp'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { staticUsers } from '../credentials/credentials.ts'
import { PeerPolicy } from '../server/peer-policy.ts'
import { TurnServer } from '../server/turn-server.ts'
import type { Quotas } from '../server/users.ts'
import { type Attributes, attr } from '../testing/test-client.ts'
import { NodeTcpPort } from './node-tcp-port.ts'
import { StreamClient } from './stream-client.ts'

const key = longTermKey({ username: 'ann', realm: 'turn', password: 'secret' }, nodeCrypto)
const tcp = attr(turn.requestedTransport, 6)

let loop: Loop
let server: TurnServer
let door: Server
let errors: unknown[]
const sockets = new Set<Socket>()
const servers: Server[] = []

async function start(quotas: Partial<Quotas> = {}): Promise<void> {
  errors = []
  loop = createLoop({ onError: error => errors.push(error) })
  server = new TurnServer({
    credentials: staticUsers(new Map([['ann', 'secret']])),
    policy: new PeerPolicy({ allow: ['127.0.0.0/8'] }, []),
    relays: {
      addresses: [{ bind: '127.0.0.1', announce: IpAddress.parse('127.0.0.1') }],
      range: [20_000, 29_999],
      open: options => loop.open(options),
    },
    tcp: { port: new NodeTcpPort(loop), peerPorts: [[1, 65_535]] },
    quotas: { perUser: 0, perSource: 0, total: 0, bandwidthBps: 0, ...quotas },
    wallClock: Date.now,
  })
  loop.attach(server)
  door = await listen('127.0.0.1', socket => {
    const client = Address.parse(socket.remoteAddress ?? '', socket.remotePort ?? 0)
    new StreamClient(socket, { server, loop, client, transport: 'tcp' })
  })
}

beforeEach(() => start())
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  for (const one of servers.splice(0)) await new Promise(resolve => one.close(resolve))
  server.close()
  loop.close()
  expect(errors).toEqual([])
})

function kept(socket: Socket): Socket {
  sockets.add(socket)
  socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket))
  return socket
}

async function listen(host: string, take: (socket: Socket) => void): Promise<Server> {
  const made = createServer({ noDelay: true }, socket => take(kept(socket)))
  servers.push(made)
  made.listen(0, host)
  await once(made, 'listening')
  return made
}

function portOf(made: Server): number {
  return (made.address() as AddressInfo).port
}

/** One TCP connection to the server. */
class Client {
  readonly socket = kept(connect({ host: '127.0.0.1', port: portOf(door), noDelay: true }))
  /** What the peer said, once this connection is one's own with it. */
  text = ''
  readonly #got: Message[] = []
  #joined = false

  nonce: string | undefined

  constructor() {
    const splitter = new FrameSplitter({
      onFrame: (bytes, start, end) => {
        const message = Message.decode(new Uint8Array(bytes.subarray(start, end)))
        this.#got.push(message)
        this.#joined = message.method === 'connectionBind' && message.class === 'success'
        if (this.#joined) splitter.close()
      },
    })
    this.socket.on('data', (chunk: Buffer) => {
      const taken = this.#joined ? 0 : splitter.push(chunk)
      this.text += chunk.subarray(taken).toString()
    })
  }

  encode(method: Method, attributes: Attributes): Uint8Array {
    const encoder = new Encoder(new Uint8Array(500)).message('request', method)
    for (const [attribute, value] of attributes) encoder.add(attribute, value as never)
    if (this.nonce === undefined) return encoder.finish()
    return encoder
      .add(stun.username, 'ann')
      .add(stun.realm, 'turn')
      .add(stun.nonce, this.nonce)
      .integrity(key, nodeCrypto)
      .finish()
  }

  async next(): Promise<Message> {
    await expect.poll(() => this.#got.length).toBeGreaterThan(0)
    return this.#got.shift() ?? expect.fail()
  }

  async ask(method: Method, ...attributes: Attributes): Promise<Message> {
    if (this.nonce === undefined) {
      this.socket.write(this.encode(method, attributes))
      this.nonce = (await this.next()).get(stun.nonce)
    }
    this.socket.write(this.encode(method, attributes))
    return this.next()
  }

  async allocate(): Promise<number> {
    return (await this.ask('allocate', tcp)).get(turn.xorRelayedAddress)?.port ?? expect.fail()
  }

  /** Another connection, on which `id` was taken; `first` is written with the request. */
  async take(id: number, first = ''): Promise<Client> {
    const data = new Client()
    data.nonce = this.nonce
    data.socket.write(Buffer.concat([data.encode('connectionBind', [attr(turn.connectionId, id)]), Buffer.from(first)]))
    expect((await data.next()).class).toBe('success')
    return data
  }
}

function collect(socket: Socket): () => string {
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return () => text
}

function peerAt(port: number, host = '127.0.0.1') {
  return attr(turn.xorPeerAddress, { address: IpAddress.parse(host), port })
}

it('connects to several peers at one time from the relayed address, and passes everything on', async () => {
  const froms: number[] = []
  const peers = await Promise.all(
    [1, 2, 3].map(() =>
      listen('127.0.0.1', socket => {
        froms.push(socket.remotePort ?? 0)
        socket.on('data', data => socket.write(data.toString().toUpperCase()))
      }),
    ),
  )
  const client = new Client()
  const relayed = await client.allocate()
  for (const peer of peers) client.socket.write(client.encode('connect', [peerAt(portOf(peer))]))
  const ids = [await client.next(), await client.next(), await client.next()].map(answer =>
    answer.get(turn.connectionId),
  )
  expect(froms).toEqual([relayed, relayed, relayed])
  for (const id of ids) {
    const data = await client.take(id ?? 0, 'hello, ')
    data.socket.write('world')
    await expect.poll(() => data.text).toBe('HELLO, WORLD')
  }
  // It listens again.
  const caller = kept(connect({ host: '127.0.0.1', port: relayed }))
  await once(caller, 'connect')
})

it('announces who connects, keeps what they say until it is taken, and ends both ends together', async () => {
  const client = new Client()
  const relayed = await client.allocate()
  await client.ask('createPermission', peerAt(0))
  const [caller, other] = [1, 2].map(() => kept(connect({ host: '127.0.0.1', port: relayed })))
  if (!caller || !other) throw new Error('no callers')
  caller.write('who is there?')
  const ids = [(await client.next()).get(turn.connectionId), (await client.next()).get(turn.connectionId)]
  const taken = await Promise.all(ids.map(id => client.take(id ?? 0)))
  await expect.poll(() => taken.map(({ text }) => text).sort()).toEqual(['', 'who is there?'])
  const [first, second] = taken[0]?.text === '' ? taken.reverse() : taken
  if (!first || !second) throw new Error('none taken')
  const heard = collect(caller)
  first.socket.end('I am')
  await once(caller, 'close')
  expect(heard()).toBe('I am')
  client.socket.destroy()
  await once(other, 'close')
  expect(second.socket.destroyed || second.socket.readableEnded || (await once(second.socket, 'close'))).toBeTruthy()
  await expect.poll(() => server.counters().allocations).toBe(0)
  const late = kept(connect({ host: '127.0.0.1', port: relayed }))
  await expect(once(late, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

it('closes at once who has no permission', async () => {
  const client = new Client()
  const relayed = await client.allocate()
  await once(kept(connect({ host: '127.0.0.1', port: relayed })), 'close')
})

it('says 447 where nobody listens', async () => {
  const gone = await listen('127.0.0.1', () => {})
  const port = portOf(gone)
  await new Promise(resolve => gone.close(resolve))
  servers.pop()
  const client = new Client()
  await client.allocate()
  expect((await client.ask('connect', peerAt(port))).get(stun.errorCode)?.code).toBe(447)
})

it('holds a stream to the user’s bandwidth without losing a byte', async () => {
  server.close()
  loop.close()
  await start({ bandwidthBps: 8 * 200_000 })
  let got = 0
  const peer = await listen('127.0.0.1', socket =>
    socket.on('data', data => {
      got += data.length
    }),
  )
  const client = new Client()
  await client.allocate()
  const id = (await client.ask('connect', peerAt(portOf(peer)))).get(turn.connectionId)
  const { socket } = await client.take(id ?? 0)
  const begun = loop.now()
  socket.write(Buffer.alloc(300_000))
  await expect.poll(() => got).toBe(300_000)
  // 200,000 at once, the rest in half a second.
  expect(loop.now() - begun).toBeGreaterThan(450)
  expect(server.counters().relayedBytes).toBe(300_000)
})
