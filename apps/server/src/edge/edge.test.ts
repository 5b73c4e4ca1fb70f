import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect as connectTcp, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { io, type Socket } from 'socket.io-client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Channel, tcpChannel, tlsChannel, udpChannel } from '../doctor/channels.ts'
import { type Credentials, TurnClient, transportAddress } from '../doctor/turn-client.ts'
import { startTestServer, type TestServer } from '../testing.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const thing of open.splice(0).reverse()) await thing.close()
})

async function start(options: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> {
  const server = await startTestServer({ udpPort: 0, ...options })
  open.push(server)
  return server
}

function edgeOf(server: TestServer) {
  if (!server.edge) throw new Error('no edge')
  return server.edge
}

async function iceServers(server: TestServer, identity = 'ann'): Promise<{ urls: string[] }[]> {
  const token = await server.tokens.mint({ sub: identity }, 60)
  const answer = await server.ask('/api/ice-servers', {
    headers: { authorization: `Bearer ${token}`, host: `localhost:${server.port}` },
  })
  expect(answer.status).toBe(200)
  return (answer.json() as { iceServers: { urls: string[] }[] }).iceServers
}

async function credentials(server: TestServer, identity?: string): Promise<Credentials> {
  const [, turn] = await iceServers(server, identity)
  return turn as unknown as Credentials
}

const ways: Readonly<Record<'udp' | 'tcp' | 'tls', (server: TestServer) => Promise<Channel>>> = {
  udp: server => udpChannel('127.0.0.1', edgeOf(server).port),
  tcp: server => tcpChannel('127.0.0.1', edgeOf(server).port),
  tls: server => tlsChannel(tlsOptions(server)),
}

function tlsOptions(server: TestServer) {
  return { host: '127.0.0.1', port: server.port, servername: 'localhost', ca: server.authority?.pem ?? '' }
}

async function client(server: TestServer, way: keyof typeof ways, known?: Credentials): Promise<TurnClient> {
  const made = new TurnClient(await ways[way](server), known ?? { username: '', credential: '' })
  open.push(made)
  return made
}

function connectSocket(server: TestServer): Socket {
  const socket = io(`https://localhost:${server.port}`, {
    ca: server.authority?.pem ?? '',
    transports: ['websocket'],
    reconnection: false,
  } as Parameters<typeof io>[1])
  open.push(socket)
  return socket
}

function secureSocket(server: TestServer): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connectTls(tlsOptions(server), () => resolve(socket))
    socket.once('error', reject)
    open.push({ close: () => socket.destroy() })
  })
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('the edge', () => {
  it('answers STUN over UDP, TCP and TLS on the HTTPS port, where HTTPS and WebSockets go on', async () => {
    const server = await start()
    for (const way of ['udp', 'tcp', 'tls'] as const) {
      const { address } = await (await client(server, way)).binding()
      expect(`${way} ${address}`).toBe(`${way} 127.0.0.1`)
    }
    expect((await server.ask('/healthz')).status).toBe(200)
    const socket = connectSocket(server)
    const welcome = await new Promise<{ iceServers: unknown }>(resolve => socket.once('welcome', resolve))
    const { port } = edgeOf(server)
    expect(welcome.iceServers).toEqual([
      { urls: [`stun:127.0.0.1:${port}`] },
      {
        urls: [
          `turn:127.0.0.1:${port}?transport=udp`,
          `turn:127.0.0.1:${port}?transport=tcp`,
          `turns:localhost:${server.port}?transport=tcp`,
        ],
        username: expect.stringMatching(/^\d{10}:guest-/),
        credential: expect.stringMatching(/^[\w+/]{27}=$/),
      },
    ])
    expect(await socket.emitWithAck('ice.servers', {})).toMatchObject({ ok: true })
  })

  it.each(['udp', 'tcp', 'tls'] as const)(
    'relays over %s with credentials from the API, and without none',
    async way => {
      const server = await start()
      const known = await credentials(server)
      const [one, two] = [await client(server, way, known), await client(server, way, known)]
      const [from, to] = [await one.allocate(), await two.allocate()]
      await Promise.all([one.permit(to), two.permit(from)])
      one.send(to, Buffer.from('hello'))
      const { bytes, from: seen } = await two.data()
      expect(Buffer.from(bytes).toString()).toBe('hello')
      expect(`${seen.address}:${seen.port}`).toBe(`${from.address}:${from.port}`)

      const forged = await client(server, way, { ...known, credential: 'forged' })
      await expect(forged.allocate()).rejects.toMatchObject({ code: 401 })
      // A scrape goes without the media process's figures when they do not come within a second.
      await vi.waitFor(async () => {
        const text = (await server.ask('/metrics')).text()
        expect(text).toMatch(/^parley_turn_allocations 2$/m)
        expect(text).toMatch(/^parley_turn_relayed_packets_total [1-9]/m)
        expect(text).toMatch(/^parley_edge_up 1$/m)
      }, 30_000)
    },
  )

  it.each([
    ['udp', 'tcp'],
    ['tls', 'udp'],
    ['tcp', 'tls'],
  ] as const)('relays between a client on %s and one on %s, both ways', async (here, there) => {
    const server = await start()
    const known = await credentials(server)
    const [one, two] = [await client(server, here, known), await client(server, there, known)]
    const [from, to] = [await one.allocate(), await two.allocate()]
    await Promise.all([one.permit(to), two.permit(from)])
    for (const [sender, receiver, at, source] of [
      [one, two, to, from],
      [two, one, from, to],
    ] as const) {
      sender.send(at, Buffer.from('across'))
      const { bytes, from: seen } = await receiver.data()
      expect(Buffer.from(bytes).toString()).toBe('across')
      expect(`${seen.address}:${seen.port}`).toBe(`${source.address}:${source.port}`)
    }
  })

  it('relays neither to private nor to other special addresses', async () => {
    const server = await start()
    const one = await client(server, 'udp', await credentials(server))
    await one.allocate()
    for (const host of ['10.0.0.1', '169.254.169.254']) {
      await expect(one.permit(transportAddress(host, 80))).rejects.toMatchObject({ code: 403 })
    }
  })

  it('is started again when it is killed, while signalling goes on', async () => {
    const server = await start()
    const edge = edgeOf(server)
    const socket = connectSocket(server)
    await new Promise(resolve => socket.once('welcome', resolve))
    const lost = vi.fn()
    socket.on('disconnect', lost)
    const { pid, port } = edge
    process.kill(pid ?? 0, 'SIGKILL')
    await expect.poll(() => edge.state.is).toBe('down')
    expect((await server.ask('/readyz')).status).toBe(503)
    expect((await server.ask('/metrics')).text()).toMatch(/^parley_edge_up 0$/m)
    await expect.poll(() => edge.state.is).toBe('serving')
    expect(edge.endings).toEqual([{ at: expect.any(Number), how: 'by SIGKILL' }])
    expect(edge.pid).not.toBe(pid)
    expect(edge.port).toBe(port)
    expect((await server.ask('/readyz')).status).toBe(200)
    for (const way of ['udp', 'tcp', 'tls'] as const) await (await client(server, way)).binding()
    expect(await socket.emitWithAck('ice.servers', {})).toMatchObject({ ok: true })
    expect(lost).not.toHaveBeenCalled()
  })

  it('ends the relays of who has lost their rights, over UDP and TCP, and knows it still after a restart', async () => {
    const server = await start()
    const edge = edgeOf(server)
    const known = await credentials(server, 'eve')
    const held = [await client(server, 'udp', known), await client(server, 'tcp', known)]
    for (const one of held) await one.allocate()
    edge.revoke({ user: 'eve', untilMs: Date.now() + 3600_000 })
    await expect.poll(async () => (await edge.counters())?.turn.allocations).toBe(0)
    const refused = async () => {
      for (const way of ['udp', 'tcp', 'tls'] as const) {
        await expect((await client(server, way, known)).allocate()).rejects.toMatchObject({ code: 401 })
      }
    }
    await refused()
    process.kill(edge.pid ?? 0, 'SIGKILL')
    await expect.poll(() => edge.state.is).toBe('down')
    await expect.poll(() => edge.state.is).toBe('serving')
    await refused()
    await (await client(server, 'udp', await credentials(server, 'ann'))).allocate()
  })

  it('takes rights from those who lose them while it starts', async () => {
    const server = await start()
    const edge = edgeOf(server)
    const known = await credentials(server, 'eve')
    const { pid } = edge
    process.kill(pid ?? 0, 'SIGKILL')
    // The next one runs already, and was told when it was launched who had lost them until then.
    await expect.poll(() => edge.pid !== undefined && edge.pid !== pid, { interval: 5 }).toBe(true)
    expect(edge.state.is).toBe('down')
    edge.revoke({ user: 'eve', untilMs: Date.now() + 3600_000 })
    await expect.poll(() => edge.state.is).toBe('serving')
    for (const way of ['udp', 'tcp'] as const) {
      await expect((await client(server, way, known)).allocate()).rejects.toMatchObject({ code: 401 })
    }
  })

  it('leaves no process, no port and no file behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-edge-'))
    vi.stubEnv('TMPDIR', folder)
    open.push({ close: () => rmSync(folder, { recursive: true }) })
    const server = await start()
    const { pid = 0, port } = edgeOf(server)
    const held = await client(server, 'tls')
    await held.binding()
    expect(isRunning(pid)).toBe(true)
    await server.close()
    await server.close()
    expect(isRunning(pid)).toBe(false)
    expect(readdirSync(folder).filter(name => name.startsWith('parley-'))).toEqual([])
    const again = createServer()
    await new Promise<void>(resolve => again.listen(port, '127.0.0.1', resolve))
    open.push(again)
  })

  it('says which port is taken', async () => {
    const taken = createServer()
    await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
    open.push(taken)
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await expect(startTestServer({ udpPort: port })).rejects.toThrow(
      `--udp-port ${port}: another program is using this port. Stop it, or choose another port.`,
    )
    const moved = await start({ udpPort: port, mayMove: { port: false, httpPort: false, udpPort: true } })
    expect(edgeOf(moved).port).toBeGreaterThan(port)
  })

  it('is not there when it is off', async () => {
    const server = await start({ udpPort: 'off' })
    expect(server.edge).toBeUndefined()
    expect(await iceServers(server)).toEqual([])
    const socket = await secureSocket(server)
    const closed = new Promise(resolve => socket.once('close', resolve))
    socket.write(Buffer.from('000100002112a442000000000000000000000000', 'hex'))
    await closed
  })
})

describe('one TLS port', () => {
  it('does not wait for ever: a silent, a half-open and a half-closed connection end', async () => {
    const server = await start({ udpPort: 'off', firstByteMs: 100 })
    const silent = await secureSocket(server)
    await new Promise(resolve => silent.once('close', resolve))
    const ending = await secureSocket(server)
    const ended = new Promise(resolve => ending.once('close', resolve))
    ending.end()
    await ended
    const undecided = connectTcp({ host: '127.0.0.1', port: server.port })
    open.push({ close: () => undecided.destroy() })
    await new Promise(resolve => undecided.once('connect', resolve))
    await server.close()
  })

  it('serves a request that comes byte by byte, and the next on the same connection', async () => {
    const server = await start({ udpPort: 'off' })
    const socket = await secureSocket(server)
    let got = ''
    socket.on('data', data => {
      got += data.toString()
    })
    socket.setNoDelay(true)
    for (const byte of 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n') {
      await new Promise(resolve => socket.write(byte, resolve))
    }
    await expect.poll(() => got).toContain('{"status":"ok"}')
    got = ''
    socket.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await expect.poll(() => got).toMatch(/"ready"[\s\S]*"ok"/)
  })

  it('answers nonsense as HTTP does', async () => {
    const server = await start({ udpPort: 'off' })
    const socket = await secureSocket(server)
    const answer = new Promise<string>(resolve => socket.once('data', data => resolve(data.toString())))
    socket.write(Buffer.from([0x80, 0xff, 0x0a]))
    expect(await answer).toMatch(/^HTTP\/1\.1 400 /)
  })
})

describe('/api/ice-servers', () => {
  it('needs a token, takes so many requests, and gives nothing to a token that is none', async () => {
    const server = await start({ auth: 'token' })
    expect((await server.ask('/api/ice-servers')).status).toBe(401)
    expect((await server.ask('/api/ice-servers', { headers: { authorization: 'Bearer x.y.z' } })).status).toBe(401)
    const guest = await server.tokens.mint({ sub: 'guest-1', guest: true }, 60)
    const headers = { authorization: `Bearer ${guest}` }
    expect((await server.ask('/api/ice-servers', { headers })).status).toBe(401)
    const statuses = new Set<number>()
    for (let i = 0; i < 60; i++) statuses.add((await server.ask('/api/ice-servers')).status)
    expect([...statuses]).toEqual([401, 429])
    // A class behind the same address, each with a good token.
    const pupil = await server.tokens.mint({ sub: 'pupil' }, 60)
    const asked = Array.from({ length: 128 }, () =>
      server.ask('/api/ice-servers', { headers: { authorization: `Bearer ${pupil}` } }),
    )
    expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([200]))
  })
})
