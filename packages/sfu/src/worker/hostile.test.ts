import { Address } from '@parley/udp'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { Call, rtpPacket, sendRtp } from '../testing/call.ts'
import type { SfuClient } from '../testing/sfu-client.ts'

const calls: Call[] = []
afterEach(() => {
  for (const call of calls.splice(0)) call.close()
})

function newCall(options?: ConstructorParameters<typeof Call>[0]): Call {
  const call = new Call(options)
  calls.push(call)
  return call
}

function stranger(n: number): Address {
  return Address.parse(`203.0.113.${n % 250}`, 1 + (n % 60_000))
}

const isDtls = (first: number | undefined) => first !== undefined && first >= 20 && first <= 63

/** What a client begins a handshake with. */
function clientHello(call: Call): Uint8Array {
  call.join(9999)
  const hello = call.net.log.find(({ to, bytes }) => to.equals(call.server) && isDtls(bytes[0]))
  return hello?.bytes ?? expect.unreachable()
}

/** The first message of a handshake (RFC 6347 §4.3.2). */
const helloType = 1

describe('joining', () => {
  it('succeeds for everybody with a thousand foreign ClientHellos around each', () => {
    const call = newCall()
    const hello = clientHello(call)
    const joins = 100
    let n = 0
    for (let id = 1; id <= joins; id++) {
      const client = call.add(id)
      client.start(call.net.now)
      for (let i = 0; i < 1000; i++) call.net.inject(hello.slice(), stranger(n++), call.server)
      call.net.advance(10)
    }
    call.net.advance(200)
    expect(call.core.counters()).toMatchObject({
      connected: joins + 1,
      handshakes: 0,
      handshakesFailed: 0,
      addresses: joins + 1,
      unknownAddress: joins * 1000,
    })
    expect(call.net.log.filter(({ to }) => to.host.startsWith('203.'))).toEqual([])
  })

  it.each(['server', 'client'] as const)('waits for its turn when we are the %s of too many at once', role => {
    const call = newCall({ maxHandshakes: 4 })
    // The first flights are lost: nobody finishes before others begin.
    call.net.lose = ({ from, bytes }) => from.equals(call.server) && isDtls(bytes[0]) && call.net.now < 50
    const clients = Array.from({ length: 20 }, (_, i) => call.add(i + 1, { role }))
    for (const client of clients) client.start(call.net.now)
    call.net.deliver()
    expect(call.core.counters().handshakes).toBe(4)
    expect(call.core.counters().handshakesRefused).toBeGreaterThan(0)
    call.net.advance(20_000)
    expect(call.core.counters()).toMatchObject({ connected: 20, handshakes: 0 })
  })

  it('begun again and again by one source and never finished, keeps nobody waiting, its neighbours included', () => {
    const call = newCall({ maxHandshakes: 8, maxHandshakesOfSource: 6 })
    const idle = new Set<string>()
    call.net.lose = ({ from, bytes }) => idle.has(from.key) && isDtls(bytes[0]) && bytes[13] !== helloType
    let id = 1
    const begin = (address: string, idles: boolean) => {
      const client = call.add(id++, { address })
      if (idles) idle.add(client.address.key)
      client.start(call.net.now)
      call.net.deliver()
      if (idles) call.net.undrive(client)
      return client
    }
    const crowd = () => {
      for (let i = 0; i < 10; i++) begin('203.0.113.5', true)
    }
    for (let round = 0; round < 3; round++) {
      crowd()
      expect(call.core.counters().handshakes).toBe(6)
      expect(begin('198.51.100.8', false).connected).toBe(true)
      call.net.advance(2_000)
    }
    expect(begin('203.0.113.5', false).connected).toBe(true)
    expect(call.core.counters()).toMatchObject({ handshakes: 5, handshakesGaveWay: 13 })
    expect(call.reports).toContainEqual(expect.objectContaining({ why: expect.stringContaining('gave way') }))
  })

  it('is given up when the peer never finishes, and leaves room for others', () => {
    const call = newCall({ maxHandshakes: 1, handshakeTimeoutMs: 1000 })
    const idler = call.add(1)
    let hellos = 0
    call.net.lose = ({ from, bytes }) => from.equals(idler.address) && isDtls(bytes[0]) && hellos++ > 0
    idler.start(call.net.now)
    call.net.advance(500)
    const flights = call.net.log.filter(({ to, bytes }) => to.equals(idler.address) && isDtls(bytes[0]))
    expect(new Set(flights.map(({ at }) => at)).size).toBeGreaterThan(2)
    call.net.advance(600)
    expect(call.states(1)).toEqual(['failed'])
    expect(call.reports).toMatchObject([{ why: expect.stringContaining('timeout') }])
    call.join(2)
    expect(call.core.counters()).toMatchObject({ connected: 1, handshakes: 0, handshakesFailed: 1 })
  })
})

describe('a flood', () => {
  it('from everywhere leaves nothing behind', () => {
    const call = newCall()
    const [alice] = [call.join(1), call.join(2)]
    call.connect(1, 2)
    const before = call.core.counters()
    const { log } = call.net
    const seen = log.filter(({ to }) => to.equals(call.server)).map(({ bytes }) => bytes)
    call.net.log = []
    for (let i = 0; i < 50_000; i++) {
      call.net.inject((seen[i % seen.length] as Uint8Array).slice(), stranger(i), call.server)
    }
    const { transports, connected, addresses, handshakes } = before
    expect(call.core.counters()).toMatchObject({ transports, connected, addresses, handshakes })
    expect(call.net.log).toEqual([])
    sendRtp(alice, rtpPacket(1))
    call.net.deliver()
    expect(call.rtp.length).toBe(1)
  })

  it('from the very address of a peer does not end its connection', () => {
    const call = newCall()
    const [alice] = [call.join(1), call.join(2)]
    call.connect(1, 2)
    const seen = call.net.log.filter(({ to }) => to.equals(call.server)).map(({ bytes }) => bytes)
    const change = fc.tuple(fc.nat(1500), fc.nat(255))
    const source = fc.oneof(fc.constantFrom(...seen), fc.uint8Array({ maxLength: 300 }))
    fc.assert(
      fc.property(source, fc.array(change, { maxLength: 5 }), fc.nat(1500), (bytes, changes, cut) => {
        const copy = bytes.slice(0, cut === 0 ? bytes.length : Math.max(1, cut))
        for (const [at, value] of changes) if (at < copy.length) copy[at] = value
        call.net.inject(copy, alice.address, call.server)
      }),
      { numRuns: 3000 },
    )
    call.net.advance(5_000)
    expect(call.states(1)).toEqual(['connected'])
    sendRtp(alice, rtpPacket(60_000, 0xf00d))
    call.net.deliver()
    expect(call.rtp.at(-1)?.bytes).toEqual(rtpPacket(60_000, 0xf00d))
  })
})

type Step =
  | { readonly is: 'start' | 'move' | 'send' | 'silence' | 'leave'; readonly who: number }
  | { readonly is: 'forge'; readonly which: number; readonly from: number; readonly flip: number }
  | { readonly is: 'wait'; readonly ms: number }

const people = 3
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    is: fc.constantFrom('start' as const, 'move' as const, 'send' as const, 'silence' as const, 'leave' as const),
    who: fc.nat(people - 1),
  }),
  fc.record({
    is: fc.constant('forge' as const),
    which: fc.nat(10_000),
    from: fc.nat(10),
    flip: fc.nat(400),
  }),
  fc.record({ is: fc.constant('wait' as const), ms: fc.nat(8_000) }),
)

it('nothing is sent to an address unless a peer has checked it from there, or sent media of its, within 30 s', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), steps => {
      const call = new Call()
      const clients = Array.from({ length: people }, (_, i) => call.add(i + 1))
      const ids = clients.map(({ id }) => id)
      for (const id of ids) call.connect(id, ...ids)
      for (const client of clients) client.start(call.net.now)
      call.net.advance(100)
      let sequenceNumber = 0
      for (const what of steps) perform(call, clients, what, sequenceNumber++)
      call.net.advance(35_000)
      const log = [...call.net.log]
      call.close()
      const heardAt = new Map<string, number>()
      for (const { from, to, bytes, at } of log) {
        if (to.equals(call.server)) {
          const isMedia = ((bytes[0] ?? 0) & 0xc0) === 0x80 && heardAt.has(from.key)
          if (isMedia || (bytes[0] === 0 && bytes[1] === 1)) heardAt.set(from.key, at)
        } else if (from.equals(call.server)) {
          expect(at - (heardAt.get(to.key) ?? Number.NEGATIVE_INFINITY), `to ${to}`).toBeLessThanOrEqual(30_000)
        }
      }
    }),
    { numRuns: 40 },
  )
})

function perform(call: Call, clients: readonly SfuClient[], what: Step, sequenceNumber: number): void {
  const { net } = call
  if (what.is === 'wait') {
    net.advance(what.ms)
  } else if (what.is === 'forge') {
    const sent = net.log[what.which % net.log.length]
    if (!sent) return
    const bytes = sent.bytes.slice()
    if (what.flip < bytes.length) bytes[what.flip]! ^= 0x11
    net.inject(bytes, stranger(what.from), call.server)
  } else {
    const client = clients[what.who] as SfuClient
    if (what.is === 'start') client.start(net.now)
    else if (what.is === 'move') client.move(net.now)
    else if (what.is === 'silence') client.stopChecks()
    else if (what.is === 'leave') client.close()
    else if (client.connected) sendRtp(client, rtpPacket(sequenceNumber, client.id))
    net.deliver()
  }
}
