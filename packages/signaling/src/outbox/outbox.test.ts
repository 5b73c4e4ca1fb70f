import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultLimits } from '../limits.ts'
import type { Channel, LoggedEvent } from './event-log.ts'
import { Outbox, type Wire } from './outbox.ts'

const silent: Wire = { deliver() {}, join() {}, leave() {}, dismiss() {} }
const reason = (text: string) => ({ reason: text })
const texts = (entries: readonly LoggedEvent[] | undefined) =>
  entries?.map(({ payload }) => (payload as { reason: string }).reason)

function say(outbox: Outbox, to: Channel, text: string, now = 0, except?: Channel) {
  outbox.send(now, to, 'server.stopping', reason(text), except)
  return outbox.last
}

test('gives back what came after, from every channel, in order', () => {
  const outbox = new Outbox(silent, defaultLimits, 0)
  outbox.open('a')
  outbox.subscribe('a', 'session:a')
  outbox.subscribe('a', 'room:x')
  say(outbox, 'room:x', 'one')
  const seen = say(outbox, 'session:a', 'two')
  say(outbox, 'room:x', 'three')
  say(outbox, 'room:y', 'elsewhere')
  say(outbox, 'session:a', 'four')
  say(outbox, 'room:x', 'not for a', 0, 'session:a')
  say(outbox, 'room:x', 'not for b', 0, 'session:b')
  expect(texts(outbox.missed('a', seen))).toEqual(['three', 'four', 'not for b'])
  expect(texts(outbox.missed('a', 0))).toEqual(['one', 'two', 'three', 'four', 'not for b'])
  expect(outbox.missed('nobody', 0)).toBeUndefined()
  expect(outbox.missed('a', outbox.last + 1)).toBeUndefined()
})

test('knows nothing of what was said before somebody came, or after they left', () => {
  const outbox = new Outbox(silent, defaultLimits, 0)
  outbox.open('a')
  say(outbox, 'room:x', 'before')
  outbox.subscribe('a', 'room:x')
  outbox.subscribe('a', 'room:x')
  say(outbox, 'room:x', 'inside')
  outbox.unsubscribe('a', 'room:x')
  outbox.unsubscribe('a', 'room:x')
  say(outbox, 'room:x', 'between')
  outbox.subscribe('a', 'room:x')
  say(outbox, 'room:x', 'again')
  expect(texts(outbox.missed('a', 0))).toEqual(['inside', 'again'])
  outbox.close('a')
  expect(outbox.missed('a', 0)).toBeUndefined()
})

test('numbers rise over a restart, so that an old number hides nothing new', () => {
  const outbox = new Outbox(silent, defaultLimits, 1_704_067_200_000)
  const before = say(outbox, 'room:x', 'before')
  const after = new Outbox(silent, defaultLimits, 1_704_067_201_000)
  expect(after.last).toBeGreaterThan(before)
  expect(Number.isSafeInteger(new Outbox(silent, defaultLimits, Date.UTC(2100, 0)).last)).toBe(true)
})

test('says so when it no longer reaches back', () => {
  const outbox = new Outbox(silent, { ...defaultLimits, logEntries: 2 }, 0)
  outbox.open('a')
  outbox.subscribe('a', 'room:x')
  const first = say(outbox, 'room:x', '1')
  for (const text of ['2', '3']) say(outbox, 'room:x', text)
  expect(texts(outbox.missed('a', first))).toEqual(['2', '3'])
  say(outbox, 'room:x', '4')
  expect(outbox.missed('a', first)).toBeUndefined()
})

test('a quiet session is not cut off by what others say, nor by its own old number', () => {
  const outbox = new Outbox(silent, { ...defaultLimits, logEntries: 2 }, 0)
  outbox.open('a')
  outbox.subscribe('a', 'session:a')
  outbox.subscribe('a', 'room:x')
  for (let i = 0; i < 10; i++) say(outbox, 'room:x', 'loud', 0, 'session:a')
  expect(outbox.missed('a', 0)).toBeUndefined()
  // A ping's answer proves that nothing was on its way.
  outbox.confirm('a', outbox.last)
  expect(outbox.missed('a', 0)).toEqual([])
})

test('a room that floods loses its own log, not that of others', () => {
  const outbox = new Outbox(silent, { ...defaultLimits, logBytesTotal: 4000 }, 0)
  for (const id of ['a', 'b']) {
    outbox.open(id)
    outbox.subscribe(id, `room:${id}`)
  }
  say(outbox, 'room:a', 'quiet')
  for (let i = 0; i < 100; i++) say(outbox, 'room:b', 'x'.repeat(500))
  expect(texts(outbox.missed('a', 0))).toEqual(['quiet'])
  expect(outbox.missed('b', 0)).toBeUndefined()
  expect(outbox.bytes).toBeLessThanOrEqual(4000)
})

test('forgets with time, and keeps no empty logs', () => {
  const outbox = new Outbox(silent, defaultLimits, 0)
  outbox.open('a')
  outbox.subscribe('a', 'room:x')
  say(outbox, 'room:x', 'old', 0)
  say(outbox, 'room:x', 'new', 40_000)
  outbox.sweep(45_000)
  expect(texts(outbox.missed('a', 0))).toEqual(['old', 'new'])
  outbox.sweep(60_000)
  expect(texts(outbox.missed('a', 0))).toEqual(['new'])
  outbox.sweep(100_000)
  expect(outbox.bytes).toBe(0)
})

/**
 * Clients that read slowly, lose what was on its way when they drop, and come back saying the last number they saw.
 * The truth is written down when a thing is said: who was meant to get it.
 */
class World implements Wire {
  readonly outbox: Outbox
  readonly clients = new Map<string, Client>()
  resets = 0

  constructor(logEntries: number) {
    this.outbox = new Outbox(this, { ...defaultLimits, logEntries }, 1)
    for (const id of ['a', 'b', 'c']) this.#admit(id)
  }

  deliver(entry: LoggedEvent): void {
    for (const client of this.clients.values()) {
      if (!client.channels.has(entry.to)) continue
      if (entry.except !== undefined && client.channels.has(entry.except)) continue
      client.meant.push(entry.n)
      if (client.connected) client.pipe.push(entry.n)
    }
  }

  join(session: string, channel: Channel): void {
    this.clients.get(session)?.channels.add(channel)
  }

  dismiss(): void {}

  leave(session: string, channel: Channel): void {
    this.clients.get(session)?.channels.delete(channel)
  }

  reconnect(id: string): void {
    const client = this.#client(id)
    client.pipe = []
    const missed = this.outbox.missed(id, client.seen.at(-1) ?? 0)
    if (missed) client.pipe.push(...missed.map(({ n }) => n))
    else {
      this.resets++
      this.outbox.close(id)
      this.#admit(id)
    }
    this.#client(id).connected = true
  }

  read(id: string, count: number): void {
    const client = this.#client(id)
    if (!client.connected) return
    for (const item of client.pipe.splice(0, count)) {
      if (typeof item === 'number') client.seen.push(item)
      else this.outbox.confirm(id, item.ping)
    }
  }

  ping(id: string): void {
    const client = this.#client(id)
    if (client.connected) client.pipe.push({ ping: this.outbox.last })
  }

  drop(id: string): void {
    this.#client(id).connected = false
  }

  #client(id: string): Client {
    return this.clients.get(id) as Client
  }

  #admit(id: string): void {
    this.clients.set(id, { channels: new Set(), meant: [], seen: [], pipe: [], connected: true })
    this.outbox.open(id)
    this.outbox.subscribe(id, `session:${id}`)
  }
}

interface Client {
  readonly channels: Set<Channel>
  readonly meant: number[]
  readonly seen: number[]
  pipe: (number | { ping: number })[]
  connected: boolean
}

const id = fc.constantFrom('a', 'b', 'c')
const room = fc.constantFrom<Channel>('room:x', 'room:y')
const step = fc.oneof(
  fc.tuple(
    fc.constant('send' as const),
    fc.oneof(
      room,
      id.map((one): Channel => `session:${one}`),
    ),
    fc.option(id),
  ),
  fc.tuple(fc.constant('join' as const), id, room),
  fc.tuple(fc.constant('leave' as const), id, room),
  fc.tuple(fc.constant('read' as const), id, fc.integer({ min: 1, max: 5 })),
  fc.tuple(fc.constantFrom('drop' as const, 'reconnect' as const, 'ping' as const), id),
)

function play(world: World, steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]): void {
  for (const [what, who, detail] of steps) {
    if (what === 'send') say(world.outbox, who, 'x', 1, detail === null ? undefined : `session:${detail}`)
    else if (what === 'join') world.outbox.subscribe(who, detail)
    else if (what === 'leave') world.outbox.unsubscribe(who, detail)
    else if (what === 'read') world.read(who, detail)
    else world[what](who)
  }
  for (const who of ['a', 'b', 'c']) {
    world.drop(who)
    world.reconnect(who)
    world.read(who, 1e9)
  }
}

test('whatever drops and comes back: everything is seen once, in order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), steps => {
      const world = new World(1e9)
      play(world, steps)
      expect(world.resets).toBe(0)
      for (const { meant, seen } of world.clients.values()) expect(seen).toEqual(meant)
    }),
    { numRuns: 400 },
  )
})

test('with a short log a client is caught up exactly, or told to begin anew', () => {
  let resets = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 40, maxLength: 120 }), steps => {
      const world = new World(2)
      play(world, steps)
      resets += world.resets
      for (const { meant, seen } of world.clients.values()) expect(seen).toEqual(meant)
    }),
    { numRuns: 400 },
  )
  expect(resets).toBeGreaterThan(0)
})
