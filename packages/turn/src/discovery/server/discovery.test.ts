import { type ChangeRequest, Encoder, Message, natDiscovery, stun } from '@parley/stun'
import { Address } from '@parley/udp'
import { beforeEach, describe, expect, it } from 'vitest'
import type { UdpClients } from '../../edges/udp-clients.ts'
import type { FakeSocket } from '../../testing/fake-net.ts'
import { codeOf } from '../../testing/test-client.ts'
import { own, TestSite } from '../../testing/test-server.ts'
import { openDiscovery } from './discovery-listeners.ts'

const [first, second] = [own.ipv4, '9.9.9.10']
const options = { addresses: [{ bind: first }, { bind: second }], ports: [3478, 3479] } as const

/** Opens sockets on which TURN is served alone. */
const opener =
  ({ net }: TestSite) =>
  (address: string, port: number, clients: UdpClients) =>
    net.open({ address, port, onDatagram: (datagram, now) => clients.receive(datagram, now) })

let site: TestSite
let client: FakeSocket
let replies: { message: Message; from: string }[]

beforeEach(() => {
  site = new TestSite()
  openDiscovery(opener(site), site.server, options)
  replies = []
  client = site.net.open({
    address: '1.2.3.4',
    port: 5000,
    onDatagram: ({ bytes, start, end, from }) => {
      replies.push({ message: Message.decode(bytes.slice(start, end)), from: from.key })
    },
  })
})

function ask(to: string, port: number, build: (encoder: Encoder) => void = () => {}) {
  const encoder = new Encoder(new Uint8Array(4096)).message('request', 'binding')
  build(encoder)
  const bytes = encoder.finish()
  client.send(bytes, 0, bytes.length, Address.parse(to, port))
  site.net.deliver()
  const reply = replies.at(-1)
  if (!reply) throw new Error('no reply')
  const { message } = reply
  const text = (attribute: typeof stun.mappedAddress) => {
    const value = message.get(attribute)
    return value && `${value.address}:${value.port}`
  }
  return {
    ...reply,
    bytes: bytes.length,
    mapped: text(stun.xorMappedAddress),
    origin: text(natDiscovery.responseOrigin),
    other: text(natDiscovery.otherAddress),
  }
}

const change = (request: ChangeRequest) => (encoder: Encoder) => {
  encoder.add(natDiscovery.changeRequest, request)
}

describe('NAT discovery', () => {
  it('says where the answer comes from, and where else to ask', () => {
    expect(ask(first, 3478)).toMatchObject({
      mapped: '1.2.3.4:5000',
      from: '9.9.9.9:3478',
      origin: '9.9.9.9:3478',
      other: '9.9.9.10:3479',
    })
    expect(ask(second, 3478)).toMatchObject({ origin: '9.9.9.10:3478', other: '9.9.9.9:3479' })
  })

  it.each([
    [{ changeIp: true, changePort: true }, '9.9.9.10:3479'],
    [{ changeIp: true, changePort: false }, '9.9.9.10:3478'],
    [{ changeIp: false, changePort: true }, '9.9.9.9:3479'],
    [{ changeIp: false, changePort: false }, '9.9.9.9:3478'],
  ])('answers from another address when asked: %j', (request, from) => {
    expect(ask(first, 3478, change(request))).toMatchObject({ from, origin: from, other: '9.9.9.10:3479' })
  })

  it('pads as much as it was padded', () => {
    const padded = ask(first, 3478, encoder => encoder.add(natDiscovery.padding, new Uint8Array(1400)))
    expect(padded.message.get(natDiscovery.padding)?.length).toBe(1400)
    expect(padded.message.end - padded.message.start).toBeLessThan(1.5 * padded.bytes)
  })

  it('refuses RESPONSE-PORT', () => {
    const { message } = ask(first, 3478, encoder => encoder.add(natDiscovery.responsePort, 53))
    expect([codeOf(message), message.get(stun.unknownAttributes)]).toEqual([420, [natDiscovery.responsePort.type]])
  })

  it('answers 400 to a CHANGE-REQUEST that does not parse', () => {
    const short = { ...natDiscovery.changeRequest, codec: stun.username.codec }
    expect(codeOf(ask(first, 3478, encoder => encoder.add(short, 'x')).message)).toBe(400)
  })

  it('is not there where it was not asked for', () => {
    const plain = new TestSite().client()
    const reply = plain.bare('binding', [natDiscovery.changeRequest as never, { changeIp: true, changePort: true }])
    expect([codeOf(reply), reply?.get(stun.unknownAttributes)]).toEqual([420, [natDiscovery.changeRequest.type]])
    expect(plain.bare('binding')?.has(natDiscovery.otherAddress)).toBe(false)
  })

  it('opens all four sockets or none, and wants two addresses and two ports', () => {
    const taken = new TestSite()
    taken.net.peer(second, 3479)
    const open = opener(taken)
    expect(() => openDiscovery(open, taken.server, options)).toThrow('EADDRINUSE')
    expect(taken.net.sockets.size).toBe(1)
    expect(() => openDiscovery(open, taken.server, { ...options, ports: [3478, 3478] })).toThrow(RangeError)
    expect(() =>
      openDiscovery(open, taken.server, { ...options, addresses: [{ bind: first }, { bind: first }] }),
    ).toThrow(RangeError)
  })
})
