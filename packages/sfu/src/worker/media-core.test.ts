import { DtlsContext, makeDtlsCertificate } from '@parley/dtls'
import { Encoder, stun } from '@parley/stun'
import { Address } from '@parley/udp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newIceCredentials } from '../ice/credentials.ts'
import { Call, rtpPacket, sendRtp } from '../testing/call.ts'
import { makeCheck } from '../testing/prober.ts'

const mallory = Address.parse('203.0.113.66', 666)

let call: Call
beforeEach(() => {
  call = new Call()
})
afterEach(() => call.close())

/** Datagrams that a client sent while `act` ran. */
function sentBy(client: { address: Address }, act: () => void): Uint8Array[] {
  const before = call.net.log.length
  act()
  return call.net.log.slice(before).flatMap(({ from, bytes }) => (from.equals(client.address) ? [bytes] : []))
}

describe('a transport', () => {
  it.each(['server', 'client'] as const)('connects as the %s of DTLS, and carries media both ways', role => {
    const [alice, bob] = [call.join(1, { role }), call.join(2, { role })]
    expect([call.states(1), call.states(2)]).toEqual([['connected'], ['connected']])
    expect(call.router.log).toEqual(['1 connected', '2 connected'])
    call.connect(1, 2)
    call.connect(2, 1)
    for (let i = 0; i < 50; i++) {
      expect(sendRtp(alice, rtpPacket(i))).toBe(true)
      expect(sendRtp(bob, rtpPacket(1000 + i, 0xbeef))).toBe(true)
      call.net.deliver()
    }
    const heard = (by: number) => call.rtp.filter(({ client }) => client === by).map(({ bytes }) => [...bytes])
    expect(heard(2)).toEqual(Array.from({ length: 50 }, (_, i) => [...rtpPacket(i)]))
    expect(heard(1)).toEqual(Array.from({ length: 50 }, (_, i) => [...rtpPacket(1000 + i, 0xbeef)]))
    expect(call.core.counters()).toMatchObject({
      transports: 2,
      connected: 2,
      addresses: 2,
      handshakes: 0,
      rtpReceived: 100,
      rtpSent: 100,
      forged: 0,
      replayed: 0,
      unsent: 0,
    })
  })

  it('carries RTCP both ways', () => {
    const alice = call.join(1)
    const report = Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, 7)
    expect(alice.sendRtcp(report, 0, 8)).toBe(true)
    call.net.deliver()
    expect(call.router.rtcp).toEqual([{ transport: 1, bytes: report }])
    const transport = call.router.transports.get(1)
    expect(transport?.sendRtcp(report, 0, 8, call.net.now)).toBe(true)
    call.net.deliver()
    expect(call.rtcp).toEqual([{ client: 1, bytes: report }])
    expect(call.core.counters()).toMatchObject({ rtcpReceived: 1, rtcpSent: 1 })
  })

  it("takes no more of the loop's memory than it sends", () => {
    const alice = call.join(1)
    const transport = call.router.transports.get(1)
    if (!transport) return expect.unreachable()
    const used = (act: () => void) => {
      const before = call.net.reserve(0)
      act()
      return call.net.reserve(0) - before
    }
    const report = Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, 7)
    expect(used(() => sendRtp(transport, rtpPacket(1)))).toBe(12 + 100 + 16)
    expect(used(() => sendRtp(transport, rtpPacket(1)))).toBe(0)
    expect(used(() => transport.sendRtcp(report, 0, 8, 0))).toBe(8 + 20)
    alice.close()
    call.net.deliver()
    expect(used(() => transport.sendRtcp(report, 0, 8, 0))).toBe(0)
    expect(used(() => sendRtp(transport, rtpPacket(2)))).toBe(0)
    expect(call.core.counters()).toMatchObject({
      rtpSent: 1,
      rtcpSent: 1,
      unprotected: 1,
      unsent: 2,
      bytesSent: 128 + 28,
    })
  })

  it('connects when the peer comes before its description', () => {
    const client = call.join(1, { late: true })
    expect(call.states(1)).toEqual([])
    expect(call.core.counters()).toMatchObject({ connected: 0 })
    expect(call.core.counters().dtlsEarly).toBeGreaterThan(0)
    call.core.command({ is: 'remote', transport: 1, remote: client.description }, call.net.now)
    call.net.advance(2_000)
    expect(call.states(1)).toEqual(['connected'])
  })

  it.each(['server', 'client'] as const)('connects as the %s of DTLS, though every second datagram is lost', role => {
    // Which ones is not left to chance: OpenSSL's timers are real, so how often something is sent again is not ours to say.
    // Of each message the first sending is lost, and then every other.
    const sendings = new Map<string, number>()
    call.net.lose = ({ from, to, bytes }) => {
      const [type, epoch] = [bytes[0], bytes[4]]
      const message = `${from} ${to} ${type} ${epoch} ${bytes.length}`
      const before = sendings.get(message) ?? 0
      sendings.set(message, before + 1)
      return before % 2 === 0
    }
    call.join(1, { role })
    call.net.advance(20_000)
    expect(call.states(1)).toEqual(['connected'])
  })

  it('fails when the peer has another certificate than was said', () => {
    const stranger = new DtlsContext(makeDtlsCertificate())
    call.join(1, { pretends: stranger })
    expect(call.states(1)).toEqual(['failed'])
    expect(call.reports).toMatchObject([{ why: expect.stringContaining('fingerprint') }])
    expect(call.router.log).toEqual(['1 closed'])
    call.core.command({ is: 'close', transport: 1 }, call.net.now)
    expect(call.core.counters()).toMatchObject({ transports: 0, addresses: 0, handshakesFailed: 1 })
    expect(call.states(1)).toEqual(['failed'])
    stranger.close()
  })

  it.each([
    ['no fingerprint', []],
    ['one that is too short', [{ algorithm: 'sha-256', value: '00' } as const]],
  ])('fails with %s', (_, fingerprints) => {
    const local = newIceCredentials()
    const remote = { ice: newIceCredentials(), fingerprints }
    call.core.command({ is: 'open', transport: 1, local, role: 'server', remote }, 0)
    expect(call.states(1)).toEqual(['failed'])
  })

  it('is closed when the peer says goodbye, and says goodbye when it is closed', () => {
    const [alice, bob] = [call.join(1), call.join(2)]
    alice.close()
    call.net.deliver()
    expect(call.states(1)).toEqual(['connected', 'closed'])
    call.core.command({ is: 'close', transport: 1 }, call.net.now)
    call.core.command({ is: 'close', transport: 2 }, call.net.now)
    call.core.command({ is: 'close', transport: 2 }, call.net.now)
    call.net.deliver()
    expect(bob.connected).toBe(false)
    expect(call.states(2)).toEqual(['connected'])
    expect(call.router.log).toEqual(['1 connected', '2 connected', '1 closed', '2 closed'])
    expect(call.core.counters()).toMatchObject({ transports: 0, connected: 0, addresses: 0 })
  })

  it('is disconnected 30 s after the last check, sends nothing then, and comes back with the next', () => {
    const [alice, bob] = [call.join(1), call.join(2)]
    call.connect(2, 1)
    call.net.advance(60_000)
    expect(call.states(1)).toEqual(['connected'])
    alice.stopChecks()
    call.net.advance(30_001)
    expect(call.states(1)).toEqual(['connected', 'disconnected'])
    call.net.log = []
    sendRtp(bob, rtpPacket(1))
    sendRtp(alice, rtpPacket(1))
    call.net.deliver()
    expect(call.net.log.filter(({ to }) => to.equals(alice.address))).toEqual([])
    expect(call.core.counters()).toMatchObject({ connected: 1, unknownAddress: 1, consentLost: 1 })
    alice.start(call.net.now)
    call.net.deliver()
    expect(call.states(1)).toEqual(['connected', 'disconnected', 'connected'])
    sendRtp(bob, rtpPacket(2))
    call.net.deliver()
    expect(call.rtp.map(({ client }) => client)).toEqual([1])
  })

  it.each(['RTP', 'RTCP'])('stays connected to a peer that checks no more, as long as %s of its comes', kind => {
    const [alice, bob] = [call.join(1), call.join(2)]
    call.connect(2, 1)
    alice.stopChecks()
    const report = Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, 7)
    for (let i = 0; i < 20; i++) {
      if (kind === 'RTP') sendRtp(alice, rtpPacket(i))
      else alice.sendRtcp(report, 0, 8)
      call.net.advance(20_000)
    }
    expect(call.states(1)).toEqual(['connected'])
    sendRtp(bob, rtpPacket(1))
    call.net.deliver()
    expect(call.rtp.map(({ client }) => client)).toEqual([1])
  })

  it('goes on through a thousand sources, one after the other', () => {
    const alice = call.join(1)
    call.join(2)
    call.connect(1, 2)
    for (let ssrc = 1; ssrc <= 1500; ssrc++) {
      sendRtp(alice, rtpPacket(1, ssrc))
      alice.sendRtcp(Uint8Array.of(0x80, 201, 0, 1, 0, 0, ssrc >> 8, ssrc & 0xff), 0, 8)
    }
    call.net.deliver()
    expect(call.core.counters()).toMatchObject({ rtpReceived: 1500, rtcpReceived: 1500, rtpSent: 1500 })
  })

  it('is sent no more than one peer may send; the rest is counted, and said once', () => {
    const alice = call.join(1)
    for (let i = 0; i < 25_000; i++) {
      sendRtp(alice, rtpPacket(i))
      if (i % 1000 === 0) call.net.deliver()
    }
    call.net.deliver()
    expect(call.core.counters()).toMatchObject({ rtpReceived: 20_000, overLimit: 5_000 })
    expect(call.reports.filter(({ is }) => is === 'excess')).toEqual([{ is: 'excess', transport: 1 }])
    call.net.advance(1_000)
    sendRtp(alice, rtpPacket(25_000))
    call.net.deliver()
    expect(call.core.counters().rtpReceived).toBe(20_001)
  })

  it('does not live on by what is forged, or comes twice', () => {
    const alice = call.join(1)
    alice.stopChecks()
    const [packet] = sentBy(alice, () => sendRtp(alice, rtpPacket(1)))
    call.net.advance(20_000)
    const forged = packet?.slice().fill(0xff, -1) ?? new Uint8Array()
    call.net.inject(packet ?? forged, alice.address, call.server)
    call.net.inject(forged, alice.address, call.server)
    call.net.advance(10_001)
    expect(call.states(1)).toEqual(['connected', 'disconnected'])
  })

  it('says goodbye where its peer was last, when it is given up for its silence', () => {
    const alice = call.join(1)
    alice.stopChecks()
    call.net.advance(30_101)
    expect(call.reports.at(-1)).toMatchObject({ state: 'disconnected', why: expect.stringContaining('30 s') })
    call.core.command({ is: 'close', transport: 1 }, call.net.now)
    call.net.deliver()
    expect(alice.connected).toBe(false)
  })

  it('is given up when it was not connected in 20 s: who never came, and who shook no hands', () => {
    const [alice, bob, carol] = [call.add(1), call.add(2), call.join(3)]
    call.net.lose = ({ bytes, from }) => from.equals(bob.address) && bytes[0] !== 0
    bob.start(call.net.now)
    call.net.advance(19_899)
    expect([call.states(1), call.states(2)]).toEqual([[], []])
    call.net.advance(1)
    const said = call.reports.flatMap(row => (row.is === 'transport' && row.state === 'disconnected' ? row : []))
    expect(said).toMatchObject([
      { transport: 1, why: expect.stringMatching(/20 s.*check/) },
      { transport: 2, why: expect.stringMatching(/20 s.*DTLS/) },
    ])
    alice.start(call.net.now)
    call.net.advance(100_000)
    expect(call.states(1)).toEqual(['disconnected', 'connected'])
    expect([carol.connected, call.states(3)]).toEqual([true, ['connected']])
  })

  it('follows its peer to another port, and through a restart of ICE', () => {
    const [alice, bob] = [call.join(1), call.join(2)]
    call.connect(2, 1)
    const before = alice.address
    alice.move(call.net.now)
    call.net.deliver()
    expect(alice.address.equals(before)).toBe(false)
    sendRtp(bob, rtpPacket(1))
    call.net.deliver()
    expect(call.rtp.length).toBe(1)

    const [local, remote] = [newIceCredentials(), newIceCredentials()]
    call.core.command({ is: 'restart', transport: 1, local }, call.net.now)
    const fingerprints = [alice.dtls.fingerprint]
    call.core.command({ is: 'remote', transport: 1, remote: { ice: remote, fingerprints } }, call.net.now)
    sendRtp(bob, rtpPacket(2))
    call.net.deliver()
    alice.move(call.net.now)
    alice.restart(remote, local, call.net.now)
    call.net.deliver()
    sendRtp(bob, rtpPacket(3))
    call.net.advance(40_000)
    expect(call.rtp.length).toBe(3)
    expect(call.states(1)).toEqual(['connected'])
    expect(call.core.counters()).toMatchObject({ addresses: 2, consentLost: 0 })
  })

  it('takes a number once, and commands for transports that are open', () => {
    const client = call.join(1)
    const open = { is: 'open', transport: 1, local: newIceCredentials(), role: 'server', remote: undefined } as const
    expect(() => call.core.command(open, 0)).toThrow('open already')
    expect(() => call.core.command({ is: 'remote', transport: 9, remote: client.description }, 0)).toThrow(
      'no transport',
    )
    expect(() => call.core.command({ ...open, transport: 2, local: client.remote.ice }, 0)).toThrow('already')
    expect(call.core.counters().transports).toBe(1)
  })
})

describe('what arrives', () => {
  it('is left to others when it is not for media', () => {
    const client = call.join(1)
    const message = (method: 'binding' | 'allocate' | 'send', kind: 'request' | 'indication' = 'request') =>
      new Encoder(new Uint8Array(200)).message(kind, method).fingerprint().finish().slice()
    const stranger = new Encoder(new Uint8Array(200))
      .message('request', 'binding')
      .add(stun.username, 'who:me')
      .finish()
    for (const [bytes, taken] of [
      [message('binding'), false],
      [message('allocate'), false],
      [message('send', 'indication'), false],
      [message('binding', 'indication'), true],
      [stranger.slice(), false],
      [Uint8Array.of(0x40, 0, 0, 4, 1, 2, 3, 4), false],
      [new Uint8Array(), false],
      [Uint8Array.of(0xff, 1, 2), false],
      [Uint8Array.of(0x80), true],
      [Uint8Array.of(22), true],
    ] as const) {
      call.taken.length = 0
      const copy = bytes.slice()
      call.net.inject(bytes, client.address, call.server)
      expect(call.taken, copy.toString()).toEqual([taken])
    }
  })

  it('is dropped and counted when it is forged, replayed, malformed or not protected', () => {
    const [alice] = [call.join(1), call.join(2)]
    call.connect(1, 2)
    call.net.lose = ({ from }) => from.equals(alice.address)
    const [genuine = new Uint8Array()] = sentBy(alice, () => {
      sendRtp(alice, rtpPacket(1))
      call.net.deliver()
    })
    call.net.lose = () => false
    const bring = (bytes: Uint8Array) => call.net.inject(bytes.slice(), alice.address, call.server)
    for (let at = 0; at < genuine.length; at++) {
      const forged = genuine.slice()
      forged[at]! ^= 1
      bring(forged)
    }
    expect(call.core.counters()).toMatchObject({ rtpReceived: 0, replayed: 0 })
    for (let i = 0; i < 3; i++) bring(genuine)
    bring(rtpPacket(2))
    bring(Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, 7))
    bring(Uint8Array.of(0x80, 96))
    const { replayed, forged, malformed, rtpReceived } = call.core.counters()
    expect({ rtpReceived, replayed }).toEqual({ rtpReceived: 1, replayed: 2 })
    expect(malformed).toBeGreaterThan(0)
    expect(forged + malformed).toBe(genuine.length + 3)
    expect(call.rtp.length).toBe(1)
    sendRtp(alice, rtpPacket(3))
    call.net.deliver()
    expect(call.rtp.length).toBe(2)
  })

  it('from an address that nobody has shown to be theirs, is dropped, though it is genuine', () => {
    const [alice] = [call.join(1), call.join(2)]
    call.connect(1, 2)
    call.net.lose = ({ from }) => from.equals(alice.address)
    const [genuine = new Uint8Array()] = sentBy(alice, () => {
      sendRtp(alice, rtpPacket(1))
      call.net.deliver()
    })
    call.net.inject(genuine.slice(), mallory, call.server)
    expect(call.core.counters()).toMatchObject({ unknownAddress: 1, rtpReceived: 0 })
    expect(call.rtp).toEqual([])
  })

  it('of another peer of ours is forged', () => {
    const [alice, bob] = [call.join(1), call.join(2)]
    call.net.lose = ({ from }) => from.equals(alice.address)
    const [genuine = new Uint8Array()] = sentBy(alice, () => {
      sendRtp(alice, rtpPacket(1))
      call.net.deliver()
    })
    call.net.inject(genuine.slice(), bob.address, call.server)
    expect(call.core.counters()).toMatchObject({ forged: 1, rtpReceived: 0 })
  })

  it('before there are keys is dropped', () => {
    const client = call.add(1)
    const check = makeCheck({ local: client.local, remote: client.remote.ice })
    call.net.inject(check.slice(), client.address, call.server)
    call.net.inject(rtpPacket(1), client.address, call.server)
    expect(call.core.counters()).toMatchObject({ early: 1, rtpReceived: 0 })
  })
})

it('closing forgets everything', () => {
  for (let id = 1; id <= 5; id++) call.join(id)
  call.core.close(call.net.now)
  call.core.close(call.net.now)
  expect(call.core.counters()).toMatchObject({ transports: 0, connected: 0, addresses: 0, handshakes: 0 })
  expect(call.core.nextTimeout()).toBe(Number.POSITIVE_INFINITY)
})
