import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serverOptions } from '../config/options.ts'
import { environmentName, kebab } from '../config/table.ts'
import { startServer } from '../server.ts'
import { loadTokenKey } from '../tokens/key.ts'
import { openKeyRing } from '../tokens/key-ring.ts'
import { createTokenService } from '../tokens/token-service.ts'
import { version } from '../version.ts'
import { run } from './run.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'parley-cli-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

async function parley(argv: string[], env: Record<string, string> = {}) {
  let out = ''
  let err = ''
  const code = await run(argv, {
    out: text => {
      out += text
    },
    err: text => {
      err += text
    },
    env,
    cwd,
    columns: undefined,
    logToTerminal: false,
    now: Date.now,
    uptimeMs: () => 0,
  })
  return { code, out, err }
}

describe('parley', () => {
  it('says its version', async () => {
    for (const argv of [['--version'], ['-v'], ['version'], ['serve', '--version']]) {
      expect(await parley(argv)).toEqual({ code: 0, out: `${version}\n`, err: '' })
    }
  })

  it('explains itself: every command and every option', async () => {
    const { code, out } = await parley(['--help'])
    expect(code).toBe(0)
    for (const name of ['serve', 'token', 'config', 'fingerprint']) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'))
    for (const name of Object.keys(serverOptions)) expect(out).toContain(`  --${kebab(name)}`)
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(110)
    expect((await parley(['help'])).out).toBe(out)
  })

  it('explains each command alone', async () => {
    const { out } = await parley(['help', 'token'])
    expect(out).toContain('--no-publish')
    expect(out).toContain('[6h]')
    expect(out).not.toContain('--http-port')
    expect((await parley(['token', '-h'])).out).toBe(out)
  })

  it.each([
    [['serv'], 'parley: there is no command “serv”; did you mean serve?'],
    [['tokn', '--room', 'x'], 'did you mean token?'],
    [['help', 'frobnicate'], 'there is no command “frobnicate”'],
    [['__proto__'], 'there is no command “__proto__”'],
    [['--prot', '1'], 'parley: there is no option --prot; did you mean --port?'],
    [['serve', 'now'], 'parley: “now” is not expected here'],
    [['--port', '99999'], 'parley: --port is “99999”; allowed: a port from 1 to 65535, or 0 for any free one'],
    [['--cert', 'x.pem'], 'parley: --cert is given without --key; both or neither'],
    [['config', '--auth', 'no'], 'parley: --auth is “no”; allowed: open or token'],
    [['token', '--room', 'a b'], 'parley: --room is “a b”; allowed:'],
    [['token', '--ttl', '5'], 'parley: --ttl is “5”; allowed: a time such as 90s'],
    [['token', '--ttl', '400d'], 'at most 366d'],
    [['token', '--port', '1'], 'parley: there is no option --port'],
  ])('%j ends with 2 and says why', async (argv, words) => {
    const { code, out, err } = await parley(argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(words)
    expect(err).toContain('parley help')
  })
})

describe('parley token', () => {
  it('prints a token that the server of this data folder takes', async () => {
    const { code, out } = await parley(['token', '--room', 'standup', '--name', 'Ann', '--ttl', '2h', '--no-chat'])
    expect(code).toBe(0)
    const tokens = createTokenService(loadTokenKey(join(cwd, 'data')), Date.now)
    const { claims } = await tokens.verify(out.trim())
    expect(claims).toMatchObject({
      name: 'Ann',
      room: 'standup',
      guest: false,
      grants: { publish: true, subscribe: true, chat: false, admin: false },
    })
    const { exp = 0, iat = 0 } = decodeJwt(out)
    expect(exp - iat).toBe(7200)
  })

  it('takes identity, admin and the data folder from flag, variable or file', async () => {
    writeFileSync(join(cwd, 'parley.json'), '{ "data-dir": "kept", "port": 9443 }')
    const byFile = (await parley(['token', '--identity', 'ann', '--admin'])).out
    expect(decodeJwt(byFile)).toMatchObject({ sub: 'ann', aud: 'parley', grants: { admin: true } })
    expect(statSync(join(cwd, 'kept/token.key')).isFile()).toBe(true)
    await parley(['token'], { PARLEY_DATA_DIR: 'by-variable' })
    await parley(['token', '--data-dir=by-flag'], { PARLEY_DATA_DIR: 'by-variable' })
    const keys = ['by-variable', 'by-flag'].map(dir => readFileSync(join(cwd, dir, 'token.key'), 'utf8'))
    expect(new Set(keys).size).toBe(2)
  })

  it('makes up another identity each time', async () => {
    const [one, two] = [decodeJwt((await parley(['token'])).out), decodeJwt((await parley(['token'])).out)]
    expect(one.sub).not.toBe(two.sub)
  })
})

describe('parley key', () => {
  it('adds a key that tokens can be signed with, lists and removes it', async () => {
    const dataDir = join(cwd, 'data')
    const file = join(dataDir, 'keys', 'shop.key')
    expect(await parley(['key', 'add', 'shop'])).toEqual({ code: 0, out: `${file}\n`, err: '' })
    expect((await parley(['key', 'list', '--data-dir', 'data'])).out).toMatch(/token\.key\nshop +since 2/)
    const { out } = await parley(['token', '--kid', 'shop', '--identity', 'auth0|5f7c'])
    expect(decodeProtectedHeader(out.trim())).toMatchObject({ kid: 'shop' })
    const tokens = createTokenService(openKeyRing(dataDir), Date.now)
    expect((await tokens.verify(out.trim())).claims.sub).toBe('auth0|5f7c')
    expect(await parley(['key', 'remove', 'shop'])).toEqual({ code: 0, out: '', err: '' })
    await expect(tokens.verify(out.trim())).rejects.toMatchObject({ code: 'token-invalid' })
    expect((await parley(['key', 'renew'])).out).toBe(`${join(dataDir, 'token.key')}\n`)
    expect((await parley(['key'])).out).toMatch(/former +since/)
  })

  it.each([
    [['key', 'ad', 'shop'], 2, 'did you mean add?'],
    [['key', 'add'], 2, 'which key?'],
    [['key', 'add', '../x'], 2, '“../x” cannot be'],
    [['key', 'remove', 'shop'], 1, 'there is no key “shop”'],
    [['token', '--kid', 'shop'], 1, '`parley key add shop`'],
  ])('%j ends with %d and says why', async (argv, code, words) => {
    expect(await parley(argv)).toMatchObject({ code, out: '', err: expect.stringContaining(words) })
  })
})

describe('a data folder in which nothing can be written', () => {
  it('is named, without a stack', async () => {
    writeFileSync(join(cwd, 'data'), 'a file')
    const { code, err } = await parley(['token'])
    expect(code).toBe(1)
    expect(err).toMatch(/^parley: E\w+: .*data.*\n$/)
  })
})

describe('parley config', () => {
  it('shows each value and where it came from', async () => {
    writeFileSync(join(cwd, 'parley.json'), '{ "room-size": 12, "public-ip": ["203.0.113.5", "203.0.113.6"] }')
    const { out, err } = await parley(['config', '--port=9443'], { PARLEY_AUTH: 'token', PARLEY_ROMSIZE: '3' })
    const rows = new Map(
      out
        .split('\n')
        .map(line => line.split(/\s{2,}/))
        .map(([name, ...rest]) => [name, rest]),
    )
    expect(rows.get('port')).toEqual(['9443', '--port'])
    expect(rows.get('auth')).toEqual(['token', environmentName('auth')])
    expect(rows.get('room-size')).toEqual(['12', join(cwd, 'parley.json')])
    expect(rows.get('public-ip')).toEqual(['203.0.113.5, 203.0.113.6', join(cwd, 'parley.json')])
    expect(rows.get('domain')).toEqual(['-', 'default'])
    expect(err).toBe('! PARLEY_ROMSIZE is not an option; PARLEY_ROOM_SIZE is\n')
  })
})

describe('parley fingerprint', () => {
  it('prints the authority’s, once there is one', async () => {
    expect(await parley(['fingerprint'])).toMatchObject({ code: 1, err: expect.stringContaining('the first start') })
    const server = await startServer({
      dataDir: join(cwd, 'data'),
      host: '127.0.0.1',
      port: 0,
      httpPort: 'off',
      udpPort: 'off',
    })
    await server.close()
    expect(await parley(['fingerprint'])).toEqual({ code: 0, out: `${server.authority?.fingerprint}\n`, err: '' })
  })
})
