import { afterEach, describe, expect, test } from 'vitest'
import {
  type Address,
  chooseLoop,
  createLoop,
  type IcmpError,
  type Loop,
  type LoopKind,
  type Program,
  type UdpSocket,
} from './index.ts'
import { Net, noIPv6, type Peer, until } from './testing/net.ts'
import { sendBack } from './testing/send-back.ts'
import { MAX_RESERVE } from './types.ts'

const chosen = chooseLoop()
const idle: Program = { nextTimeout: () => Number.POSITIVE_INFINITY, handleTimeout: () => {} }
const errors: unknown[] = []
const loops: Loop[] = []

function loopOf(kind: LoopKind): Loop {
  const loop = createLoop({ onError: error => errors.push(error) }, kind)
  loops.push(loop)
  return loop
}

/** A program with one timer, which remembers when it was called. */
class Timer implements Program {
  due = Number.POSITIVE_INFINITY
  readonly calls: { due: number; now: number }[] = []
  onTimeout: () => void = () => {}

  nextTimeout(): number {
    return this.due
  }

  handleTimeout(now: number): void {
    this.calls.push({ due: this.due, now })
    this.due = Number.POSITIVE_INFINITY
    this.onTimeout()
  }
}

afterEach(() => {
  for (const loop of loops.splice(0)) loop.close()
  expect(errors.splice(0)).toEqual([])
})

test('the best loop of this platform is the default, and a lesser one has a reason', () => {
  const loop = createLoop({ onError: error => errors.push(error) })
  loops.push(loop)
  expect(loop.kind).toBe(chosen.kind)
  if (chosen.kind === 'portable') expect(chosen.why).not.toBe('')
  if (process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch))
    expect(chosen).toEqual({ kind: 'batched' })
})

describe.each(['batched', 'portable'] as const)('a %s loop', kind => {
  if (kind === 'batched' && chosen.kind !== 'batched') {
    test(`is not to be had here: ${chosen.why}`, context => context.skip(chosen.why))
    return
  }

  test('on the event loop, calls a timeout once, not before it is due', async () => {
    const loop = loopOf(kind)
    const timer = new Timer()
    timer.due = loop.now() + 20
    loop.attach(timer)
    await until(() => timer.calls.length === 1)
    timer.due = loop.now()
    loop.poke()
    await until(() => timer.calls.length === 2)
    for (const { due, now } of timer.calls) expect(now).toBeGreaterThanOrEqual(due)
  })

  test('an earlier timeout goes before a later one that was asked for first', async () => {
    const loop = loopOf(kind)
    const timer = new Timer()
    timer.due = loop.now() + 3_600_000
    loop.attach(timer)
    await new Promise(setImmediate)
    timer.due = loop.now() + 5
    loop.poke()
    await until(() => timer.calls.length === 1)
  })

  test('a timeout that throws is reported, and the loop goes on', async () => {
    const loop = loopOf(kind)
    const timer = new Timer()
    timer.due = loop.now()
    timer.onTimeout = () => {
      throw new Error('on purpose')
    }
    loop.attach(timer)
    await until(() => errors.length === 1)
    expect(String(errors.splice(0)[0])).toContain('on purpose')
    timer.onTimeout = () => {}
    timer.due = loop.now()
    loop.poke()
    await until(() => timer.calls.length === 2)
  })

  test('a flood keeps neither timeouts nor other sockets waiting', async () => {
    const loop = loopOf(kind)
    const timer = new Timer()
    let rounds = 0
    // Two that never stop talking to each other: there is always something to receive.
    const [one, two] = [0, 1].map(() => loop.open({ address: '127.0.0.1', onDatagram: sendBack })) as [
      UdpSocket,
      UdpSocket,
    ]
    for (let i = 0; i < 100; i++) one.send(new Uint8Array(100), 0, 100, two.local)
    timer.due = loop.now()
    timer.onTimeout = () => {
      rounds++
      timer.due = loop.now() + 1
    }
    loop.attach(timer)
    let heard = 0
    const quiet = loop.open({ address: '127.0.0.1', onDatagram: () => heard++ })
    const started = one.stats().received
    for (let i = 1; i <= 5; i++) {
      const before = rounds
      one.send(new Uint8Array(1), 0, 1, quiet.local)
      await until(() => heard === i && rounds > before)
    }
    expect(one.stats().received).toBeGreaterThan(started)
  })

  test('more sockets than one turn can serve all get their turn', async () => {
    const net = new Net(kind)
    loops.push(net.loop)
    const peers = Array.from({ length: 400 }, () => net.peer())
    for (let i = 0; i < 10; i++)
      for (const peer of peers) peer.send(`${i}`, peers[0] === peer ? (peers[1] as Peer) : peer)
    await until(() => peers.slice(2).every(peer => peer.got.length === 10))
  })

  test('run drives a program until it is stopped from within', async () => {
    const loop = loopOf(kind)
    const timer = new Timer()
    let echoed = 0
    const echo = loop.open({ address: '127.0.0.1', onDatagram: sendBack })
    const client = loop.open({
      address: '127.0.0.1',
      onDatagram: () => {
        echoed++
        timer.due = loop.now() + 2
      },
    })
    client.send(new Uint8Array(8), 0, 8, echo.local)
    timer.onTimeout = () => loop.stop()
    await loop.run(timer)
    expect(echoed).toBe(1)
    expect(timer.calls).toHaveLength(1)
    client.send(new Uint8Array(8), 0, 8, echo.local)
    await new Promise(setImmediate)
    expect(echoed).toBe(1)
  })

  test('drives one program only', () => {
    const loop = loopOf(kind)
    loop.attach(idle)
    expect(() => loop.attach(idle)).toThrow('drives a program already')
  })

  test.for([
    ['127.0.0.1', 4, 3, 3], // RFC 792: port unreachable
    ['::1', 6, 1, 4], // RFC 4443 §3.1
  ] as const)('tells of ICMP errors where it can (%s)', async ([address, version, type, code], context) => {
    if (version === 6 && noIPv6) context.skip(noIPv6)
    const loop = loopOf(kind)
    loop.attach(idle)
    const gone = loop.open({ address, onDatagram: () => {} })
    gone.close()
    const told: IcmpError[] = []
    let heard = 0
    const socket = loop.open({ address, onDatagram: () => heard++, onIcmp: error => told.push(error) })
    const send = (to: Address) => socket.send(new Uint8Array(10), 0, 10, to)
    for (let i = 0; i < 5; i++) {
      send(gone.local)
      loop.flush()
      send(socket.local)
    }
    await until(() => heard === 5)
    if (loop.features.icmp) {
      await until(() => told.length === 5)
      const [error] = told
      expect(error).toMatchObject({ version, type, code, mtu: 0 })
      expect(error?.to.equals(gone.local)).toBe(true)
      expect(socket.stats()).toMatchObject({ sent: 10, failed: 0, icmp: 5 })
    } else {
      expect(told).toEqual([])
    }
    send(socket.local)
    await until(() => heard === 6)
  })

  test('what is written into reserved memory is sent from there, in a handler and outside of one', async () => {
    const loop = loopOf(kind)
    loop.attach(idle)
    const got: string[] = []
    const target = loop.open({
      address: '127.0.0.1',
      receiveBufferBytes: 4 << 20,
      onDatagram: ({ bytes, start, end }) => got.push(`${bytes[start]} ${end - start} ${bytes[end - 1]}`),
    })
    const sendReserved = (socket: UdpSocket, mark: number, length: number) => {
      const at = loop.reserve(length + 20)
      loop.outgoing.fill(mark, at, at + length)
      loop.trim(at + length)
      expect(socket.send(loop.outgoing, at, at + length, target.local)).toBe(true)
    }
    const relay = loop.open({
      address: '127.0.0.1',
      onDatagram: ({ bytes, start, end, socket }) => {
        for (let copy = 0; copy < 3; copy++) sendReserved(socket, bytes[start] as number, 100 + copy)
        socket.send(bytes, start, end, target.local)
        socket.send(Uint8Array.of(0), 0, 1, target.local)
      },
    })
    const client = loop.open({ address: '127.0.0.1', onDatagram: () => {} })
    for (const mark of [7, 8]) sendReserved(client, mark, 10)
    await until(() => got.length === 2)
    expect(got).toEqual(['7 10 7', '8 10 8'])
    for (const mark of [1, 2, 3]) client.send(Uint8Array.of(mark), 0, 1, relay.local)
    await until(() => got.length === 2 + 15)
    const expected = [1, 2, 3].flatMap(mark => [100, 101, 102, 1].map(length => `${mark} ${length} ${mark}`))
    expect(got.slice(2).sort()).toEqual([...expected, '0 1 0', '0 1 0', '0 1 0'].sort())
  })

  test('more than the reserved memory holds: it is sent in between, and nothing is overwritten before', async () => {
    const loop = loopOf(kind)
    loop.attach(idle)
    let marks = 0
    let wrong = 0
    const target = loop.open({
      address: '127.0.0.1',
      receiveBufferBytes: 8 << 20,
      onDatagram: ({ bytes, start, end }) => {
        for (let at = start; at < end; at++) if (bytes[at] !== bytes[start]) wrong++
        marks += bytes[start] as number
      },
    })
    const client = loop.open({ address: '127.0.0.1', sendBufferBytes: 8 << 20, onDatagram: () => {} })
    let sum = 0
    // 600 kB a round, of which the last bytes of each range are sent.
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 400; i++) {
        const end = loop.reserve(1500) + 1500
        const mark = (round * 400 + i) % 251
        loop.outgoing.fill(mark, end - 10, end)
        client.send(loop.outgoing, end - 10, end, target.local)
        sum += mark
      }
      await until(() => target.stats().received === (round + 1) * 400)
    }
    expect(wrong).toBe(0)
    expect(marks).toBe(sum)
  })

  test('reserving too much, or giving back what was not reserved, throws', () => {
    const loop = loopOf(kind)
    for (const length of [-1, 0.5, Number.NaN, MAX_RESERVE + 1]) expect(() => loop.reserve(length)).toThrow(RangeError)
    expect(loop.reserve(MAX_RESERVE)).toBe(0)
    const at = loop.reserve(100)
    for (const end of [at - 1, at + 101, at + 0.5]) expect(() => loop.trim(end)).toThrow(RangeError)
    loop.trim(at + 40)
    expect(loop.reserve(1)).toBe(at + 40)
    loop.flush()
    expect(loop.reserve(1)).toBe(0)
  })

  test('forbids fragmentation where it can, and says where it cannot', async () => {
    const loop = loopOf(kind)
    loop.attach(idle)
    let heard = 0
    for (const address of noIPv6 ? ['127.0.0.1'] : ['127.0.0.1', '::1']) {
      const socket = loop.open({ address, onDatagram: () => heard++ })
      const before = heard
      socket.send(new Uint8Array(10), 0, 10, socket.local)
      expect(socket.setDontFragment(true)).toBe(loop.features.dontFragment)
      socket.send(new Uint8Array(10), 0, 10, socket.local)
      expect(socket.setDontFragment(false)).toBe(loop.features.dontFragment)
      await until(() => heard === before + 2)
      socket.close()
      expect(socket.setDontFragment(true)).toBe(false)
    }
  })
})
