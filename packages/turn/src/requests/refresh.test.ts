import { stun, turn } from '@parley/stun'
import { describe, expect, it } from 'vitest'
import { attr, codeOf, type TestClient, udpTransport } from '../testing/test-client.ts'
import { TestSite } from '../testing/test-server.ts'

const both = attr(turn.additionalAddressFamily, 6)
const wantsTicket = attr(turn.mobilityTicket, new Uint8Array())

describe('Refresh', () => {
  it('needs an allocation', () => {
    expect(new TestSite().client().refresh(600)).toBe(437)
  })

  it('lengthens the life of an allocation, which ends when nobody asks for more', () => {
    const site = new TestSite()
    const client = site.client()
    client.allocate()
    site.pass(590)
    expect(client.refresh(600)).toBe('ok')
    site.pass(590)
    expect(site.server.counters().allocations).toBe(1)
    site.pass(12)
    expect(site.server.counters().allocations).toBe(0)
    expect([site.net.sockets.size, client.kept, client.allocation]).toEqual([0, 0, undefined])
    expect(site.server.nextTimeout()).toBe(Number.POSITIVE_INFINITY)
  })

  it('finds nothing once the time is over, though nobody has swept yet', () => {
    const site = new TestSite()
    const client = site.client()
    client.allocate()
    site.net.now += 600_001
    expect(client.refresh(600)).toBe(437)
    expect(client.ask('allocate', udpTransport)).toBe('ok')
  })

  it('ends the allocation with a lifetime of zero', () => {
    const site = new TestSite()
    const client = site.client()
    client.allocate()
    const reply = client.request('refresh', attr(turn.lifetime, 0))
    expect([reply.class, reply.get(turn.lifetime)]).toEqual(['success', 0])
    expect([site.net.sockets.size, client.kept]).toEqual([0, 0])
    expect(client.refresh(0)).toBe(437)
  })

  it('ends one of two families alone, and knows no family that it did not give', () => {
    const site = new TestSite()
    const client = site.client()
    client.allocate(both)
    expect(client.ask('refresh', attr(turn.lifetime, 0), attr(turn.requestedAddressFamily, 6))).toBe('ok')
    expect([...site.net.sockets.keys()].filter(key => key.startsWith('['))).toEqual([])
    expect(site.net.sockets.size).toBe(1)
    expect(client.ask('refresh', attr(turn.requestedAddressFamily, 6))).toBe(443)
    expect(client.permit('[2600::1]:0')).toBe(443)
    expect(client.refresh(600)).toBe('ok')
  })

  it('is only for whom the allocation is', () => {
    const client = new TestSite().client()
    client.allocate()
    client.username = 'bob'
    expect(client.refresh(600)).toBe(441)
  })
})

describe('mobility', () => {
  function mobile(site: TestSite): { client: TestClient; ticket: Uint8Array } {
    const client = site.client('1.1.1.1:1')
    const reply = client.request('allocate', udpTransport, wantsTicket)
    return { client, ticket: ticketOf(reply.get(turn.mobilityTicket)) }
  }

  it('moves an allocation with its permissions to where the ticket is shown', () => {
    const site = new TestSite()
    const { client, ticket } = mobile(site)
    client.permit('8.8.8.8:0')
    const relayed = client.allocation?.relays[0]?.announced
    const moved = site.client('2.2.2.2:2')
    const reply = moved.request('refresh', attr(turn.mobilityTicket, ticket))
    expect(reply.class).toBe('success')
    expect(ticketOf(reply.get(turn.mobilityTicket))).not.toEqual(ticket)
    expect([client.allocation, client.kept, moved.kept]).toEqual([undefined, 0, 1])
    const peer = site.net.peer('8.8.8.8', 8)
    peer.say('found you', relayed ?? peer.address)
    expect(moved.got).toEqual([{ via: '8.8.8.8:8', text: 'found you' }])
    expect(client.got).toEqual([])
  })

  it('gives the same answer to a repeat whose first answer was lost; then the old ticket is void', () => {
    const site = new TestSite()
    const { ticket } = mobile(site)
    const moved = site.client('2.2.2.2:2')
    const move = (client: TestClient, shown: Uint8Array) => client.request('refresh', attr(turn.mobilityTicket, shown))
    const next = ticketOf(move(moved, ticket).get(turn.mobilityTicket))
    expect(ticketOf(move(moved, ticket).get(turn.mobilityTicket))).toEqual(next)
    expect(move(site.client('3.3.3.3:3'), next).class).toBe('success')
    expect(codeOf(move(site.client('4.4.4.4:4'), ticket))).toBe(400)
  })

  it('refuses a foreign ticket, and a ticket of somebody else', () => {
    const site = new TestSite()
    const { ticket } = mobile(site)
    const thief = site.client('6.6.6.6:6')
    expect(thief.ask('refresh', attr(turn.mobilityTicket, new Uint8Array(16)))).toBe(400)
    thief.username = 'bob'
    expect(thief.ask('refresh', attr(turn.mobilityTicket, ticket))).toBe(441)
  })

  it('outlives the stream it was made on; others do not', () => {
    const site = new TestSite()
    const plain = site.client('1.1.1.1:5', 'tcp')
    plain.allocate()
    const { client } = mobile(site)
    site.server.disconnected(plain)
    site.server.disconnected(client)
    expect(site.server.counters().allocations).toBe(1)
  })

  it('repeats the ticket when Allocate is repeated', () => {
    const site = new TestSite()
    const client = site.client()
    client.nonce = client.bare('refresh', udpTransport)?.get(stun.nonce)
    const request = client.encode('allocate', [udpTransport, wantsTicket], true)
    const first = client.raw(request)?.get(turn.mobilityTicket)
    expect(client.raw(request)?.get(turn.mobilityTicket)).toEqual(first)
  })
})

function ticketOf(ticket: Uint8Array | undefined): Uint8Array {
  if (!ticket) throw new Error('no ticket')
  return ticket.slice()
}
