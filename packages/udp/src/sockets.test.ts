import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Address, chooseLoop, type Datagram, HEADROOM, TAILROOM, UdpError, type UdpSocket } from './index.ts'
import { Net, noIPv6, openDescriptors, type Peer, until } from './testing/net.ts'
import { MAX_PAYLOAD } from './types.ts'

const chosen = chooseLoop()

describe.each(['batched', 'portable'] as const)('%s sockets', kind => {
  if (kind === 'batched' && chosen.kind !== 'batched') {
    test(`are not to be had here: ${chosen.why}`, context => context.skip(chosen.why))
    return
  }

  let net: Net
  beforeEach(() => {
    net = new Net(kind)
  })
  afterEach(() => {
    net.loop.close()
    expect(net.errors).toEqual([])
  })

  test.for([
    ['IPv4', '127.0.0.1', 4],
    ['IPv6', '::1', 6],
  ] as const)('echo over %s', async ([_name, address, version], context) => {
    if (version === 6 && noIPv6) context.skip(noIPv6)
    const server = net.echo({ address })
    const client = net.peer({ address })
    expect(server.local.version).toBe(version)
    expect(server.local.host).toBe(address)
    expect(server.local.port).toBeGreaterThan(0)
    expect(client.send('hello', server.local)).toBe(true)
    await until(() => client.got.length === 1)
    expect(client.texts()).toEqual(['hello'])
    expect(client.got[0]?.from.equals(server.local)).toBe(true)
    expect(client.got[0]?.from.key).toBe(server.local.key)
  })

  test('a dual socket serves both versions, and shows IPv4 addresses as such', async context => {
    if (noIPv6) context.skip(noIPv6)
    const senders: string[] = []
    const server = net.loop.open({
      address: '::',
      dual: true,
      onDatagram: ({ bytes, start, end, from, socket }) => {
        senders.push(from.host)
        socket.send(bytes, start, end, from)
      },
    })
    const four = net.peer({ address: '127.0.0.1' })
    const six = net.peer({ address: '::1' })
    four.send('four', Address.parse('127.0.0.1', server.local.port))
    six.send('six', Address.parse('::1', server.local.port))
    await until(() => four.got.length + six.got.length === 2)
    expect(four.texts()).toEqual(['four'])
    expect(six.texts()).toEqual(['six'])
    expect(senders.sort()).toEqual(['127.0.0.1', '::1'])
    expect(four.got[0]?.from.host).toBe('127.0.0.1')
  })

  test('an IPv6 socket that is not dual leaves IPv4 to others', context => {
    if (noIPv6) context.skip(noIPv6)
    const six = net.peer({ address: '::' })
    const four = net.peer({ address: '0.0.0.0', port: six.socket.local.port })
    expect(four.socket.local.port).toBe(six.socket.local.port)
  })

  test('many sockets, each with its own conversation', async () => {
    const servers = Array.from({ length: 200 }, () => net.echo())
    const client = net.peer({ receiveBufferBytes: 1 << 20 })
    for (const [i, server] of servers.entries()) client.send(`to ${i}`, server.local)
    await until(() => client.got.length === 200)
    const ports = new Map(servers.map(({ local }, i) => [local.port, `to ${i}`]))
    for (const { bytes, from } of client.got) expect(new TextDecoder().decode(bytes)).toBe(ports.get(from.port))
  })

  test('bursts arrive in order within each flow, whatever their sizes', async () => {
    const from = Array.from({ length: 3 }, () => net.peer())
    const to = Array.from({ length: 3 }, () => net.peer({ receiveBufferBytes: 4 << 20 }))
    const sizes = [1200, 1200, 1200, 300, 0, 1200, 1200, 7, 7, 1200]
    let total = 0
    for (let burst = 0; burst < 20; burst++) {
      for (let i = 0; i < 20; i++) {
        for (const sender of from) {
          for (const receiver of to) {
            const bytes = new Uint8Array(4 + (sizes[(i + burst) % sizes.length] ?? 0))
            new DataView(bytes.buffer).setUint32(0, burst * 20 + i)
            sender.send(bytes, receiver)
            total++
          }
        }
      }
      await until(() => to.reduce((sum, peer) => sum + peer.got.length, 0) === total)
    }
    for (const receiver of to) {
      for (const sender of from) {
        const flow = receiver.got.filter(({ from }) => from.port === sender.socket.local.port)
        const numbers = flow.map(({ bytes }) => new DataView(bytes.buffer).getUint32(0))
        expect(numbers).toEqual(Array.from({ length: 400 }, (_, i) => i))
        const lengths = flow.map(({ bytes }) => bytes.length - 4)
        expect(lengths).toEqual(numbers.map(n => sizes[((n % 20) + Math.floor(n / 20)) % sizes.length]))
      }
    }
  })

  test('empty datagrams are datagrams', async () => {
    const server = net.echo()
    const client = net.peer()
    for (let i = 0; i < 3; i++) client.send('', server.local)
    client.send('x', server.local)
    await until(() => client.got.length === 4)
    expect(client.texts()).toEqual(['', '', '', 'x'])
  })

  test('a datagram that is too large to receive is counted and dropped, and the next arrives', async () => {
    const client = net.peer()
    const server = net.peer()
    client.send(new Uint8Array(2049), server)
    client.send(new Uint8Array(2048), server)
    client.send(new Uint8Array(MAX_PAYLOAD), server)
    client.send('after', server)
    await until(() => server.got.length === 2)
    expect(server.got.map(({ bytes }) => bytes.length)).toEqual([2048, 5])
    expect(server.socket.stats()).toMatchObject({ truncated: 2, received: 2, receivedBytes: 2053 })
  })

  test('the largest datagram of all passes where there is room, and one byte more is refused', async () => {
    const wide = new Net(kind, { maxDatagramBytes: MAX_PAYLOAD })
    const [client, server] = [wide.peer(), wide.peer()]
    const bytes = new Uint8Array(MAX_PAYLOAD + 1).map((_, i) => i % 251)
    expect(client.socket.send(bytes, 0, MAX_PAYLOAD, server.socket.local)).toBe(true)
    expect(client.socket.send(bytes, 0, MAX_PAYLOAD + 1, server.socket.local)).toBe(false)
    await until(() => server.got.length === 1)
    expect(Buffer.compare(server.got[0]?.bytes ?? new Uint8Array(), bytes.subarray(0, MAX_PAYLOAD))).toBe(0)
    expect(client.socket.stats().refused).toBe(1)
    wide.loop.close()
  })

  test('a handler may write around the payload and send it on, from where it lies', async () => {
    const target = net.peer({ receiveBufferBytes: 4 << 20 })
    const relay = net.loop.open({
      address: '127.0.0.1',
      receiveBufferBytes: 4 << 20,
      onDatagram: ({ bytes, start, end, socket }) => {
        bytes[start - HEADROOM] = 1
        bytes.fill(2, start - HEADROOM + 1, start)
        bytes.fill(3, end, end + TAILROOM)
        socket.send(bytes, start - HEADROOM, end + TAILROOM, target.socket.local)
      },
    })
    const client = net.peer()
    for (let i = 0; i < 300; i++) client.send(`${i}`.padStart(5, '0'), relay.local)
    await until(() => target.got.length === 300)
    for (const [i, { bytes }] of target.got.entries()) {
      expect(bytes.length).toBe(HEADROOM + 5 + TAILROOM)
      expect(bytes[0]).toBe(1)
      expect(new TextDecoder().decode(bytes.subarray(HEADROOM, HEADROOM + 5))).toBe(`${i}`.padStart(5, '0'))
      expect(bytes.at(-1)).toBe(3)
    }
  })

  test('bytes from elsewhere may be reused as soon as they are queued', async () => {
    const [client, server] = [net.peer(), net.peer()]
    const bytes = new Uint8Array(2)
    for (let i = 0; i < 50; i++) {
      bytes[1] = i
      client.socket.send(bytes, 1, 2, server.socket.local)
    }
    await until(() => server.got.length === 50)
    expect(server.got.map(got => got.bytes[0])).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })

  test('closing while traffic comes: no handler is called any more, the others go on', async () => {
    let calls = 0
    const closing = net.loop.open({
      address: '127.0.0.1',
      onDatagram: ({ socket }) => {
        calls++
        socket.close()
      },
    })
    const open = net.peer()
    const client = net.peer()
    for (let i = 0; i < 20; i++) {
      client.send(`${i}`, closing.local)
      client.send(`${i}`, open)
    }
    await until(() => open.got.length === 20)
    expect(calls).toBe(1)
    expect(closing.closed).toBe(true)
    closing.close()
    expect(closing.send(new Uint8Array(1), 0, 1, open.socket.local)).toBe(false)
    expect(closing.stats()).toMatchObject({ received: 1, refused: 1 })
  })

  test('what was queued before closing is sent', async () => {
    const [client, server] = [net.peer(), net.peer()]
    client.send('goodbye', server)
    client.socket.close()
    await until(() => server.got.length === 1)
    expect(server.texts()).toEqual(['goodbye'])
  })

  test('a port can be used again at once after closing', async () => {
    const client = net.peer()
    let { port } = client.socket.local
    for (let i = 0; i < 20; i++) {
      const server = net.peer({ port: i === 0 ? 0 : port })
      port = server.socket.local.port
      client.send(`${i}`, server)
      await until(() => server.got.length === 1)
      expect(server.texts()).toEqual([`${i}`])
      server.socket.close()
    }
  })

  test('a port in use is a clear error, and leaves nothing open', () => {
    const { port } = net.peer().socket.local
    const before = process.platform === 'linux' ? openDescriptors() : 0
    let error: unknown
    for (let i = 0; i < 10; i++) {
      try {
        net.peer({ port })
      } catch (caught) {
        error = caught
      }
    }
    expect(error).toBeInstanceOf(UdpError)
    expect(error).toMatchObject({ code: 'EADDRINUSE', address: '127.0.0.1', port })
    expect(String(error)).toContain(`127.0.0.1:${port}: the port is in use (EADDRINUSE)`)
    if (process.platform === 'linux') expect(openDescriptors()).toBe(before)
  })

  test('an address that this machine does not have, or that is none, is a clear error', () => {
    expect(() => net.peer({ address: '192.0.2.1' })).toThrow(expect.objectContaining({ code: 'EADDRNOTAVAIL' }))
    expect(() => net.peer({ address: 'localhost' })).toThrow('“localhost” is not an IP address')
    expect(() => net.peer({ port: 65_536 })).toThrow(RangeError)
    expect(() => net.peer({ port: Number.NaN })).toThrow(RangeError)
    expect(() => net.peer({ address: '0.0.0.0', dual: true })).toThrow('cannot carry both IP versions')
  })

  test('the wrong IP version is refused and counted, and harms nothing', async context => {
    if (noIPv6) context.skip(noIPv6)
    const four = net.peer({ address: '127.0.0.1' })
    const six = net.peer({ address: '::1' })
    expect(four.send('x', six)).toBe(false)
    expect(six.send('x', four)).toBe(false)
    expect(four.send('x', Address.parse('127.0.0.1', 0))).toBe(false)
    expect(four.socket.stats().refused).toBe(2)
    expect(six.socket.stats().refused).toBe(1)
    four.send('self', four)
    await until(() => four.got.length === 1)
  })

  test('a range outside of the bytes throws', () => {
    const peer = net.peer()
    const bytes = new Uint8Array(10)
    const odd = fc.oneof(fc.integer({ min: -3, max: 13 }), fc.constantFrom(Number.NaN, 0.5, Number.POSITIVE_INFINITY))
    fc.assert(
      fc.property(odd, odd, (start, end) => {
        const inside = Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= 10
        const send = () => peer.socket.send(bytes, start, end, peer.socket.local)
        if (inside) expect(send()).toBe(true)
        else expect(send).toThrow(RangeError)
      }),
    )
  })

  test('sending to a port where nobody listens closes nothing', async () => {
    const gone = net.peer()
    const dead = gone.socket.local
    gone.socket.close()
    const [client, server] = [net.peer(), net.peer()]
    for (let i = 0; i < 50; i++) {
      client.send('lost', dead)
      client.send(`${i}`, server)
    }
    await until(() => server.got.length === 50)
    expect(client.socket.closed).toBe(false)
    server.send('back', client)
    await until(() => client.got.length === 1)
  })

  test('more than anybody reads: every datagram is accounted for, and afterwards all works', async () => {
    const server = net.peer()
    const client = net.peer()
    const bytes = new Uint8Array(1000)
    let accepted = 0
    for (let i = 0; i < 5000; i++) if (client.send(bytes, server)) accepted++
    await until(() => {
      const { sent, failed } = client.socket.stats()
      return (
        sent + failed === accepted || (kind === 'batched' && sent + failed + client.socket.stats().blocked === 5000)
      )
    })
    const { sent, blocked, failed } = client.socket.stats()
    expect(sent + blocked + failed).toBe(5000)
    expect(sent).toBeGreaterThan(0)
    if (process.platform === 'linux') {
      await until(() => server.got.length + (server.socket.stats().overruns ?? 0) === sent)
      expect(server.socket.stats().overruns).toBeGreaterThan(0)
      expect(net.loop.stats().overruns).toBe(server.socket.stats().overruns)
    }
    const before = server.got.length
    client.send('after', server)
    await until(() => server.got.length === before + 1)
  })

  test('a handler that throws is reported, and the next datagrams come', async () => {
    const failing = net.loop.open({
      address: '127.0.0.1',
      onDatagram: () => {
        throw new Error('on purpose')
      },
    })
    const client = net.peer()
    client.send('1', failing.local)
    client.send('2', failing.local)
    await until(() => net.errors.length === 2)
    expect(String(net.errors.splice(0)[0])).toContain('on purpose')
    expect(failing.closed).toBe(false)
  })

  test('buffers are set as asked and can be read back', () => {
    const small = net.peer({ receiveBufferBytes: 8192, sendBufferBytes: 16_384 }).socket.buffers
    const large = net.peer({ receiveBufferBytes: 65_536, sendBufferBytes: 131_072 }).socket.buffers
    expect(small.receive).toBeGreaterThanOrEqual(8192)
    expect(small.send).toBeGreaterThanOrEqual(16_384)
    expect(large.receive).toBeGreaterThan(small.receive)
    expect(large.send).toBeGreaterThan(small.send)
  })

  test('statistics of a loop are those of its sockets, closed ones included', async () => {
    const [client, server] = [net.peer(), net.peer()]
    for (let i = 0; i < 10; i++) client.send('12345', server)
    await until(() => server.got.length === 10 && client.socket.stats().sent === 10)
    client.socket.close()
    expect(client.socket.stats()).toMatchObject({ sent: 10, sentBytes: 50, received: 0 })
    expect(server.socket.stats()).toMatchObject({ received: 10, receivedBytes: 50, sent: 0 })
    expect(net.loop.stats()).toMatchObject({ sent: 10, sentBytes: 50, received: 10, receivedBytes: 50, failed: 0 })
  })

  test('a thousand sockets leave no descriptor behind', async context => {
    if (process.platform !== 'linux') context.skip('counting descriptors needs /proc')
    net.peer().socket.close()
    const before = openDescriptors()
    for (let round = 0; round < 4; round++) {
      const peers = Array.from({ length: 250 }, () => net.peer())
      for (const [i, peer] of peers.entries()) peer.send('hi', peers[(i + 1) % 250] as Peer)
      await until(() => peers.every(peer => peer.got.length === 1))
      expect(openDescriptors()).toBeGreaterThanOrEqual(before + 250)
      for (const { socket } of peers) socket.close()
    }
    await until(() => openDescriptors() <= before)
  })

  test('a loop closes its sockets, also from within a handler, and may be closed twice', async context => {
    if (process.platform !== 'linux') context.skip('counting descriptors needs /proc')
    const before = openDescriptors()
    const other = new Net(kind)
    const sockets: UdpSocket[] = []
    const onDatagram = (_datagram: Datagram) => {
      other.loop.close()
      other.loop.close()
    }
    for (let i = 0; i < 5; i++) sockets.push(other.loop.open({ address: '127.0.0.1', onDatagram }))
    const client = net.peer()
    for (const { local } of sockets) client.send('close', local)
    await until(() => sockets.every(({ closed }) => closed))
    expect(() => other.loop.open({ address: '127.0.0.1', onDatagram })).toThrow('closed')
    client.socket.close()
    await until(() => openDescriptors() <= before)
    expect(other.errors).toEqual([])
  })
})
