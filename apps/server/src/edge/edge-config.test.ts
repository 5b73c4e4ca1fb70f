import { describe, expect, it } from 'vitest'
import { Endpoint, MappedIp } from '../config/addresses.ts'
import { type Config, defaults } from '../config/options.ts'
import { surroundings } from '../reachability/surroundings.ts'
import { edgeConfig } from './edge-config.ts'

const lan = ['192.168.1.20', '10.0.0.5', '2001:db8::20']

function made(options: Partial<Config>, addresses = lan) {
  const config = { ...defaults, ...options }
  const around = surroundings(config, { addresses, local: ['127.0.0.1', '::1', ...addresses] })
  return edgeConfig(config, around, { secrets: ['s'], port: 0, mayMove: false, handover: undefined, media: false })
}

const everywhere = { bind: '0.0.0.0', announce: '192.168.1.20' }

describe('what the edge is told', () => {
  it.each([
    ['the best address where it listens everywhere', {}, lan, [everywhere]],
    ['the one it listens on', { host: '10.0.0.5' }, lan, [{ bind: '10.0.0.5', announce: '10.0.0.5' }]],
    ['loopback', { host: 'localhost' }, lan, [{ bind: '127.0.0.1', announce: '127.0.0.1' }]],
    ['loopback where there is nothing else', {}, [], [{ bind: '0.0.0.0', announce: '127.0.0.1' }]],
    ['IPv6', { host: '2001:db8::20' }, lan, [{ bind: '2001:db8::20', announce: '2001:db8::20' }]],
    ['both', { host: '::' }, lan, [everywhere, { bind: '::', announce: '2001:db8::20' }]],
    ['IPv4 alone, where there is no other', { host: '::' }, ['192.168.1.20'], [everywhere]],
  ] as const)('announces relays on %s', (_, options, addresses, relays) => {
    expect(made(options, [...addresses]).relays).toEqual(relays)
  })

  it.each([
    ['one that a NAT keeps', ['203.0.113.5'], {}, [{ bind: '0.0.0.0', announce: '203.0.113.5' }]],
    ['one on an interface', ['10.0.0.5'], {}, [{ bind: '10.0.0.5', announce: '10.0.0.5' }]],
    [
      'several that a NAT maps',
      ['203.0.113.5/192.168.1.20', '203.0.113.6/10.0.0.5'],
      {},
      [
        { bind: '192.168.1.20', announce: '203.0.113.5' },
        { bind: '10.0.0.5', announce: '203.0.113.6' },
      ],
    ],
    [
      'the one of them that is listened on',
      ['203.0.113.5/192.168.1.20', '203.0.113.6/10.0.0.5'],
      { host: '10.0.0.5' },
      [{ bind: '10.0.0.5', announce: '203.0.113.6' }],
    ],
    [
      'the first, of several without a place',
      ['203.0.113.5', '203.0.113.6', '2001:db8::5'],
      { host: '::' },
      [
        { bind: '0.0.0.0', announce: '203.0.113.5' },
        { bind: '::', announce: '2001:db8::5' },
      ],
    ],
  ] as const)('announces public addresses: %s', (_, written, options, relays) => {
    const natIp = written.flatMap(text => {
      const [outside = '', inside] = text.split('/')
      return inside === undefined ? [] : [new MappedIp(outside, inside)]
    })
    const publicIp = written.map(text => text.replace(/\/.*/, ''))
    const config = made({ publicIp, natIp, ...options })
    expect(config.relays).toEqual(relays)
    expect(config.own).toEqual([...new Set(['127.0.0.1', '::1', ...lan, ...publicIp])])
  })

  it('discovers NATs between the address listened on and the alternate one', () => {
    const alternate = new Endpoint('10.0.0.5', undefined)
    expect(made({ stunAlternate: alternate }).discovery).toEqual({
      addresses: [
        { bind: '192.168.1.20', announce: '192.168.1.20' },
        { bind: '10.0.0.5', announce: '10.0.0.5' },
      ],
      alternatePort: undefined,
      others: ['127.0.0.1'],
    })
    const natIp = [new MappedIp('203.0.113.6', '10.0.0.5')]
    expect(made({ host: '127.0.0.1', natIp, stunAlternate: new Endpoint('10.0.0.5', 99) }).discovery).toEqual({
      addresses: [
        { bind: '127.0.0.1', announce: '127.0.0.1' },
        { bind: '10.0.0.5', announce: '203.0.113.6' },
      ],
      alternatePort: 99,
      others: [],
    })
    expect(made({}).discovery).toBeUndefined()
    for (const ip of ['2001:db8::21', '2001:db8::20']) {
      expect(() => made({ stunAlternate: new Endpoint(ip, undefined) })).toThrow('--stun-alternate')
    }
  })

  it('splits names from passwords at the first colon', () => {
    expect(made({ turnUser: ['phone:pass:word'] }).users).toEqual([['phone', 'pass:word']])
  })
})
