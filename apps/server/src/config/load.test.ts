import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaults, serverOptions } from './options.ts'
import { configFolder } from './testing/config-folder.ts'

const folder = configFolder()
const { load, problem } = folder

describe('flags', () => {
  it('come with a space or an equals sign; switches alone, negated or with a word', () => {
    expect(load(['--port', '9443', '--host=::', '--trust-proxy']).config).toMatchObject({
      port: 9443,
      host: '::',
      trustProxy: true,
    })
    expect(load(['--no-trust-proxy'], { PARLEY_TRUST_PROXY: '1' }).config.trustProxy).toBe(false)
    expect(load(['--trust-proxy=off'], { PARLEY_TRUST_PROXY: '1' }).config.trustProxy).toBe(false)
  })

  it('of a list add up', () => {
    const { publicIp } = load(['--public-ip', '203.0.113.5', '--public-ip', '2001:db8::1,203.0.113.6']).config
    expect(publicIp).toEqual(['203.0.113.5', '2001:db8::1', '203.0.113.6'])
  })

  it.each([
    [['--prot', '9443'], 'there is no option --prot; did you mean --port?'],
    [['--no-port'], 'there is no option --no-port; did you mean --port?'],
    [['--zzz=1'], 'there is no option --zzz'],
    [['-p', '9443'], 'there is no option -p'],
    [['9443'], '“9443” is not expected here; options begin with --'],
    [['--port'], '--port needs a value: a port from 1 to 65535, or 0 for any free one'],
    [['--port', '--host', '::'], '--port needs a value: a port from 1 to 65535, or 0 for any free one'],
    [['--port', '1', '--port', '2'], '--port is given twice: 1 and 2'],
    [['--no-trust-proxy=1'], '--no-trust-proxy takes no value'],
    [['--constructor', 'x'], 'there is no option --constructor'],
  ])('%j is explained', (argv, words) => {
    expect(problem(argv)).toBe(words)
  })

  it('are all checked before anything is said', () => {
    expect(problem(['--port=x', '--auth=y'], { PARLEY_ROOM_SIZE: 'z' }).split('\n')).toHaveLength(3)
  })
})

it('addresses of any kind are taken or refused, and mean what was written', () => {
  const parts = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom(':', '/', '[', ']', '1', '65536', '%eth0', ''))
  const text = fc.oneof(
    fc.string(),
    fc.array(parts, { maxLength: 5 }).map(all => all.join('')),
  )
  fc.assert(
    fc.property(text, written => {
      for (const name of ['stunAlternate', 'turnAlternateServer', 'natIp', 'turnProxyProtocol'] as const) {
        const { success, data } = serverOptions[name].schema.safeParse(written)
        if (!success) continue
        const again = serverOptions[name].schema.safeParse(String(data))
        expect(again).toEqual({ success: true, data })
      }
    }),
    { numRuns: 1000 },
  )
})

describe('options that go together', () => {
  it('are refused apart', () => {
    writeFileSync(join(folder.cwd, 'c.pem'), '')
    expect(problem(['--cert', 'c.pem'])).toBe('--cert is given without --key; both or neither')
    expect(problem(['--key', 'c.pem'])).toBe('--key is given without --cert; both or neither')
    expect(problem(['--cert', 'c.pem', '--key', 'k.pem'])).toBe(
      `--key is “${join(folder.cwd, 'k.pem')}”; there is no such file`,
    )
    expect(problem(['--port', '9000', '--http-port', '9000'])).toContain('both 9000')
    expect(load(['--port', '0', '--http-port', '0']).config.port).toBe(0)
  })

  it('count the public side of a mapped address as a public one', () => {
    const { publicIp, natIp } = load([
      '--public-ip=203.0.113.5',
      '--nat-ip=203.0.113.6/10.0.0.6,203.0.113.5/10.0.0.5',
    ]).config
    expect(publicIp).toEqual(['203.0.113.5', '203.0.113.6'])
    expect(natIp.map(String)).toEqual(['203.0.113.6/10.0.0.6', '203.0.113.5/10.0.0.5'])
  })

  it.each([
    [['--turn-alternate-server=203.0.113.6:1,203.0.113.7:1'], '--turn-alternate-server is given twice'],
    [['--stun-alternate=10.0.0.6:99', '--udp-port=99'], '--stun-alternate and --udp-port are both on port 99'],
    [['--stun-alternate=10.0.0.6', '--host=10.0.0.6'], '--stun-alternate and --host are both 10.0.0.6'],
  ])('and those that do not: %j', (argv, words) => {
    expect(problem(argv)).toContain(words)
  })
})

describe('layers', () => {
  it('are flag, environment, file, default in this order, and each value remembers its own', () => {
    writeFileSync(
      join(folder.cwd, 'parley.json'),
      JSON.stringify({ port: 1, 'http-port': 2, 'room-size': 3, 'public-ip': ['203.0.113.5'], 'trust-proxy': true }),
    )
    const { config, sources } = load(['--port', '11'], { PARLEY_PORT: '21', PARLEY_HTTP_PORT: '22' })
    expect(config).toEqual({
      ...defaults,
      dataDir: join(folder.cwd, 'data'),
      port: 11,
      httpPort: 22,
      roomSize: 3,
      publicIp: ['203.0.113.5'],
      trustProxy: true,
    })
    expect(sources.port).toEqual({ from: 'flag' })
    expect(sources.httpPort).toEqual({ from: 'environment' })
    expect(sources.roomSize).toEqual({ from: 'file', path: join(folder.cwd, 'parley.json') })
    expect(sources.auth).toEqual({ from: 'default' })
  })

  it('treat an empty variable as none', () => {
    expect(load([], { PARLEY_DOMAIN: '', PARLEY_PORT: '' }).config).toMatchObject({ domain: undefined, port: 8443 })
  })

  it('warn of a variable that is nearly an option, and of no other', () => {
    const env = { PARLEY_PROT: '1', PARLEY_SERVICE_HOST: '10.0.0.1', PARLEY_DEV: '1', PATH: '/bin' }
    expect(load([], env).warnings).toEqual(['PARLEY_PROT is not an option; PARLEY_PORT is'])
  })
})

describe('the file', () => {
  it('may lie elsewhere; its paths are relative to it', () => {
    mkdirSync(join(folder.cwd, 'etc'))
    writeFileSync(join(folder.cwd, 'etc/cert.pem'), '')
    writeFileSync(join(folder.cwd, 'etc/key.pem'), '')
    writeFileSync(join(folder.cwd, 'etc/p.json'), '{ "cert": "cert.pem", "key": "key.pem", "data-dir": "kept" }')
    const { config } = load(['--config', 'etc/p.json'])
    expect(config).toMatchObject({ cert: join(folder.cwd, 'etc/cert.pem'), dataDir: join(folder.cwd, 'etc/kept') })
    expect(load([], { PARLEY_CONFIG: 'etc/p.json' }).config.dataDir).toBe(join(folder.cwd, 'etc/kept'))
  })

  it.each([
    ['{ "prot": 1 }', 'there is no option “prot”; did you mean port?'],
    ['{ "httpPort": 1 }', 'there is no option “httpPort”; did you mean http-port?'],
    ['{ "config": "x" }', 'there is no option “config”'],
    ['{ "__proto__": 1 }', 'there is no option “__proto__”'],
    ['[]', 'allowed is one JSON object'],
    ['null', 'allowed is one JSON object'],
    ['{ port: 1 }', 'JSON'],
    ['{ "port": null }', 'is “null”; allowed: a port'],
    ['{ "port": 1.5 }', 'is “1.5”; allowed: a port'],
    ['{ "public-ip": [1] }', 'is “1”; allowed: an IPv4'],
    ['{ "auth": { "a": 1 } }', 'is “{"a":1}”; allowed: open or token'],
  ])('%s is explained', (content, words) => {
    writeFileSync(join(folder.cwd, 'parley.json'), content)
    expect(problem([])).toContain(words)
    expect(problem([])).toContain(join(folder.cwd, 'parley.json'))
  })

  it('that was asked for must be there', () => {
    expect(problem(['--config', 'nowhere.json'])).toBe(
      `--config ${join(folder.cwd, 'nowhere.json')}: there is no such file`,
    )
  })
})
