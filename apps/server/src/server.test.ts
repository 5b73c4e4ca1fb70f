import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { connect as tlsConnect } from 'node:tls'
import { io, type Socket } from 'socket.io-client'
import { afterEach, describe, expect, it } from 'vitest'
import { issueLeaf, makeAuthority } from './certificates/issue.ts'
import { writePair } from './certificates/pair.ts'
import { startServer } from './server.ts'
import { startTestServer, type TestServer } from './testing.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

async function start(...given: Parameters<typeof startTestServer>): Promise<TestServer> {
  const server = await startTestServer(...given)
  open.push(server)
  return server
}

interface Client {
  readonly socket: Socket
  readonly welcome: { readonly session: string; readonly identity: string; readonly token: string }
}

/** Connects as a client does; rejects with the error that the server sends. */
function connect(server: TestServer, auth: object = {}, headers: Record<string, string> = {}): Promise<Client> {
  const socket = io(`https://localhost:${server.port}`, {
    auth,
    forceNew: true,
    reconnection: false,
    transports: ['websocket'],
    ca: server.authority?.pem ?? '',
    extraHeaders: headers,
  })
  open.push(socket)
  return new Promise((resolve, reject) => {
    socket.once('welcome', welcome => resolve({ socket, welcome }))
    socket.once('connect_error', error => reject('data' in error ? error.data : error))
  })
}

async function occupiedPort(): Promise<number> {
  const server: Server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  open.push(server)
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

function servedName(server: TestServer): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subjectaltname)
      socket.destroy()
    }).on('error', reject)
  })
}

describe('signalling behind the same port', () => {
  it('makes a guest of whoever comes, who stays the same one with the token', async () => {
    const server = await start()
    const { welcome } = await connect(server, { name: 'Ann' })
    expect(welcome.identity).toMatch(/^guest-/)
    const again = await connect(server, { token: welcome.token })
    expect(again.welcome.identity).toBe(welcome.identity)
    await expect(connect(server, { token: 'rubbish' })).rejects.toMatchObject({ code: 'token-invalid' })
  })

  it('asks for a token with --auth token', async () => {
    const server = await start({ auth: 'token' })
    await expect(connect(server)).rejects.toMatchObject({ code: 'unauthorized' })
    const token = await server.tokens.mint({ sub: 'ann', name: 'Ann', room: 'standup' }, 60)
    const { socket, welcome } = await connect(server, { token })
    expect(welcome.identity).toBe('ann')
    expect(await socket.emitWithAck('room.join', { room: 'standup' })).toMatchObject({ ok: true })
    const elsewhere = await socket.emitWithAck('room.join', { room: 'other' })
    expect(elsewhere).toMatchObject({ ok: false, error: { code: 'not-allowed' } })
    expect((await server.ask('/metrics')).text()).toContain(
      'parley_requests_total{name="room.join",outcome="not-allowed"} 1',
    )
  })

  it('lets in pages of its own and of listed origins, and no others', async () => {
    const server = await start({ allowOrigin: ['https://app.example.com'] })
    for (const origin of [`https://localhost:${server.port}`, 'https://app.example.com', 'http://localhost:5173']) {
      await connect(server, {}, { origin })
    }
    await expect(connect(server, {}, { origin: 'https://evil.example' })).rejects.toThrow()
    expect((await server.ask('/metrics')).text()).toContain('parley_refused_total{why="origin-refused"} 1')
  })

  it('is reached by the admin API: what it does is what people see', async () => {
    const server = await start({ roomSize: 5 })
    const admin = { authorization: `Bearer ${await server.tokens.mint({ sub: 'ops', grants: { admin: true } }, 60)}` }
    const { socket, welcome } = await connect(server, { name: 'Ann' })
    await socket.emitWithAck('room.join', { room: 'standup' })
    const shown = (await server.ask('/api/rooms/standup', { headers: admin })).json()
    expect(shown).toMatchObject({ name: 'standup', capacity: 5, participants: [{ id: welcome.session, name: 'Ann' }] })
    const counted = (await server.ask('/metrics')).text().split('\n')
    expect(counted).toEqual(expect.arrayContaining(['parley_rooms 1', 'parley_participants 1', 'parley_sockets 1']))

    const tracks = [{ id: 't1', source: 'microphone', muted: false }]
    await socket.emitWithAck('participant.update', { room: 'standup', tracks })
    const heard = (event: string) => new Promise(resolve => socket.once(event, resolve))
    const seat = `/api/rooms/standup/participants/${welcome.session}`
    const muted = heard('room.muted')
    await server.ask(`${seat}/mute`, { method: 'POST', headers: admin, body: '{"source":"microphone"}' })
    expect(await muted).toMatchObject({ room: 'standup', source: 'microphone' })
    const removed = heard('room.ended')
    expect((await server.ask(seat, { method: 'DELETE', headers: admin })).status).toBe(204)
    expect(await removed).toMatchObject({ room: 'standup', reason: 'removed' })

    const join = () => socket.emitWithAck('room.join', { room: 'standup' })
    expect(await join()).toMatchObject({ ok: false, error: { code: 'removed' } })
    const { bans } = (await server.ask('/api/bans', { headers: admin })).json() as { bans: { id: string }[] }
    for (const { id } of bans) await server.ask(`/api/bans/${id}`, { method: 'DELETE', headers: admin })
    expect(await join()).toMatchObject({ ok: true })
    const closed = heard('room.ended')
    expect((await server.ask('/api/rooms/standup', { method: 'DELETE', headers: admin })).status).toBe(204)
    expect(await closed).toMatchObject({ reason: 'closed' })
    expect((await server.ask('/api/rooms', { headers: admin })).json()).toEqual({ rooms: [] })
  })
})

describe('stopping', () => {
  it('tells clients, then is gone; twice is once', async () => {
    const server = await start()
    const { socket } = await connect(server)
    const told = new Promise(resolve => socket.once('server.stopping', resolve))
    await Promise.all([server.close('Upgrading.'), server.close()])
    expect(await told).toEqual({ reason: 'Upgrading.' })
    await expect(server.ask('/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await expect(server.askPlain('/trust')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('keeps identities and the certificate over a restart', async () => {
    const first = await start()
    const { welcome } = await connect(first)
    const { dataDir } = first
    const second = await startServer({ dataDir, host: '127.0.0.1', port: 0, httpPort: 'off', udpPort: 'off' })
    open.push(second)
    expect(second.httpPort).toBeUndefined()
    expect(second.info().trustUrl).toBeUndefined()
    expect(second.authority).toEqual(first.authority)
    const again = await connect({ ...first, ...second }, { token: welcome.token })
    expect(again.welcome.identity).toBe(welcome.identity)
  })
})

describe('ports', () => {
  it('that are taken are replaced by the next free one only where nobody asked for them', async () => {
    const port = await occupiedPort()
    const moved = await start({ port, httpPort: port, mayMove: { port: true, httpPort: true, udpPort: false } })
    expect(moved.port).toBeGreaterThan(port)
    expect(moved.httpPort).toBeGreaterThan(port)
    await expect(startTestServer({ port })).rejects.toMatchObject({
      exitCode: 1,
      message: `--port ${port}: another program is using this port. Stop it, or choose another port.`,
    })
    await expect(startTestServer({ httpPort: port })).rejects.toMatchObject({
      message: expect.stringContaining(`--http-port ${port}`),
    })
  })

  it('of a foreign address are refused in words', async () => {
    await expect(startTestServer({ host: '203.0.113.77' })).rejects.toMatchObject({
      message: '--host 203.0.113.77 is not an address of this machine.',
    })
  })
})

describe('the data folder', () => {
  it('that cannot be used is named', async () => {
    const server = await start()
    const file = join(server.dataDir, 'a-file')
    writeFileSync(file, '')
    await expect(startTestServer({ dataDir: join(file, 'data') })).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining(`--data-dir ${join(file, 'data')} cannot be made: a part of its path is a file`),
    })
  })
})

describe('a certificate of one’s own', () => {
  it('is replaced in the running server when its files change', async () => {
    const { dataDir } = await start()
    const files = { cert: join(dataDir, 'own.crt'), key: join(dataDir, 'own.key') }
    const authority = await makeAuthority('test', Date.now())
    const give = async (name: string) =>
      writePair(files, await issueLeaf(authority, { dns: ['localhost', name], ip: [] }, Date.now()))
    await give('a.example.com')
    const server = await start(files, authority.cert)
    expect(await servedName(server)).toBe('DNS:localhost, DNS:a.example.com')
    await give('b.example.com')
    expect(await server.refreshCertificate()).toBe(true)
    expect(await servedName(server)).toBe('DNS:localhost, DNS:b.example.com')
    writeFileSync(files.cert, 'broken')
    expect(await server.refreshCertificate()).toBe(false)
    expect((await server.ask('/healthz')).status).toBe(200)
  })
})

describe('slow and broken connections', () => {
  it('get TLS 1.2 at least, and HTTP/1.1 alone', async () => {
    const server = await start()
    const handshake = (options: object) =>
      new Promise<string | false | null>((resolve, reject) => {
        const socket = tlsConnect(
          { host: '127.0.0.1', port: server.port, rejectUnauthorized: false, ...options },
          () => {
            resolve(socket.alpnProtocol)
            socket.destroy()
          },
        ).on('error', reject)
      })
    await expect(handshake({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow()
    expect(await handshake({ ALPNProtocols: ['h2', 'http/1.1'] })).toBe('http/1.1')
    await expect(handshake({ ALPNProtocols: ['h2'] })).rejects.toThrow()
  })

  it('with headers beyond 16 KiB are turned away', async () => {
    const server = await start()
    expect((await server.ask('/', { headers: { 'x-long': 'x'.repeat(17 * 1024) } })).status).toBe(431)
  })
})
