// Faults planted in a server in this process: what its log and `parley doctor` say.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCredential } from '@parley/turn'
import { io } from 'socket.io-client'
import { afterEach, expect, it } from 'vitest'
import { issueLeaf, makeAuthority } from '../certificates/issue.ts'
import type { Pair } from '../certificates/pair.ts'
import type { SubjectNames } from '../certificates/subject-names.ts'
import { run } from '../cli/run.ts'
import { udpChannel } from '../doctor/channels.ts'
import { TurnClient } from '../doctor/turn-client.ts'
import { checkWebSocket } from '../doctor/web.ts'
import { createLog } from '../log/log.ts'
import { startTestServer, type TestServer } from '../testing.ts'
import { loadTurnSecret } from '../tokens/key.ts'

const name = 'meet.invalid'
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Lines of the log, as they come. */
async function recorded() {
  const lines: string[] = []
  const write = (text: string) => void lines.push(JSON.parse(text).msg)
  return { lines, log: await createLog({ level: 'info', pretty: false, colour: false, write }) }
}

async function doctor({ dataDir, port }: TestServer, ...more: string[]): Promise<string> {
  let out = ''
  const say = (text: string) => {
    out += text
  }
  const flags = ['--data-dir', dataDir, '--host', '127.0.0.1', '--port', String(port), ...more]
  const io = {
    out: say,
    err: say,
    env: {},
    cwd: dataDir,
    columns: undefined,
    logToTerminal: false,
    now: Date.now,
    uptimeMs: () => 0,
  }
  await run(['doctor', ...flags], io)
  return out
}

/** A server whose owner brought the certificate. */
async function ownCertificate(names: SubjectNames, madeAt: number, seenAt: number) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-own-'))
  closing.push(() => rmSync(folder, { recursive: true }))
  const authority = await makeAuthority('somebody', madeAt)
  const pair: Pair = await issueLeaf(authority, names, madeAt)
  const [cert, key] = [join(folder, 'own.crt'), join(folder, 'own.key')]
  writeFileSync(cert, pair.cert)
  writeFileSync(key, pair.key, { mode: 0o600 })
  const { lines, log } = await recorded()
  const server = await startTestServer({ cert, key, domain: name, log, udpPort: 0, now: () => seenAt })
  closing.push(() => server.close())
  return { lines, server, key, flags: ['--cert', cert, '--key', key, '--domain', name] }
}

const mine = { dns: [name, 'localhost'], ip: ['127.0.0.1'] }

it('a certificate that has expired: said at the start; doctor names it and goes on to relay and SFU', async () => {
  const { lines, server, flags } = await ownCertificate(mine, Date.now() - 500 * dayMs, Date.now())
  expect(lines.join('\n')).toMatch(
    /certificate validity: it ended .* Renew .*own\.crt; it is read again when the file changes/,
  )
  const said = await doctor(server, ...flags)
  expect(said).toMatch(/✗ HTTPS at 127\.0\.0\.1:\d+: it answers, but /)
  expect(said).toMatch(/✗ certificate validity: it ended/)
  expect(said).toContain('TURN over tls at 127.0.0.1')
  expect(said).toContain('SFU: ')
  expect(said).not.toContain('Is the server running')
})

it('a certificate that ends in three days is said at the start, and again the next day', async () => {
  const { lines, server } = await ownCertificate(mine, Date.now(), Date.now() + 394 * dayMs)
  expect(lines.filter(line => /^certificate validity: it ends .*Renew/.test(line))).toHaveLength(1)
  expect(server.troubles().map(({ check }) => check)).toContain('certificate validity')
})

it('a certificate for another name', async () => {
  const { lines, server, flags } = await ownCertificate({ dns: ['other.example.org'], ip: [] }, Date.now(), Date.now())
  expect(lines.join('\n')).toMatch(
    /certificate names: it is not for meet\.invalid. Get a certificate with these names; this one is for DNS:other\.example\.org/,
  )
  expect(await doctor(server, ...flags)).toMatch(
    /✗ certificate names: it is not for meet\.invalid\n +Get a certificate with these names/,
  )
})

it('a certificate’s key that everybody can read', async () => {
  const { server, key, flags } = await ownCertificate(mine, Date.now(), Date.now())
  chmodSync(key, 0o644)
  expect(await doctor(server, ...flags)).toMatch(
    /✗ certificate key: every user of this machine can read .*own\.key\n +chmod o-r /,
  )
})

it('TURN credentials that are over, and wrong ones', async () => {
  const { lines, log } = await recorded()
  const server = await startTestServer({ udpPort: 0, log })
  closing.push(() => server.close())
  const secrets = [loadTurnSecret(server.dataDir)] as const
  const old = makeCredential(secrets, 'ann', 60, Date.now() - 61 * 60_000)
  const fresh = makeCredential(secrets, 'ann', 60, Date.now())
  for (const credentials of [old, { ...fresh, credential: 'guess' }]) {
    const client = new TurnClient(await udpChannel('127.0.0.1', server.edge?.port ?? 0), credentials)
    closing.push(() => client.close())
    await expect(client.allocate()).rejects.toMatchObject({ code: 401 })
  }
  await expect
    .poll(() => lines.join('\n'))
    .toMatch(/TURN credentials, expired: .* ended 60 min ago by this server’s clock .*GET \/api\/ice-servers/)
  await expect.poll(() => lines.join('\n')).toMatch(/TURN credentials, wrong: .*--turn-secret/)
  const said = await doctor(server)
  expect(said).toContain('✗ TURN credentials, expired')
  expect(said).toContain('✗ TURN credentials, wrong')
})

it('a clock that is an hour behind those of the guests', async () => {
  const { lines, log } = await recorded()
  const server = await startTestServer({ log })
  closing.push(() => server.close())
  for (const name of ['ann', 'bob', 'cem']) {
    const token = await server.tokens.mint({ sub: name }, 60)
    const auth = { token, clock: Date.now() + hourMs }
    const socket = io(`https://localhost:${server.port}`, {
      auth,
      rejectUnauthorized: false,
      transports: ['websocket'],
      forceNew: true,
    })
    closing.push(() => socket.disconnect())
    await new Promise(resolve => socket.once('welcome', resolve))
  }
  await expect
    .poll(() => lines.join('\n'))
    .toMatch(/clock beside those of guests: 3 of the last 3 guests have a clock that is 60 min ahead of this one.* NTP/)
  expect(await doctor(server)).toContain('✗ clock beside those of guests')
  expect((await server.ask('/api/info')).json()).toMatchObject({ troubles: ['clock'] })
})

it('WebSockets that a proxy refuses, or leaves unanswered', async () => {
  const authority = await makeAuthority('proxy', Date.now())
  const leaf = await issueLeaf(authority, mine, Date.now())
  const proxy = createServer(leaf, (_, answer) => answer.writeHead(502).end())
  await new Promise<void>(done => proxy.listen(0, '127.0.0.1', done))
  closing.push(
    () => proxy.closeAllConnections(),
    () => proxy.close(),
  )
  const where = { host: '127.0.0.1', port: (proxy.address() as AddressInfo).port, ca: authority.cert }
  expect(await checkWebSocket(where)).toMatchObject({
    result: 'bad',
    detail: expect.stringContaining('answered with status 502'),
    remedy: expect.stringContaining('proxy_set_header Upgrade $http_upgrade'),
  })
  proxy.on('upgrade', () => {
    // It swallows the upgrade request.
  })
  expect(await checkWebSocket(where)).toMatchObject({
    result: 'bad',
    detail: expect.stringContaining('is not answered'),
  })
})
