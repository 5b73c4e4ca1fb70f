import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Endpoint, MappedIp } from './addresses.ts'
import { configurationDocument } from './describe.ts'
import { PortRange } from './kinds.ts'
import { type Config, serverOptions } from './options.ts'
import { environmentName, kebab } from './table.ts'
import { configFolder } from './testing/config-folder.ts'

const folder = configFolder()
const { load, problem } = folder

interface Samples<T> {
  /** What is written, and what it becomes. */
  readonly good: readonly (readonly [string, T])[]
  readonly bad: readonly string[]
}

/** Options that name a file which has to exist have tests of their own. */
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
      ['kept', () => join(folder.cwd, 'kept')],
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
      writeFileSync(join(folder.cwd, 'parley.json'), JSON.stringify({ [kebab(name)]: written }))
      expect(load().config[name]).toEqual(wanted)
      rmSync(join(folder.cwd, 'parley.json'))
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
      const file = join(folder.cwd, 'parley.json')
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
