import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Failure } from '../failure.ts'
import { Endpoint, MappedIp } from './addresses.ts'
import { configurationDocument } from './describe.ts'
import { PortRange } from './kinds.ts'
import { type Loaded, loadConfig } from './load.ts'
import { type Config, defaults, serverOptions } from './options.ts'
import { environmentName, kebab } from './table.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'parley-config-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

function load(argv: string[] = [], env: Record<string, string> = {}): Loaded {
  return loadConfig({ argv, env, cwd })
}

function problem(argv: string[], env: Record<string, string> = {}): string {
  try {
    load(argv, env)
  } catch (error) {
    if (error instanceof Failure && error.exitCode === 2) return error.message
    throw error
  }
  throw new Error('was accepted')
}

interface Samples<T> {
  /** What is written, and what it becomes. */
  readonly good: readonly (readonly [string, T])[]
  readonly bad: readonly string[]
}

/** Those that name a file which must be there: they have tests of their own. */
const aboutFiles = ['cert', 'config', 'key', 'turnSecretFile', 'turnUserFile'] as const

type Parsed = {
  readonly [K in Exclude<keyof Config, (typeof aboutFiles)[number]>]: Samples<Config[K] | (() => Config[K])>
}

const samples: Parsed = {
  topology: {
    good: [
      ['auto', 'auto'],
      ['mesh', 'mesh'],
      ['sfu', 'sfu'],
    ],
    bad: ['SFU', 'mcu'],
  },
  mediaWorkers: {
    good: [
      ['1', 1],
      ['64', 64],
    ],
    bad: ['0', '65', '-1', '1.5', 'auto'],
  },
  host: {
    good: [
      ['0.0.0.0', '0.0.0.0'],
      ['::', '::'],
      ['192.168.1.20', '192.168.1.20'],
      ['localhost', 'localhost'],
    ],
    bad: ['example.com', '300.1.1.1', '*', '0.0.0.0:8443'],
  },
  port: {
    good: [
      ['9443', 9443],
      ['0', 0],
      ['65535', 65535],
    ],
    bad: ['65536', '-1', '80.5', 'https', '0x50', '1e3', ' 80', 'off'],
  },
  httpPort: {
    good: [
      ['8081', 8081],
      ['0', 0],
      ['off', 'off'],
    ],
    bad: ['65536', 'none', '-1'],
  },
  udpPort: {
    good: [
      ['3479', 3479],
      ['0', 0],
      ['off', 'off'],
    ],
    bad: ['65536', 'udp', '-1'],
  },
  relayPorts: {
    good: [
      ['50000-50100', new PortRange(50_000, 50_100)],
      ['1024-65535', new PortRange(1024, 65_535)],
    ],
    bad: ['50000', '50100-50000', '50000-50000', '80-90', '50000-65536', '50000-', 'all', '50000 - 50100'],
  },
  turnRealm: {
    good: [['example.com', 'example.com']],
    bad: ['x'.repeat(65)],
  },
  turnQuotaUser: {
    good: [
      ['0', 0],
      ['10', 10],
    ],
    bad: ['-1', 'many', '1000001'],
  },
  turnQuotaTotal: {
    good: [
      ['0', 0],
      ['100000', 100_000],
    ],
    bad: ['-1', 'many'],
  },
  turnQuotaSource: {
    good: [
      ['0', 0],
      ['2048', 2048],
    ],
    bad: ['-1', 'many', '1000001'],
  },
  turnTcp: { good: [['on', true]], bad: ['443'] },
  turnTcpPorts: {
    good: [
      ['443', [new PortRange(443, 443)]],
      ['80,8000-8100', [new PortRange(80, 80), new PortRange(8000, 8100)]],
    ],
    bad: ['0', '65536', '8100-8000', '80-', '-80', 'https', '1-2-3', ','],
  },
  turnBandwidth: {
    good: [
      ['0', 0],
      ['64000', 64_000],
      ['500k', 500_000],
      ['10M', 10_000_000],
      ['1G', 1e9],
    ],
    bad: ['-1', '10m', '10 M', '1.5M', 'fast', '10Mbit', '9999G'],
  },
  turnAllowPeer: {
    good: [
      ['10.1.0.0/16', ['10.1.0.0/16']],
      ['private,127.0.0.1,fd00::/8', ['private', '127.0.0.1', 'fd00::/8']],
    ],
    bad: ['10.1.0.0/33', '10.1.2.3/16', 'privat', 'example.com', '10.1.0.0/', ','],
  },
  turnDenyPeer: {
    good: [['198.51.100.7', ['198.51.100.7']]],
    bad: ['10.1.0.0/33', '*'],
  },
  turnSecret: {
    good: [
      ['0123456789abcdef', ['0123456789abcdef']],
      ['0123456789abcdef,fedcba9876543210', ['0123456789abcdef', 'fedcba9876543210']],
    ],
    bad: ['tooshort', '0123456789abcdef,short'],
  },
  turnUser: {
    good: [['phone:pass:word', ['phone:pass:word']]],
    bad: ['phone', ':password', 'phone:'],
  },
  dataDir: {
    good: [
      ['/var/lib/parley', '/var/lib/parley'],
      ['kept', () => join(cwd, 'kept')],
    ],
    bad: [],
  },
  domain: {
    good: [
      ['meet.example.com', 'meet.example.com'],
      ['Meet.Example.COM', 'meet.example.com'],
    ],
    bad: ['https://meet.example.com', 'meet', '10.0.0.1', 'a_b.example.com', '-a.example.com', 'meet.example.com:443'],
  },
  publicIp: {
    good: [
      ['203.0.113.5', ['203.0.113.5']],
      ['203.0.113.5,2001:db8::1', ['203.0.113.5', '2001:db8::1']],
    ],
    bad: ['example.com', '203.0.113', '203.0.113.5,,', '203.0.113.5/24'],
  },
  natIp: {
    good: [
      ['203.0.113.5/10.0.0.5', [new MappedIp('203.0.113.5', '10.0.0.5')]],
      [
        '203.0.113.5/10.0.0.5,2001:db8::5/fd00::5',
        [new MappedIp('203.0.113.5', '10.0.0.5'), new MappedIp('2001:db8::5', 'fd00::5')],
      ],
    ],
    bad: ['203.0.113.5', '203.0.113.5/24', '203.0.113.5/::1', '1.1.1.1/2.2.2.2/3.3.3.3'],
  },
  turnTlsPort: {
    good: [
      ['5349', 5349],
      ['off', 'off'],
    ],
    bad: ['none', '-1'],
  },
  turnProxyProtocol: {
    good: [['10.0.0.1,fd00::/8', ['10.0.0.1', 'fd00::/8']]],
    bad: ['private', '10.0.0.1/8', 'balancer'],
  },
  turnAlternateServer: {
    good: [
      ['203.0.113.6:3478,[2001:db8::6]:443', [new Endpoint('203.0.113.6', 3478), new Endpoint('2001:db8::6', 443)]],
    ],
    bad: [
      '203.0.113.6',
      'turn.example.com:3478',
      '203.0.113.6:0',
      '203.0.113.6:65536',
      '2001:db8::6:443',
      '[1.1.1.1]:1',
    ],
  },
  stunAlternate: {
    good: [
      ['203.0.113.6', new Endpoint('203.0.113.6', undefined)],
      ['203.0.113.6:3479', new Endpoint('203.0.113.6', 3479)],
      ['2001:db8::6', new Endpoint('2001:db8::6', undefined)],
      ['[2001:db8::6]:3479', new Endpoint('2001:db8::6', 3479)],
    ],
    bad: ['eth1', ':3479', '203.0.113.6:', '203.0.113.6:0'],
  },
  trustProxy: {
    good: [
      ['true', true],
      ['off', false],
      ['1', true],
      ['No', false],
    ],
    bad: ['maybe', '2'],
  },
  allowOrigin: {
    good: [
      ['https://app.example.com', ['https://app.example.com']],
      ['HTTPS://App.Example.com:443/,http://10.0.0.1:3000', ['https://app.example.com', 'http://10.0.0.1:3000']],
      ['null,file://,capacitor://localhost', ['null', 'file://', 'capacitor://localhost']],
    ],
    bad: [
      'app.example.com',
      '*',
      'https://app.example.com/page',
      'ftp://app.example.com',
      'app://a/b',
      'https://u@a.com',
    ],
  },
  tokenEnd: {
    good: [
      ['stay', 'stay'],
      ['leave', 'leave'],
    ],
    bad: ['now'],
  },
  auth: {
    good: [
      ['open', 'open'],
      ['token', 'token'],
    ],
    bad: ['none', 'Open', 'tokens'],
  },
  roomSize: {
    good: [
      ['2', 2],
      ['1000', 1000],
    ],
    bad: ['1', '1001', 'many'],
  },
  metrics: { good: [['open', 'open']], bad: ['public'] },
  logLevel: {
    good: [
      ['silent', 'silent'],
      ['trace', 'trace'],
    ],
    bad: ['verbose', 'INFO'],
  },
}

describe('every option', () => {
  const cases = Object.entries(samples) as [keyof Parsed, Samples<unknown>][]

  it('has samples here, or is about files', () => {
    expect(Object.keys(serverOptions).sort()).toEqual([...Object.keys(samples), ...aboutFiles].sort())
  })

  it.each(cases)('%s: good values by flag, variable and file', (name, { good }) => {
    for (const [written, expected] of good) {
      const wanted = typeof expected === 'function' ? expected() : expected
      expect(load([`--${kebab(name)}=${written}`]).config[name]).toEqual(wanted)
      expect(load([], { [environmentName(name)]: written }).config[name]).toEqual(wanted)
      writeFileSync(join(cwd, 'parley.json'), JSON.stringify({ [kebab(name)]: written }))
      expect(load().config[name]).toEqual(wanted)
      rmSync(join(cwd, 'parley.json'))
    }
  })

  it.each(cases)('%s: a bad value names the option, the value, its source and what is allowed', (name, { bad }) => {
    const { allowed, secret } = serverOptions[name]
    for (const written of bad) {
      const byFlag = problem([`--${kebab(name)}=${written}`])
      const wrong = secret ? 'does not fit' : `is “${written}”`
      expect(byFlag).toBe(`--${kebab(name)} ${wrong}; allowed: ${allowed}`)
      const byVariable = problem([], { [environmentName(name)]: written })
      expect(byVariable).toBe(`--${kebab(name)} (from ${environmentName(name)}) ${wrong}; allowed: ${allowed}`)
      const file = join(cwd, 'parley.json')
      writeFileSync(file, JSON.stringify({ [kebab(name)]: written }))
      expect(problem([])).toBe(`--${kebab(name)} (from ${file}) ${wrong}; allowed: ${allowed}`)
      rmSync(file)
    }
  })

  it('is in docs/configuration.md as the table has it', () => {
    const document = new URL('../../../../docs/configuration.md', import.meta.url)
    expect(readFileSync(document, 'utf8')).toBe(configurationDocument(serverOptions))
  })
})

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
      join(cwd, 'parley.json'),
      JSON.stringify({ port: 1, 'http-port': 2, 'room-size': 3, 'public-ip': ['203.0.113.5'], 'trust-proxy': true }),
    )
    const { config, sources } = load(['--port', '11'], { PARLEY_PORT: '21', PARLEY_HTTP_PORT: '22' })
    expect(config).toEqual({
      ...defaults,
      dataDir: join(cwd, 'data'),
      port: 11,
      httpPort: 22,
      roomSize: 3,
      publicIp: ['203.0.113.5'],
      trustProxy: true,
    })
    expect(sources.port).toEqual({ from: 'flag' })
    expect(sources.httpPort).toEqual({ from: 'environment' })
    expect(sources.roomSize).toEqual({ from: 'file', path: join(cwd, 'parley.json') })
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
    mkdirSync(join(cwd, 'etc'))
    writeFileSync(join(cwd, 'etc/cert.pem'), '')
    writeFileSync(join(cwd, 'etc/key.pem'), '')
    writeFileSync(join(cwd, 'etc/p.json'), '{ "cert": "cert.pem", "key": "key.pem", "data-dir": "kept" }')
    const { config } = load(['--config', 'etc/p.json'])
    expect(config).toMatchObject({ cert: join(cwd, 'etc/cert.pem'), dataDir: join(cwd, 'etc/kept') })
    expect(load([], { PARLEY_CONFIG: 'etc/p.json' }).config.dataDir).toBe(join(cwd, 'etc/kept'))
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
    writeFileSync(join(cwd, 'parley.json'), content)
    expect(problem([])).toContain(words)
    expect(problem([])).toContain(join(cwd, 'parley.json'))
  })

  it('that was asked for must be there', () => {
    expect(problem(['--config', 'nowhere.json'])).toBe(`--config ${join(cwd, 'nowhere.json')}: there is no such file`)
  })
})

describe('options that go together', () => {
  it('are refused apart', () => {
    writeFileSync(join(cwd, 'c.pem'), '')
    expect(problem(['--cert', 'c.pem'])).toBe('--cert is given without --key; both or neither')
    expect(problem(['--key', 'c.pem'])).toBe('--key is given without --cert; both or neither')
    expect(problem(['--cert', 'c.pem', '--key', 'k.pem'])).toBe(
      `--key is “${join(cwd, 'k.pem')}”; there is no such file`,
    )
    expect(problem(['--port', '9000', '--http-port', '9000'])).toContain('both 9000')
    expect(load(['--port', '0', '--http-port', '0']).config.port).toBe(0)
  })
})
