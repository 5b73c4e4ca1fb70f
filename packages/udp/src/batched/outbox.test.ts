import { EAGAIN, EINTR, EINVAL, EIO, type Fd, NAME_WORDS } from '@parley/ffi'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Address } from '../address/address.ts'
import { emptyStats } from '../stats.ts'
import { Outbox, type Sender, type SendPort } from './outbox.ts'

interface Message {
  readonly to: string
  readonly parts: readonly { readonly offset: number; readonly length: number }[]
  readonly segment: number
}

const MESSAGES = 8
const PARTS = 128

/** A kernel that answers as it is told, and remembers what it took. */
class FakeKernel implements SendPort {
  readonly names: Int32Array
  readonly taken: Message[] = []
  readonly batches: number[] = []
  #messages: Message[] = []
  #parts: { offset: number; length: number }[] = []
  #partsMade = 0

  readonly #answer: (message: Message) => number

  constructor(answer: (message: Message) => number = () => 0) {
    this.#answer = answer
    this.names = new Int32Array(MESSAGES * NAME_WORDS)
  }

  get count() {
    return this.#messages.length
  }

  clear() {
    this.#messages = []
    this.#parts = []
    this.#partsMade = 0
  }

  fits(parts: number) {
    return this.count < MESSAGES && this.#partsMade + parts <= PARTS
  }

  part(offset: number, length: number) {
    this.#parts.push({ offset, length })
    this.#partsMade++
  }

  message(segment: number) {
    const to = Address.read(this.names, this.count * NAME_WORDS).key
    this.#messages.push({ to, parts: this.#parts, segment })
    this.#parts = []
  }

  transmit(_fd: Fd, first: number) {
    for (let index = first; index < this.count; index++) {
      const message = this.#messages[index] as Message
      const error = this.#answer(message)
      if (error !== 0) {
        if (index > first) this.batches.push(index - first)
        return index > first ? index - first : -error
      }
      this.taken.push(message)
    }
    this.batches.push(this.count - first)
    return this.count - first
  }

  /** What went out, as datagrams. */
  get datagrams() {
    return this.taken.flatMap(({ to, parts }) => parts.map(({ offset, length }) => ({ to, offset, length })))
  }
}

function sender(options: Partial<Sender> = {}): Sender {
  const fd = {} as Fd
  const fresh = { fd, version: 4, counters: emptyStats(), salt: 0, reportsErrors: false, segmentLimit: 65_507 } as const
  return { ...fresh, firstRun: -1, lastRun: -1, ...options }
}

const a = Address.parse('10.0.0.1', 1)
const b = Address.parse('10.0.0.2', 1)

describe('the outbox', () => {
  test('makes runs of equal sizes to one address, which the kernel cuts', () => {
    const kernel = new FakeKernel()
    const outbox = new Outbox(kernel)
    const from = sender()
    for (const [offset, to, length] of [
      [0, a, 100],
      [1, b, 100],
      [2, a, 100],
      [3, a, 60],
      [4, a, 60],
      [5, b, 100],
      [6, b, 0],
      [7, b, 101],
    ] as const) {
      outbox.add(from, offset, length, to)
    }
    outbox.flush()
    expect(kernel.taken.map(({ to, segment, parts }) => [to, segment, parts.map(part => part.offset)])).toEqual([
      ['10.0.0.1:1', 100, [0, 2, 3]],
      ['10.0.0.2:1', 100, [1, 5]],
      ['10.0.0.1:1', 0, [4]],
      ['10.0.0.2:1', 0, [6]],
      ['10.0.0.2:1', 0, [7]],
    ])
    expect(kernel.batches).toEqual([5])
    expect(from.counters).toMatchObject({ sent: 8, sentBytes: 621 })
    expect(outbox.empty).toBe(true)
    outbox.flush()
    expect(kernel.batches).toEqual([5])
  })

  test('begins anew after a flush, though flows come in another order', () => {
    const kernel = new FakeKernel()
    const outbox = new Outbox(kernel)
    const from = sender()
    const turns = [
      [b, a, a],
      [a, b, a],
      [a, b, b],
    ]
    for (const turn of turns) {
      for (const [offset, to] of turn.entries()) outbox.add(from, offset, 100, to)
      outbox.flush()
    }
    expect(kernel.taken.map(({ to, parts }) => [to, parts.map(part => part.offset)])).toEqual([
      ['10.0.0.2:1', [0]],
      ['10.0.0.1:1', [1, 2]],
      ['10.0.0.1:1', [0, 2]],
      ['10.0.0.2:1', [1]],
      ['10.0.0.1:1', [0]],
      ['10.0.0.2:1', [1, 2]],
    ])
    expect(from.counters.sent).toBe(9)
  })

  test('keeps within the limits of a run: 64 datagrams, and what fits one message', () => {
    const kernel = new FakeKernel()
    const outbox = new Outbox(kernel)
    for (let i = 0; i < 70; i++) outbox.add(sender(), i, 10, a)
    const one = sender()
    for (let i = 0; i < 70; i++) outbox.add(one, i, 10, a)
    for (let i = 0; i < 5; i++) outbox.add(one, i, 30_000, b)
    outbox.flush()
    const runs = kernel.taken.filter(({ segment }) => segment > 0)
    expect(runs.map(({ parts }) => parts.length)).toEqual([64, 6, 2, 2])
  })

  test('sends each socket’s datagrams by its own descriptor', () => {
    const descriptors: Fd[] = []
    const kernel = new FakeKernel()
    const transmit = kernel.transmit.bind(kernel)
    kernel.transmit = (fd, first) => {
      descriptors.push(fd)
      return transmit(fd, first)
    }
    const outbox = new Outbox(kernel)
    const [one, two] = [sender({ fd: { one: 1 } as unknown as Fd }), sender({ fd: { two: 2 } as unknown as Fd })]
    outbox.add(one, 0, 10, a)
    outbox.add(two, 1, 10, a)
    outbox.add(one, 2, 10, a)
    outbox.flush()
    expect(descriptors).toEqual([one.fd, two.fd])
    expect(kernel.datagrams.map(({ offset }) => offset)).toEqual([0, 2, 1])
  })

  test('a full send buffer drops the rest of that socket, counted, and not of others', () => {
    let left = 3
    const kernel = new FakeKernel(({ to }) => (to === a.key && left-- <= 0 ? EAGAIN : 0))
    const outbox = new Outbox(kernel)
    const [full, other] = [sender({ segmentLimit: 0 }), sender()]
    for (let i = 0; i < 20; i++) outbox.add(full, i, 10, a)
    outbox.add(other, 99, 10, b)
    outbox.flush()
    expect(full.counters).toMatchObject({ sent: 3, blocked: 17, failed: 0 })
    expect(other.counters).toMatchObject({ sent: 1, blocked: 0 })
    left = 10
    outbox.add(full, 5, 10, a)
    outbox.flush()
    expect(full.counters).toMatchObject({ sent: 4, blocked: 17 })
  })

  test('a device that cannot segment gets every datagram singly, in order, from then on', () => {
    const kernel = new FakeKernel(({ segment }) => (segment > 0 ? EIO : 0))
    const outbox = new Outbox(kernel)
    const from = sender()
    for (let i = 0; i < 30; i++) outbox.add(from, i, 10, a)
    outbox.add(from, 30, 10, b)
    outbox.flush()
    expect(kernel.datagrams.map(({ offset }) => offset)).toEqual(Array.from({ length: 31 }, (_, i) => i))
    expect(from.segmentLimit).toBe(0)
    expect(from.counters).toMatchObject({ sent: 31, failed: 0 })
  })

  test('segments larger than the path’s MTU go out singly, smaller ones still as a run', () => {
    const kernel = new FakeKernel(({ segment }) => (segment > 1472 ? EINVAL : 0))
    const outbox = new Outbox(kernel)
    const from = sender()
    for (let i = 0; i < 3; i++) outbox.add(from, i, 2000, a)
    outbox.flush()
    expect(from.segmentLimit).toBe(1999)
    for (let i = 0; i < 3; i++) outbox.add(from, i, 1200, a)
    outbox.flush()
    expect(kernel.taken.map(({ segment }) => segment)).toEqual([0, 0, 0, 1200])
  })

  test('an address that the kernel will not send to costs only its own datagrams, and no segmentation', () => {
    const kernel = new FakeKernel(({ to }) => (to === b.key ? EINVAL : 0))
    const outbox = new Outbox(kernel)
    const from = sender()
    for (let i = 0; i < 10; i++) outbox.add(from, i, 10, i % 2 ? a : b)
    outbox.flush()
    expect(from.counters).toMatchObject({ sent: 5, failed: 5 })
    expect(from.segmentLimit).toBe(65_507)
  })

  test('an ICMP error that waits is not the fault of the datagram it is told with', () => {
    let pending = [111, 113]
    const kernel = new FakeKernel(() => {
      const [error = 0, ...rest] = pending
      pending = rest
      return error
    })
    const outbox = new Outbox(kernel)
    const from = sender({ reportsErrors: true, segmentLimit: 0 })
    outbox.add(from, 0, 10, a)
    outbox.add(from, 1, 10, b)
    pending = [111]
    outbox.flush()
    expect(from.counters).toMatchObject({ sent: 2, failed: 0 })
  })

  test('whatever the kernel answers, a flow keeps its order and every datagram is counted once', () => {
    const answers = fc.array(fc.constantFrom(0, 0, 0, 0, EAGAIN, EINTR, EINVAL, EIO, 111), { maxLength: 60 })
    const hosts = ['10.0.0.1', '::1']
    const datagram = fc.record({
      socket: fc.nat(1),
      host: fc.constantFrom(...hosts),
      port: fc.constantFrom(1, 2),
      length: fc.constantFrom(0, 10, 10, 10, 20, 1200),
      flush: fc.nat(20).map(n => n === 0),
    })
    fc.assert(
      fc.property(
        fc.array(datagram, { maxLength: 1100 }),
        answers,
        fc.boolean(),
        (datagrams, script, reportsErrors) => {
          const left = [...script]
          const kernel = new FakeKernel(() => left.shift() ?? 0)
          const outbox = new Outbox(kernel)
          const senders = [0, 1].map(i => sender({ version: 6, salt: i * 77, reportsErrors }))
          const flow = new Map<number, string>()
          for (const [offset, { socket, host, port, length, flush }] of datagrams.entries()) {
            // A new object each time: flows are told apart by value.
            outbox.add(senders[socket] as Sender, offset, length, Address.parse(host, port))
            flow.set(offset, `${socket} ${host} ${port}`)
            if (flush) outbox.flush()
          }
          outbox.flush()
          const last = new Map<string, number>()
          for (const { offset, length, to } of kernel.datagrams) {
            const name = flow.get(offset) as string
            expect(length).toBe(datagrams[offset]?.length)
            expect(to).toBe(Address.parse(datagrams[offset]?.host ?? '', datagrams[offset]?.port ?? 0).key)
            expect(offset).toBeGreaterThan(last.get(name) ?? -1)
            last.set(name, offset)
          }
          const count = (name: 'sent' | 'blocked' | 'failed') =>
            senders.reduce((sum, { counters }) => sum + counters[name], 0)
          expect(count('sent')).toBe(kernel.datagrams.length)
          expect(count('sent') + count('blocked') + count('failed')).toBe(datagrams.length)
        },
      ),
    )
  })
})
