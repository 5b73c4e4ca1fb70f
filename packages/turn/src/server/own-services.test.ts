import { IpAddress } from '@parley/net'
import { stun, transportProtocols, turn } from '@parley/stun'
import { Address } from '@parley/udp'
import { beforeEach, describe, expect, it } from 'vitest'
import { FakeTcp } from '../testing/fake-tcp.ts'
import { at, attr, codeOf, type TestClient } from '../testing/test-client.ts'
import { own, TestSite } from '../testing/test-server.ts'
import type { OwnService } from './own-services.ts'
import { PeerPolicy } from './peer-policy.ts'

const inside = '10.0.0.5'
const port = 3478
const service = (announced: string, kernel = announced): OwnService => ({
  announced: Address.parse(announced, port),
  kernel: Address.parse(kernel, port),
})
const everything = { allow: ['private', '0.0.0.0/0'] }

let site: TestSite
let client: TestClient
let relayed: Address

/** A machine with a private address, known by a public one too, and a service at both. */
function open(bind: string, options: ConstructorParameters<typeof TestSite>[0] = {}): void {
  site = new TestSite({
    policy: new PeerPolicy({}, [own.ipv4, inside]),
    relays: { addresses: [{ bind, announce: IpAddress.parse(own.ipv4) }] },
    ...options,
  })
  site.server.setServices([service(own.ipv4, inside), service(inside)])
  client = site.client('1.1.1.1:1')
  relayed = client.allocate()
}
beforeEach(() => open(inside))

/** The relayed address, where the kernel has it. */
const relay = () => Address.parse(inside, relayed.port)

describe('a service of this machine', () => {
  it.each([own.ipv4, inside])('is reached by its address and port %s, both ways', host => {
    const media = site.net.peer(inside, port)
    expect(client.permit(`${host}:0`)).toBe('ok')
    client.sendTo(`${host}:${port}`, 'check')
    expect(media.got).toEqual([{ text: 'check', from: relay().key }])
    media.say('answer', relay())
    expect(client.got).toEqual([{ via: `${host}:${port}`, text: 'answer' }])

    expect(client.bind(0x4000, `${host}:${port}`)).toBe('ok')
    client.sendOn(0x4000, 'media')
    media.say('more media', relay())
    expect(media.got[1]?.text).toBe('media')
    expect(client.got[1]).toEqual({ via: 0x4000, text: 'more media' })
    expect(site.server.counters().unpermitted).toBe(0)
  })

  it('answers in the name by which it was spoken to last', () => {
    const media = site.net.peer(inside, port)
    client.permit(`${own.ipv4}:0`, `${inside}:0`)
    for (const host of [own.ipv4, inside, own.ipv4]) {
      client.sendTo(`${host}:${port}`, 'check')
      media.say('answer', relay())
    }
    expect(client.got.map(({ via }) => via)).toEqual([own.ipv4, inside, own.ipv4].map(host => `${host}:${port}`))
  })

  it('needs a permission like anybody', () => {
    const media = site.net.peer(inside, port)
    client.sendTo(`${inside}:${port}`, 'not permitted')
    media.say('not permitted', relay())
    expect([media.got, client.got, site.server.counters().unpermitted]).toEqual([[], [], 2])
  })

  it('that is gone is out of reach, on a channel that was bound too', () => {
    const media = site.net.peer(inside, port)
    client.bind(0x4000, `${inside}:${port}`)
    site.server.setServices([])
    client.sendOn(0x4000, 'anybody there?')
    media.say('still here', relay())
    expect([media.got, client.got]).toEqual([[], []])
  })
})

describe('nothing else becomes reachable', () => {
  it.each([own.ipv4, inside])('no other port of %s: not by Send, not on a channel, not on the way back', host => {
    const canaries = [port - 1, port + 1, 22].map(other => site.net.peer(inside, other))
    client.permit(`${host}:0`)
    client.sendTo(`${host}:${port}`, 'a service is in use')
    const before = site.net.outside.length
    for (const [index, { address, say }] of canaries.entries()) {
      client.sendTo(`${host}:${address.port}`, 'chirp')
      client.bind(0x4000 + index, `${host}:${address.port}`)
      client.sendOn(0x4000 + index, 'chirp')
      say('from this machine', relay())
    }
    expect([canaries.flatMap(({ got }) => got), client.got]).toEqual([[], []])
    expect(site.net.outside.length).toBe(before)
    expect(site.server.counters().unpermitted).toBe(9)
  })

  it('no other address of this machine, on the same port', () => {
    open(inside, { policy: new PeerPolicy(everything, [own.ipv4, inside, '127.0.0.1', '10.0.0.6']) })
    for (const host of ['127.0.0.1', '10.0.0.6']) {
      const canary = site.net.peer(host, port)
      client.permit(`${host}:0`)
      client.sendTo(`${host}:${port}`, 'chirp')
      client.bind(0x4000, `${host}:${port}`)
      client.sendOn(0x4000, 'chirp')
      canary.say('from this machine', relay())
      expect(canary.got).toEqual([])
    }
    expect([client.got, site.net.outside]).toEqual([[], []])
  })

  it.each([own.ipv4, inside])('not by TCP: %s', host => {
    const tcp = new FakeTcp(site.net)
    open(inside, { tcp: tcp.everywhere })
    const streaming = site.client('1.1.1.1:2', 'tcp')
    expect(streaming.ask('allocate', attr(turn.requestedTransport, transportProtocols.tcp))).toBe('ok')
    expect(streaming.ask('connect', attr(turn.xorPeerAddress, at(`${host}:${port}`)))).toBe(403)
    expect(tcp.accepted).toEqual([])
  })

  it('not our own STUN and TURN on that port, so that no allocation stands on another', () => {
    for (const bind of [inside, '0.0.0.0']) {
      open(bind)
      const bySelf = site.client(`${inside}:${relayed.port}`)
      bySelf.nonce = 'x'.repeat(16)
      expect(bySelf.bare('binding')).toBeUndefined()
      expect(bySelf.raw(bySelf.encode('allocate', [], true))).toBeUndefined()
      expect(site.server.counters().unpermitted).toBe(2)
    }
    // Others may come from the same port, and this machine from another.
    expect(site.client(`8.8.8.8:${relayed.port}`).bare('binding')?.class).toBe('success')
    const local = site.client(`${inside}:${relayed.port ^ 1}`).bare('allocate')
    expect([codeOf(local), local?.has(stun.nonce)]).toEqual([401, true])
  })
})
