import type { Ending } from '@parley/edge'
import { describe, expect, it } from 'vitest'
import { Clocks } from './clocks.ts'
import { checkMediaProcess } from './media-process.ts'
import { checkDomain, checkMissingAddress, checkPublicAddress } from './public-address.ts'
import { CredentialWatch, duration } from './turn-credentials.ts'
import { WaysIn } from './ways-in.ts'

const start = Date.UTC(2026, 0, 1)
const at = (seconds: number) => start + seconds * 1000

describe('UDP', () => {
  const udp = (ways: WaysIn, seconds: number) => ways.udp([3478], at(seconds))

  it('is blocked where streams come and no datagram follows, and passes again with the first one', () => {
    const ways = new WaysIn(false)
    expect(udp(ways, 0).result).toBe('good')
    ways.counted({ datagrams: 0, streams: 2 }, at(5))
    expect(udp(ways, 10).result).toBe('good')
    ways.counted({ datagrams: 0, streams: 3 }, at(15))
    expect(udp(ways, 15)).toEqual({
      check: 'UDP from outside',
      result: 'bad',
      detail:
        '3 connections came by TCP or TLS from other machines, but not one datagram: UDP does not reach this server, so media takes the slow way',
      remedy: expect.stringMatching(/firewall of this machine and that of its provider .* pass udp\/3478 in/),
    })
    ways.counted({ datagrams: 1, streams: 3 }, at(20))
    expect(udp(ways, 20).result).toBe('good')
  })

  it('is not called blocked by one guest alone while others use it', () => {
    const ways = new WaysIn(false)
    ways.counted({ datagrams: 5, streams: 0 }, at(0))
    ways.counted({ datagrams: 5, streams: 4 }, at(60))
    expect(udp(ways, 120).result).toBe('good')
    ways.counted({ datagrams: 5, streams: 6 }, at(700))
    expect(udp(ways, 720).result).toBe('bad')
  })

  it('is counted on where the media process begins anew', () => {
    const ways = new WaysIn(false)
    ways.counted({ datagrams: 9, streams: 9 }, at(0))
    ways.counted({ datagrams: 0, streams: 1 }, at(1000))
    expect(udp(ways, 1020).result).toBe('bad')
  })
})

describe('WebSockets', () => {
  const forwarded = { 'x-forwarded-for': '192.0.2.7' }

  it('do not pass where guests go on polling, unless another guest has one', () => {
    const ways = new WaysIn(true)
    expect(ways.webSockets(start).result).toBe('good')
    ways.connected('polling', forwarded, at(1))
    expect(ways.webSockets(at(2))).toEqual({
      check: 'WebSockets',
      result: 'bad',
      detail: '1 guest went on by polling, none by WebSocket: the reverse proxy does not let WebSockets pass',
      remedy: expect.stringContaining('proxy_set_header Upgrade $http_upgrade'),
    })
    ways.connected('websocket', forwarded, at(3))
    ways.connected('polling', forwarded, at(4))
    expect(ways.webSockets(at(5)).result).toBe('good')
  })

  it('of those who go round the proxy say nothing of it', () => {
    const ways = new WaysIn(true)
    ways.connected('polling', forwarded, at(1))
    ways.connected('websocket', {}, at(2))
    expect(ways.webSockets(at(3)).result).toBe('bad')
  })

  it('may be stopped by something on the way, where there is no proxy of ours', () => {
    const ways = new WaysIn(false)
    ways.connected('polling', {}, at(1))
    expect(ways.webSockets(at(2))).toMatchObject({
      result: 'note',
      detail: expect.stringContaining('a proxy or a firewall'),
    })
    ways.connected('websocket', {}, at(3))
    expect(ways.webSockets(at(4)).result).toBe('good')
  })
})

describe('the media process', () => {
  const ends = (count: number, how = 'by SIGKILL'): Ending[] =>
    Array.from({ length: count }, (_, i) => ({ at: at(i), how }))

  it('is counted, and more than twice in ten minutes is bad', () => {
    expect(checkMediaProcess([], start).result).toBe('good')
    expect(checkMediaProcess(ends(1), at(2))).toMatchObject({
      result: 'note',
      detail: expect.stringContaining('once in ten minutes'),
    })
    expect(checkMediaProcess(ends(3), at(3))).toEqual({
      check: 'media process',
      result: 'bad',
      detail: 'it ended 3 times in ten minutes, the last time by SIGKILL; calls through it break off each time',
      remedy: expect.stringMatching(/dmesg.*oom.*parley doctor --json/),
    })
    expect(checkMediaProcess(ends(3, 'with code 1'), at(3))).toMatchObject({
      remedy: expect.stringContaining('media process says'),
    })
    expect(checkMediaProcess(ends(3), at(700)).result).toBe('good')
  })
})

describe('TURN credentials', () => {
  it('that are over are told from wrong ones, with the difference of the clocks', () => {
    const watch = new CredentialWatch()
    const results = (seconds: number) => watch.findings(at(seconds)).map(({ result }) => result)
    expect(results(0)).toEqual(['good', 'good'])
    watch.counted({ credentialsExpired: 2, credentialsExpiredS: 7400, credentialsWrong: 0 }, at(1))
    expect(watch.findings(at(1))[0]).toEqual({
      check: 'TURN credentials, expired',
      result: 'bad',
      detail: 'a client came with credentials that ended 62 min ago by this server’s clock (2026-01-01T00:00:01.000Z)',
      remedy: expect.stringMatching(/GET \/api\/ice-servers.*clock of what made them is behind by as much/),
    })
    watch.counted({ credentialsExpired: 2, credentialsExpiredS: 7400, credentialsWrong: 1 }, at(2))
    expect(watch.findings(at(2))[1]).toMatchObject({
      check: 'TURN credentials, wrong',
      remedy: expect.stringContaining('--turn-secret'),
    })
    expect(results(700)).toEqual(['good', 'good'])
  })

  it('are timed in the unit that a person would use', () => {
    expect([5, 119, 300, 3600 * 5, 3600 * 72].map(duration)).toEqual(['5 s', '119 s', '5 min', '5 h', '3 days'])
  })
})

describe('clocks', () => {
  const hour = 3_600_000

  it('a guest’s that is off is a note; three that agree show that this one is', () => {
    const clocks = new Clocks()
    clocks.heard('ann', at(0) + 30_000, at(0))
    expect(clocks.finding(at(1)).result).toBe('good')
    clocks.heard('bob', at(1) + hour, at(1))
    const first = clocks.finding(at(1))
    expect(first).toMatchObject({
      result: 'note',
      detail: 'a guest’s clock is 60 min ahead of this one, where it is 2026-01-01T00:00:01.000Z',
      remedy: expect.stringContaining('If not, set that of this machine'),
    })
    // A finding that has not changed is not logged again.
    expect(clocks.finding(at(6))).toEqual({ ...first, detail: expect.stringContaining('00:00:06') })
    clocks.heard('cem', at(2) + hour, at(2))
    clocks.heard('dan', at(3) + hour, at(3))
    expect(clocks.finding(at(4))).toEqual({
      check: 'clock beside those of guests',
      result: 'bad',
      detail:
        '3 of the last 4 guests have a clock that is 60 min ahead of this one, and agree with each other: this one is wrong',
      remedy: expect.stringContaining('NTP'),
    })
  })

  it('three that are off in three ways show nothing of this one', () => {
    const clocks = new Clocks()
    for (const [i, name] of ['ann', 'bob', 'cem'].entries()) clocks.heard(name, start - (i + 1) * hour, start)
    expect(clocks.finding(start)).toMatchObject({ result: 'note', detail: expect.stringContaining('2 h behind') })
  })
})

describe('addresses and names', () => {
  const ports = 'tcp/8443, udp/3478'
  const address = (facts: Partial<Parameters<typeof checkPublicAddress>[1]>) =>
    checkPublicAddress('203.0.113.9', { local: false, answering: 'nobody', called: false, ports, ...facts })

  it('a public address that nobody has is bad, and what shows that it is right settles it', () => {
    expect(address({})).toEqual({
      check: 'public address 203.0.113.9',
      result: 'bad',
      detail: expect.stringContaining('no interface of this machine has it, and nobody answers there'),
      remedy: expect.stringMatching(/^Is --public-ip right\?.*forward tcp\/8443, udp\/3478/),
    })
    expect(address({ answering: 'another', called: true })).toMatchObject({
      result: 'bad',
      detail: expect.stringContaining('another server'),
    })
    for (const facts of [{ local: true }, { answering: 'this server' } as const, { called: true }])
      expect(address(facts).result).toBe('good')
  })

  it('guests from the internet at private addresses: the public one is missing, and often known', () => {
    expect(checkMissingAddress({ guests: 0, calledBy: undefined, ports }).result).toBe('note')
    expect(checkMissingAddress({ guests: 2, calledBy: '203.0.113.9', ports })).toMatchObject({
      result: 'bad',
      detail: expect.stringContaining('2 guests came from the internet'),
      remedy: expect.stringContaining('--public-ip 203.0.113.9'),
    })
  })

  it('a name must lead here, or to the proxy', () => {
    const named = (facts: Partial<Parameters<typeof checkDomain>[1]>) =>
      checkDomain('meet.example.org', {
        addresses: ['198.51.100.1'],
        own: ['203.0.113.9'],
        answering: 'nobody',
        proxied: false,
        ...facts,
      })
    expect(named({})).toMatchObject({
      result: 'bad',
      detail: 'DNS says 198.51.100.1, which is not this server',
      remedy: expect.stringContaining('Change its A record (AAAA for IPv6) to 203.0.113.9'),
    })
    expect(named({ addresses: [] })).toMatchObject({ result: 'bad', detail: 'DNS does not know it' })
    expect(named({ proxied: true }).result).toBe('good')
    expect(named({ addresses: ['203.0.113.9'] }).result).toBe('good')
    expect(named({ answering: 'this server' }).result).toBe('good')
  })
})
