import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { makeAuthority } from '../certificates/issue.ts'
import { writePair } from '../certificates/pair.ts'
import { defaults } from '../config/options.ts'
import { checkCertificate, checkClock } from '../doctor/certificate.ts'
import { startTestServer, type TestServer } from '../testing.ts'
import type { Finding } from '../troubles/finding.ts'
import { run } from './run.ts'

const dayMs = 24 * 3600 * 1000

let server: TestServer | undefined
afterEach(() => server?.close())

async function doctor(at: TestServer, ...more: string[]) {
  let out = ''
  const flags = ['--data-dir', at.dataDir, '--host', '127.0.0.1', '--port', String(at.port), ...more]
  const code = await run(['doctor', ...flags], {
    out: text => {
      out += text
    },
    err: text => {
      out += text
    },
    env: {},
    cwd: at.dataDir,
    columns: undefined,
    logToTerminal: false,
    now: Date.now,
    uptimeMs: () => 0,
  })
  return { code, out }
}

function results(json: string): Record<string, string> {
  const findings = JSON.parse(json) as Finding[]
  return Object.fromEntries(findings.map(({ check, result }) => [check.replace(/:\d+$/, ''), result]))
}

describe('parley doctor', () => {
  it('finds nothing wrong with a server that works, relays by every way, and says what to change when it is gone', async () => {
    server = await startTestServer({ udpPort: 0 })
    const well = await doctor(server, '--json')
    expect(results(well.out)).toEqual({
      Node: expect.stringMatching(/good|note/),
      'data folder': expect.stringMatching(/good|note/),
      clock: 'good',
      'certificate validity': 'good',
      'certificate names': 'good',
      'certificate key': 'good',
      'certificate authority': 'good',
      'HTTPS at 127.0.0.1': 'good',
      readiness: 'good',
      'WebSockets at 127.0.0.1': 'good',
      SFU: process.platform === 'linux' ? 'good' : 'note',
      'TURN over udp at 127.0.0.1': 'good',
      'TURN over tcp at 127.0.0.1': 'good',
      'TURN over tls at 127.0.0.1': 'good',
      'public address': 'note',
    })
    expect(well.code).toBe(0)

    const { httpPort = 0 } = server
    const elsewhere = await doctor({ ...server, port: httpPort }, '--public-ip', '127.0.0.1')
    expect(elsewhere.code).toBe(1)
    expect(elsewhere.out).toMatch(/✗ HTTPS at 127\.0\.0\.1:\d+: .*\n {5}Is the server running, and on port \d+\?/)
    expect(elsewhere.out).toContain('1 of 8 checks failed.')
  })

  it('says that STUN/TURN is off, and that a server is another one’s', async () => {
    server = await startTestServer()
    const { out } = await doctor(server)
    expect(out).toContain('! STUN/TURN: it is off')
    expect(out).toMatch(/! SFU: it is off\n {5}Rooms are a mesh/)
  })

  it('knows certificates that end, that have ended, and that are for others', async () => {
    server = await startTestServer()
    const { dataDir } = server
    const config = { ...defaults, dataDir }
    const names = { dns: ['localhost'], ip: ['127.0.0.1'] }
    const now = Date.now()
    const state = (at: number, dns = names.dns, domain?: string) =>
      checkCertificate({ ...config, domain }, { ...names, dns }, at).map(({ result }) => result)
    expect(state(now)).toEqual(['good', 'good', 'good', 'good'])
    expect(state(now + 390 * dayMs)).toEqual(['note', 'good', 'good', 'good'])
    expect(state(now + 400 * dayMs)).toEqual(['bad', 'good', 'good', 'good'])
    expect(state(now - 10 * dayMs)).toEqual(['bad', 'good', 'good', 'good'])
    expect(state(now, ['other.local'])).toEqual(['good', 'bad', 'good', 'good'])
    expect(state(now, ['meet.example.com'], 'meet.example.com')).toEqual(['good', 'bad', 'good', 'good'])
    const beyond = checkCertificate(config, { ...names, dns: ['localhost', 'pc.corp.example'] }, now)
    expect(beyond.map(({ result }) => result)).toEqual(['good', 'good', 'good', 'good'])
    expect(beyond[1]?.detail).toContain('; its authority was not made for pc.corp.example')
    const other = await makeAuthority('elsewhere', now)
    writePair({ cert: join(dataDir, 'server.crt'), key: join(dataDir, 'unused.key') }, other)
    expect(state(now)).toEqual(['bad'])
    expect(checkCertificate({ ...config, dataDir: '/nowhere' }, names, now)[0]?.detail).toContain('missing')
  })

  it('says how to replace an authority without limits, and that its key is for everybody to read', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-old-'))
    const [cert, key] = [join(dataDir, 'authority.crt'), join(dataDir, 'authority.key')]
    writePair({ cert, key }, await makeAuthority('old', Date.now()))
    server = await startTestServer({ dataDir })
    expect(server.troubles()).toContainEqual(
      expect.objectContaining({ check: 'certificate authority', result: 'note' }),
    )
    chmodSync(key, 0o644)
    const { out } = await doctor({ ...server, dataDir })
    expect(out).toMatch(
      /! certificate authority: it may sign for every site: .*\n {5}Delete authority\.crt and authority\.key in /,
    )
    expect(out).toMatch(/✗ certificate key: every user of this machine can read .*authority\.key/)
    await server.close()
    rmSync(cert)
    rmSync(key)
    server = await startTestServer({ dataDir })
    expect(server.troubles().map(({ check }) => check)).not.toContain('certificate authority')
    rmSync(dataDir, { recursive: true })
  })

  it('knows a clock that is wrong', async () => {
    server = await startTestServer()
    const config = { ...defaults, dataDir: server.dataDir }
    const now = Date.now()
    expect(checkClock(config, now, now - 1000).result).toBe('good')
    expect(checkClock(config, now, now + 60_000)).toMatchObject({
      result: 'bad',
      detail: expect.stringContaining('60 s'),
    })
    expect(checkClock(config, 0, undefined).result).toBe('bad')
  })
})
