import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tlsChannel, udpChannel } from '../doctor/channels.ts'
import { TurnClient } from '../doctor/turn-client.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

let cwd: string
let open: { close(): unknown }[]
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'parley-process-'))
  open = []
})
afterEach(async () => {
  for (const thing of open.reverse()) await thing.close()
  rmSync(cwd, { recursive: true })
})

interface Running {
  readonly child: ChildProcess
  readonly exit: Promise<number | null>
  out(): string
  err(): string
  /** Resolves when standard output or error matches. */
  says(words: RegExp): Promise<RegExpExecArray>
}

function parley(...argv: string[]): Running {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...argv], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH },
  })
  const said = { out: '', err: '' }
  const listeners = new Set<() => void>()
  const hear = (where: 'out' | 'err') => (chunk: Buffer) => {
    said[where] += chunk.toString()
    for (const listener of listeners) listener()
  }
  child.stdout.on('data', hear('out'))
  child.stderr.on('data', hear('err'))
  const exit = new Promise<number | null>(resolve => child.once('close', code => resolve(code)))
  open.push({
    close: async () => {
      child.kill('SIGKILL')
      await exit
    },
  })
  return {
    child,
    exit,
    out: () => said.out,
    err: () => said.err,
    says: words =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = words.exec(said.out + said.err)
          if (found) resolve(found)
        }
        listeners.add(look)
        look()
        void exit.then(code => reject(new Error(`ended with ${code}: ${said.out}${said.err}`)))
      }),
  }
}

const anywhere = ['--host', '127.0.0.1', '--http-port', 'off']
const quiet = [...anywhere, '--udp-port', 'off']

async function secureSocket(server: Running): Promise<TLSSocket> {
  const [, port] = await server.says(/https:\/\/localhost:(\d+)/)
  const ca = readFileSync(join(cwd, 'data/authority.crt'))
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), servername: 'localhost', ca }, () =>
      resolve(socket),
    )
    socket.once('error', reject)
  })
}

function nextData(socket: TLSSocket): Promise<string> {
  return new Promise(resolve => socket.once('data', data => resolve(data.toString())))
}

/** One whole request, followed by another without its end: the answer to the first shows that both have arrived. */
function beginRequest(socket: TLSSocket, path: string): Promise<string> {
  const answer = nextData(socket)
  socket.write(`GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET ${path} HTTP/1.1\r\nHost: localhost\r\n`)
  return answer
}

async function occupiedPort(): Promise<number> {
  const server: Server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  open.push(server)
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

describe('the process', () => {
  it('starts, says where it is in plain text, logs JSON lines apart, and ends with 0 on SIGTERM: readiness first', async () => {
    const server = parley(...quiet, '--port', '0', '--turn-secret', 'seen-by-everybody')
    const socket = await secureSocket(server)
    expect(server.out()).toMatch(
      /^\n Parley \d+\.\d+\.\d+ ready in \d+\.\d s\n This computer {2}https:\/\/localhost:\d+\n/,
    )
    expect(server.out()).toContain('--auth token to change')
    for (const told of [server.out(), server.err()])
      expect(told).toMatch(/--turn-secret is on the command line.*--turn-secret-file/)

    // A request that is under way when the server is told to stop is still answered.
    expect(await beginRequest(socket, '/readyz')).toContain('{"status":"ok"}')
    server.child.kill('SIGTERM')
    await server.says(/"msg":"stopping"/)
    const answer = nextData(socket)
    socket.write('\r\n')
    expect(await answer).toMatch(/^HTTP\/1\.1 503 /)
    expect(await answer).toContain('"code":"server-stopping"')
    expect(await server.exit).toBe(0)
    for (const line of server.err().trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ level: expect.stringMatching(/info|warn/) })
    for (const told of ['\u001b', 'seen-by-everybody']) expect(server.err() + server.out()).not.toContain(told)
  })

  it('says on the start screen that another authority is to be trusted, where the old one may not sign for the domain', async () => {
    const { makeAuthority } = await import('../certificates/issue.ts')
    const { cert, key } = await makeAuthority('test', Date.now(), { dns: ['localhost'], ip: [] })
    mkdirSync(join(cwd, 'data'), { mode: 0o700 })
    writeFileSync(join(cwd, 'data/authority.crt'), cert)
    writeFileSync(join(cwd, 'data/authority.key'), key, { mode: 0o600 })
    const server = parley(...quiet, '--port', '0', '--domain', 'meet.invalid')
    await server.says(
      /! The certificate authority is a new one \(the old one: it may not sign for meet\.invalid\): trust it on each device again/,
    )
  })

  it('ends at once on a second signal, of which an echo of the first is none', async () => {
    const server = parley(...quiet, '--port', '0')
    const socket = await secureSocket(server)
    socket.on('error', () => {
      // The server goes without a goodbye.
    })
    // Half a request keeps the orderly stop waiting.
    await beginRequest(socket, '/readyz')
    server.child.kill('SIGINT')
    server.child.kill('SIGINT')
    await server.says(/"msg":"stopping"/)
    const again = setInterval(() => server.child.kill('SIGINT'), 50)
    open.push({ close: () => clearInterval(again) })
    expect(await server.exit).toBe(130)
  })

  it('ends with 1 and names the port when that port is taken', async () => {
    const port = await occupiedPort()
    const server = parley(...quiet, '--port', String(port))
    expect(await server.exit).toBe(1)
    expect(server.err().trim().split('\n').at(-1)).toBe(
      `parley: --port ${port}: another program is using this port. Stop it, or choose another port.`,
    )
  })

  it('ends with 2 on a wrong option, without a stack', async () => {
    const server = parley('--room-size', '1')
    expect(await server.exit).toBe(2)
    expect(server.out()).toBe('')
    expect(server.err()).toBe(
      'parley: --room-size is “1”; allowed: a whole number from 2 to 1000\nTry `parley help`.\n',
    )
  })

  it('serves STUN and TURN alone, and ends with 0', async () => {
    const server = parley('turn', '--host', '127.0.0.1', '--udp-port', '0')
    const [, port] = await server.says(/udp\/tcp (\d+) ✓/)
    const client = new TurnClient(await udpChannel('127.0.0.1', Number(port)), { username: '', credential: '' })
    open.push(client)
    expect(`${(await client.binding()).address}`).toBe('127.0.0.1')
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
  })

  it('serves TURN over TLS with a certificate of one’s own, also where half-open connections pile up', async () => {
    const { issueLeaf, makeAuthority } = await import('../certificates/issue.ts')
    const authority = await makeAuthority('test', Date.now())
    const leaf = await issueLeaf(authority, { dns: ['localhost'], ip: ['127.0.0.1'] }, Date.now())
    writeFileSync(join(cwd, 'own.crt'), leaf.cert)
    writeFileSync(join(cwd, 'own.key'), leaf.key)
    const own = ['--cert', 'own.crt', '--key', 'own.key', '--turn-tls-port', '0', '--turn-user', 'ann:secret']
    const server = parley('turn', '--host', '127.0.0.1', '--udp-port', '0', ...own)
    const [, port] = await server.says(/tls (\d+) ✓/)
    const halfOpen = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const socket = createConnection({ host: '127.0.0.1', port: Number(port) })
        open.push({ close: () => socket.destroy() })
        socket.on('error', () => socket.destroy())
        const closed = new Promise(resolve => socket.resume().once('close', resolve))
        await once(socket, 'connect')
        // The beginning of a ClientHello, or nothing at all.
        if (i % 2) socket.write(Buffer.from('1603010200010001fc0303', 'hex'))
        return { closed }
      }),
    )
    const where = { host: '127.0.0.1', port: Number(port), servername: 'localhost', ca: authority.cert }
    for (const told of [server.out(), server.err()])
      expect(told).toMatch(/--turn-user is on the command line.*--turn-user-file/)
    const client = new TurnClient(await tlsChannel(where), { username: 'ann', credential: 'secret' })
    open.push(client)
    const other = new TurnClient(await tlsChannel(where), { username: 'ann', credential: 'secret' })
    open.push(other)
    const [from, to] = [await client.allocate(), await other.allocate()]
    expect(`${from.address}`).toBe('127.0.0.1')
    await Promise.all([client.permit(to), other.permit(from)])
    for (let i = 0; i < 1000; i++) {
      client.send(to, Buffer.from(`message ${i} ${'.'.repeat(400)}`))
      if (i % 20 === 0) await new Promise(setImmediate)
    }
    for (let i = 0; i < 1000; i++) {
      expect(Buffer.from((await other.data()).bytes).toString()).toMatch(new RegExp(`^message ${i} `))
    }
    await Promise.all(halfOpen.map(({ closed }) => closed))
    await client.release()
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
  })

  it('takes no options of the web server with `turn`, and nothing to do', async () => {
    const server = parley('turn', '--port', '9443')
    expect(await server.exit).toBe(2)
    expect(server.err()).toContain('there is no option --port')
    const off = parley('turn', '--udp-port', 'off')
    expect(await off.exit).toBe(2)
  })

  it('takes the edge with it when it is killed', async () => {
    const server = parley(...anywhere, '--port', '0', '--udp-port', '0', '--log-level', 'info')
    const [, port] = await server.says(/udp\/tcp (\d+) ✓/)
    server.child.kill('SIGKILL')
    const bound = async () => {
      const probe = createServer()
      const free = await new Promise<boolean>(resolve => {
        probe.once('error', () => resolve(false)).listen(Number(port), '127.0.0.1', () => resolve(true))
      })
      probe.close()
      return !free
    }
    await expect.poll(bound).toBe(false)
  })
})
