import assert from 'node:assert/strict'
import type { SubscriptionState } from '@parley/protocol'
import fc from 'fast-check'
import { test } from 'vitest'
import { codecs } from './testing/client.ts'
import { OfferChecker } from './testing/offer-checker.ts'
import { realWorker } from './testing/real-worker.ts'
import { WorkerModel } from './testing/worker-model.ts'
import { type Person, World } from './testing/world.ts'

const mixes = [[codecs.vp8], [codecs.vp9, codecs.vp8], [codecs.av1], [codecs.vp9High, codecs.vp9, codecs.h264]]

/** A room, on up to three workers, in which everything that is said is checked. */
class CheckedRoom {
  readonly world: World
  readonly workers: readonly WorkerModel[]
  readonly #commands: readonly ReturnType<typeof realWorker>[]
  readonly #offers = new Map<string, OfferChecker>()
  readonly #published = new Map<string, string[]>()
  readonly #wishes = new Map<string, Map<string, SubscriptionState>>()
  readonly #declined = new Set<string>()
  #names = 0
  readonly #told: number[]
  #heard = 0

  constructor(seed: number) {
    const workers = 1 + (seed % 3)
    this.world = new World({ seed, workers, enoughTracks: 4 })
    this.workers = Array.from({ length: workers }, () => new WorkerModel())
    this.#commands = this.workers.map(() => realWorker())
    this.#told = this.workers.map(() => 0)
  }

  join(): void {
    if (this.world.people.size < 6) this.world.join(`p${this.#names++}`)
  }

  with(choice: number, act: (person: Person, mids: string[]) => void): void {
    const person = [...this.world.people.values()][choice % Math.max(1, this.world.people.size)]
    if (!person) return
    const mids = this.#published.get(person.name) ?? []
    this.#published.set(person.name, mids)
    act(person, mids)
  }

  wish(name: string, auto: boolean, wish: { participant: string; track: string; state: SubscriptionState }): void {
    const wishes = this.#wishes.get(name) ?? new Map<string, SubscriptionState>()
    this.#wishes.set(name, wishes.set('auto', auto ? 'on' : 'off').set(`${wish.participant} ${wish.track}`, wish.state))
    this.world.rooms.subscribeTo('room', name, { auto, tracks: [wish] })
  }

  /** Once all is settled, that everybody receives what they want of what there is, if nobody has declined anything. */
  checkWishes(): void {
    const { participants } = this.world.rooms.inspect('room') ?? { participants: [] }
    for (const { id, receives } of participants) {
      const wishes = this.#wishes.get(id)
      const expected = participants.flatMap(other =>
        other.sends.flatMap(({ track }) => {
          const state = wishes?.get(`${other.id} ${track}`) ?? wishes?.get('auto') ?? 'on'
          return other.id === id || state === 'off' ? [] : `${other.id} ${track} ${state === 'paused'}`
        }),
      )
      const actual = receives.map(({ participant, track, want }) => `${participant} ${track} ${want.paused}`)
      if (this.#declined.has(id)) assert(actual.every(one => expected.includes(one)))
      else assert.deepEqual(actual.sort(), expected.sort())
    }
  }

  answer(person: Person, accept?: (mid: string) => boolean): void {
    person.answer(accept && (({ mid }) => accept(mid)))
    this.check()
  }

  check(): void {
    for (const [worker, told] of this.world.byWorker.entries()) {
      for (const row of told.slice(this.#told[worker])) {
        this.workers[worker]!.receive(row)
        this.#commands[worker]!(row)
      }
      this.#told[worker] = told.length
    }
    this.#checkPipes()
    for (; this.#heard < this.world.events.length; this.#heard++) {
      const { participant, body } = this.world.events[this.#heard]!
      if (body.side !== 'subscribe' || body.signal.kind !== 'description') continue
      const key = `${participant} ${body.connection}`
      const checker = this.#offers.get(key) ?? new OfferChecker()
      this.#offers.set(key, checker)
      checker.check(body.signal.description.sdp)
    }
    for (const { inbox } of this.world.people.values()) assert(inbox.length <= 1, 'one offer is open at a time')
  }

  /** Each has two ends, and is of use to somebody. */
  #checkPipes(): void {
    const starts = this.workers.flatMap(({ pipes }) => [...pipes])
    const ends = this.workers.flatMap(({ piped }) => [...piped].map(([publication, pipe]) => [pipe, publication]))
    assert.deepEqual(starts.sort(byPipe), ends.sort(byPipe))
    for (const [worker, { piped, subscriptions }] of this.workers.entries()) {
      const followed = new Set([...subscriptions.values()].map(({ publication }) => publication))
      // Voices are judged where the room began.
      for (const publication of piped.keys()) assert(followed.has(publication) || worker === 0, 'somebody has it')
    }
  }

  count(what: 'transports' | 'publications' | 'subscriptions'): number {
    return this.workers.reduce((sum, worker) => sum + worker[what].size, 0)
  }

  /** A checker learns of rejected sections from the answers; the model client rejects by mid. */
  rejected(person: Person, sdp: string, connection: string): void {
    this.#declined.add(person.name)
    this.#offers.get(`${person.name} ${connection}`)?.answered(sdp)
  }
}

function byPipe([one = 0]: readonly number[], [other = 0]: readonly number[]): number {
  return one - other
}

const steps: Record<string, (room: CheckedRoom, who: number, what: number) => void> = {
  join: room => room.join(),
  leave: (room, who) => room.with(who, ({ name }) => room.world.leave(name)),
  publishVideo: (room, who, what) =>
    room.with(who, (person, mids) => {
      if (mids.length < 5) mids.push(person.publish({ kind: 'video', codecs: mixes[what % mixes.length]! }))
    }),
  publishAudio: (room, who) =>
    room.with(who, (person, mids) => {
      if (mids.length < 5) mids.push(person.publish({ kind: 'audio' }))
    }),
  turnOff: (room, who, what) =>
    room.with(who, (person, mids) => {
      person.publishing.change(mids[what % 5] ?? '', { direction: what % 2 ? 'inactive' : 'sendonly' })
      person.offer()
    }),
  stop: (room, who, what) =>
    room.with(who, (person, mids) => {
      person.publishing.change(mids.splice(what % 5, 1)[0] ?? '', { rejected: true })
      person.offer()
    }),
  changeCodecs: (room, who, what) =>
    room.with(who, (person, mids) => {
      person.publishing.change(mids[0] ?? '', { codecs: mixes[what % mixes.length]! })
      person.offer()
    }),
  wish: (room, who, what) =>
    room.with(who, ({ name }) =>
      room.with(what, ({ name: participant, tracks }) => {
        const state = (['on', 'paused', 'off'] satisfies SubscriptionState[])[what % 3]!
        const track = tracks[what % 4]?.id ?? 'none'
        room.wish(name, what % 7 !== 0, { participant, track, state })
      }),
    ),
  announceLess: (room, who, what) =>
    room.with(who, ({ name, tracks }) => room.world.rooms.setTracks('room', name, tracks.slice(what % 3))),
  restartPublish: (room, who) =>
    room.with(who, person => {
      person.publishing.restart()
      person.offer()
    }),
  restartSubscribe: (room, who) =>
    room.with(who, person => {
      const connection = person.heard.findLast(({ side }) => side === 'subscribe')?.connection
      if (connection !== undefined) person.say('subscribe', connection, { kind: 'restart' })
      person.receiving.restart()
    }),
  fail: (room, who) => {
    const open = room.workers.flatMap(({ transports }) => [...transports.keys()])
    const transport = open[who % Math.max(1, open.length)] ?? 0
    room.world.rooms.handle(0, { is: 'transport', transport, state: 'failed', why: 'test' })
  },
  answer: (room, who) => room.with(who, person => room.answer(person)),
  decline: (room, who, what) =>
    room.with(who, person => {
      const [body] = person.inbox
      if (body?.signal.kind !== 'description') return
      const { sdp } = body.signal.description
      const accept = (mid: string) => Number(mid) % 3 !== what % 3
      room.rejected(
        person,
        person.receiving.answer(sdp, ({ mid }) => accept(mid)),
        body.connection,
      )
      room.answer(person, accept)
    }),
}

const step = fc.record({
  is: fc.constantFrom(...Object.keys(steps), 'answer', 'answer', 'publishVideo'),
  who: fc.nat(30),
  what: fc.nat(30),
})

test('whatever people do in whatever order: sections stay, numbers are unique, and in the end everybody has what they want', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1 }), fc.array(step, { minLength: 10, maxLength: 60 }), (seed, script) => {
      const room = new CheckedRoom(seed)
      room.join()
      room.join()
      for (const { is, who, what } of script) {
        steps[is]?.(room, who, what)
        room.check()
      }
      room.world.settle()
      room.check()
      room.checkWishes()
      const { publications, subscriptions } = room.world.rooms.counters()
      assert.equal(room.count('publications'), publications)
      assert.equal(room.count('subscriptions'), subscriptions)
      for (const { name } of [...room.world.people.values()]) room.world.leave(name)
      room.check()
      assert.deepEqual(room.world.rooms.counters().connections, 0)
      assert.equal(room.count('transports') + room.count('publications') + room.count('subscriptions'), 0)
    }),
    { numRuns: 200 },
  )
})
