import { stun, transportProtocols, turn } from '@parley/stun'
import { describe, expect, it } from 'vitest'
import { at, attr, codeOf, udpTransport } from '../testing/test-client.ts'
import { own, TestSite } from '../testing/test-server.ts'

const v6 = attr(turn.requestedAddressFamily, 6)
const both = attr(turn.additionalAddressFamily, 6)

describe('Allocate', () => {
  it('gives a relayed address, a lifetime, and says where the client is', () => {
    const site = new TestSite()
    const reply = site.client('1.2.3.4:5000').request('allocate', udpTransport)
    expect(reply.class).toBe('success')
    expect(`${reply.get(turn.xorRelayedAddress)?.address}`).toBe('9.9.9.9')
    expect(reply.get(turn.xorRelayedAddress)?.port).toBeGreaterThanOrEqual(40_000)
    expect(reply.get(turn.lifetime)).toBe(600)
    expect(`${reply.get(stun.xorMappedAddress)?.address}:${reply.get(stun.xorMappedAddress)?.port}`).toBe(
      '1.2.3.4:5000',
    )
    expect(reply.has(stun.messageIntegrity)).toBe(true)
    expect(reply.has(stun.software)).toBe(false)
  })

  it('protects its answer as the request was protected', () => {
    const client = new TestSite().client()
    client.integrity = 'sha256'
    const reply = client.request('allocate', udpTransport)
    expect([reply.has(stun.messageIntegritySha256), reply.has(stun.messageIntegrity)]).toEqual([true, false])
  })

  it.each([
    ['asked for nothing', undefined, 600],
    ['asked for less', 30, 600],
    ['asked for more', 1800, 1800],
    ['asked for too much', 100_000, 3600],
  ])('lives as long as the server sees fit: %s', (_, asked, granted) => {
    const lifetime = asked === undefined ? [] : [attr(turn.lifetime, asked)]
    const reply = new TestSite().client().request('allocate', udpTransport, ...lifetime)
    expect(reply.get(turn.lifetime)).toBe(granted)
  })

  it('answers a repeat again, and refuses a second allocation on one 5-tuple', () => {
    const site = new TestSite()
    const client = site.client()
    client.request('binding')
    client.bare('allocate', udpTransport)
    client.nonce = client.replies[0]?.get(stun.nonce)
    const request = client.encode('allocate', [udpTransport], true)
    const first = client.raw(request)?.get(turn.xorRelayedAddress)
    expect(first).toBeDefined()
    expect(client.raw(request)?.get(turn.xorRelayedAddress)).toEqual(first)
    expect(site.net.opened).toBe(1)
    expect(client.ask('allocate', udpTransport)).toBe(437)
  })

  it('wants REQUESTED-TRANSPORT, and UDP', () => {
    const client = new TestSite().client()
    expect(client.ask('allocate')).toBe(400)
    expect(client.ask('allocate', attr(turn.requestedTransport, transportProtocols.tcp))).toBe(442)
  })

  it('asks for credentials, with a nonce and a realm', () => {
    const reply = new TestSite().client().bare('allocate', udpTransport)
    expect(codeOf(reply)).toBe(401)
    expect([reply?.get(stun.realm), reply?.get(stun.nonce)?.length]).toEqual(['turn', 16])
    expect(reply?.get(stun.errorCode)?.reason).toBe('')
  })

  it('answers 400 to a value that does not parse, and counts it', () => {
    const site = new TestSite()
    const client = site.client()
    // LIFETIME has four bytes, not one.
    const short = { ...turn.lifetime, codec: turn.evenPort.codec }
    expect(client.ask('allocate', udpTransport, attr(short, true))).toBe(400)
    expect(site.server.counters().malformed).toBe(1)
    expect(site.net.sockets.size).toBe(0)
  })

  it('lists attributes that it does not know in 420', () => {
    const unknown = { ...turn.lifetime, type: 0x7ff0 }
    const reply = new TestSite().client().request('allocate', udpTransport, attr(unknown, 1))
    expect(codeOf(reply)).toBe(420)
    expect(reply.get(stun.unknownAttributes)).toEqual([0x7ff0])
  })

  it('refuses DONT-FRAGMENT with 420 where sockets cannot do it', () => {
    const df = attr(turn.dontFragment, true)
    expect(new TestSite().client().ask('allocate', udpTransport, df)).toBe('ok')
    const reply = new TestSite({ relays: { dontFragment: false } }).client().request('allocate', udpTransport, df)
    expect([codeOf(reply), reply.get(stun.unknownAttributes)]).toEqual([420, [turn.dontFragment.type]])
  })

  it('sends to another server with 300', () => {
    const alternateServer = at('5.6.7.8:3478')
    const reply = new TestSite({ alternateServers: [at('[2600::1]:1'), alternateServer] })
      .client()
      .request('allocate', udpTransport)
    expect([codeOf(reply), reply.get(stun.alternateServer)?.port]).toEqual([300, 3478])
  })
})

describe('address families', () => {
  it('are IPv4 by default, IPv6 when requested, both with ADDITIONAL-ADDRESS-FAMILY', () => {
    const site = new TestSite()
    expect(site.client('1.1.1.1:1').allocate().host).toBe('9.9.9.9')
    expect(site.client('1.1.1.1:2').allocate(v6).host).toBe('2600::9')
    const reply = site.client('1.1.1.1:3').request('allocate', udpTransport, both)
    expect(reply.getAll(turn.xorRelayedAddress).map(({ address }) => `${address}`)).toEqual(['9.9.9.9', '2600::9'])
  })

  it('are refused where they clash', () => {
    const client = new TestSite().client()
    expect(client.ask('allocate', udpTransport, v6, both)).toBe(400)
    expect(client.ask('allocate', udpTransport, attr(turn.additionalAddressFamily, 4))).toBe(400)
    expect(client.ask('allocate', udpTransport, both, attr(turn.evenPort, true))).toBe(400)
    const token = attr(turn.reservationToken, new Uint8Array(8))
    for (const other of [v6, both, attr(turn.evenPort, false)])
      expect(client.ask('allocate', udpTransport, token, other)).toBe(400)
  })

  it('are 440 where there are none, and ADDRESS-ERROR-CODE for the additional one', () => {
    const site = new TestSite()
    const onlyV4 = new TestSite({ relays: { addresses: [{ bind: '9.9.9.9', announce: ipOf(site) }] } })
    expect(onlyV4.client('1.1.1.1:1').ask('allocate', udpTransport, v6)).toBe(440)
    const reply = onlyV4.client('1.1.1.1:2').request('allocate', udpTransport, both)
    expect(reply.class).toBe('success')
    expect(reply.get(turn.addressErrorCode)).toMatchObject({ family: 6, code: 440 })
  })

  it('are half of what was wanted where there is IPv6 alone, or no port is left of one', () => {
    const ipv6 = { bind: own.ipv6, announce: at(`[${own.ipv6}]:0`).address }
    const onlyV6 = new TestSite({ relays: { addresses: [ipv6] } })
    expect(onlyV6.client('1.1.1.1:1').ask('allocate', udpTransport)).toBe(440)
    const reply = onlyV6.client('1.1.1.1:2').request('allocate', udpTransport, both)
    expect(reply.getAll(turn.xorRelayedAddress).map(({ address }) => `${address}`)).toEqual([own.ipv6])
    expect(reply.get(turn.addressErrorCode)).toMatchObject({ family: 4, code: 440 })

    const small = new TestSite({ relays: { range: [40_000, 40_000] } })
    small.client('1.1.1.1:1').allocate()
    const half = small.client('1.1.1.1:2').request('allocate', udpTransport, both)
    expect(half.getAll(turn.xorRelayedAddress).map(({ address }) => `${address}`)).toEqual([own.ipv6])
    expect(half.get(turn.addressErrorCode)).toMatchObject({ family: 4, code: 508 })
    expect(small.client('1.1.1.1:3').ask('allocate', udpTransport, both)).toBe(508)
    const none = new TestSite({ relays: { addresses: [] } })
    expect(none.client('1.1.1.1:4').ask('allocate', udpTransport, both)).toBe(440)
  })
})

describe('EVEN-PORT and RESERVATION-TOKEN', () => {
  it('gives even ports', () => {
    const site = new TestSite()
    for (let i = 1; i < 20; i++) {
      expect(site.client(`1.1.1.1:${i}`).allocate(attr(turn.evenPort, false)).port % 2).toBe(0)
    }
  })

  it('keeps the next port for whoever shows the token', () => {
    const site = new TestSite()
    const reply = site.client('1.1.1.1:1').request('allocate', udpTransport, attr(turn.evenPort, true))
    const port = reply.get(turn.xorRelayedAddress)?.port ?? 0
    const token = attr(turn.reservationToken, reply.get(turn.reservationToken) ?? new Uint8Array())
    expect(port % 2).toBe(0)
    const second = site.client('1.1.1.1:2')
    expect(second.allocate(token).port).toBe(port + 1)
    expect(site.client('1.1.1.1:3').ask('allocate', udpTransport, token)).toBe(508)
    const peer = site.net.peer('8.8.8.8', 8)
    second.permit('8.8.8.8:0')
    peer.say('hello', second.allocation?.relays[0]?.announced ?? peer.address)
    expect(second.got).toEqual([{ via: '8.8.8.8:8', text: 'hello' }])
  })

  it('gives the reserved port up after 30 s', () => {
    const site = new TestSite()
    const client = site.client()
    const reply = client.request('allocate', udpTransport, attr(turn.evenPort, true))
    expect(site.net.sockets.size).toBe(2)
    site.pass(32)
    expect(site.net.sockets.size).toBe(1)
    const token = attr(turn.reservationToken, reply.get(turn.reservationToken) ?? new Uint8Array())
    expect(site.client('1.1.1.1:2').ask('allocate', udpTransport, token)).toBe(508)
  })
})

describe('capacity', () => {
  it('is 508 when no port is left, and every port is found before', () => {
    const site = new TestSite({ relays: { range: [40_000, 40_004] } })
    const ports = [1, 2, 3, 4, 5].map(i => site.client(`1.1.1.1:${i}`).allocate().port)
    expect(ports.sort()).toEqual([40_000, 40_001, 40_002, 40_003, 40_004])
    expect(site.client('1.1.1.1:6').ask('allocate', udpTransport)).toBe(508)
  })

  it('is 508 when the system has no descriptors left, and nothing is kept', () => {
    const site = new TestSite({ quotas: { perUser: 1, perSource: 0, total: 0, bandwidthBps: 0 } })
    site.net.failure = 'EMFILE'
    const client = site.client()
    expect(client.ask('allocate', udpTransport)).toBe(508)
    expect(client.ask('allocate', udpTransport)).toBe(508)
    site.net.failure = undefined
    expect(client.ask('allocate', udpTransport)).toBe('ok')
  })

  it('is 486 for a user, and for all together', () => {
    const site = new TestSite({ quotas: { perUser: 2, perSource: 0, total: 3, bandwidthBps: 0 } })
    const ask = (address: string, username: string) => {
      const client = site.client(address)
      client.username = username
      return client.ask('allocate', udpTransport)
    }
    expect([ask('1.1.1.1:1', 'ann'), ask('1.1.1.1:2', 'ann'), ask('1.1.1.1:3', 'ann')]).toEqual(['ok', 'ok', 486])
    expect([ask('1.1.1.1:4', 'bob'), ask('1.1.1.1:5', 'bob')]).toEqual(['ok', 486])
    site.pass(602)
    expect(ask('1.1.1.1:6', 'ann')).toBe('ok')
  })
})

function ipOf(site: TestSite) {
  const address = site.client('1.1.1.1:9').request('allocate', udpTransport).get(turn.xorRelayedAddress)?.address
  if (!address) throw new Error('no address')
  return address
}
