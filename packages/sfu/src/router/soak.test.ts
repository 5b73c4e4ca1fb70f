import { headerExtensions, readCompound } from '@parley/rtp'
import { seededRandom, usedMemory } from '@parley/testkit'
import { expect, test } from 'vitest'
import { type SubscribedMedia, wantAll } from '../control.ts'
import { ArrivalReporter } from '../testing/arrival-reporter.ts'
import { Router } from './router.ts'
import { camera, listening, microphone, watching } from './testing/media.ts'
import { rtp, vp8Delta, vp8Key } from './testing/packets.ts'
import { parsed, TestTransport } from './testing/test-transport.ts'

const people = 30
const cameras = 10
/** Between the packets that somebody sends: few are enough, since what is kept for a packet or a while shows all the same. */
const stepMs = 3000
const minute = 60_000
const transportId = 5
const extensions = { [headerExtensions.transportSequenceNumber]: transportId }

class Person {
  readonly transport: TestTransport
  /** Of a microphone, and of a camera if there is one. */
  readonly publications: readonly number[]
  readonly sequenceNumbers = [0, 0]
  /** By publication. */
  readonly subscriptions = new Map<number, number>()
  keyFrameWanted = true
  readonly arrivals = new ArrivalReporter(transportId)

  constructor(transport: TestTransport, publications: readonly number[]) {
    this.transport = transport
    this.publications = publications
  }
}

/** A room in virtual time whose people send a little, lose some of it, come and go. */
class Room {
  now = 0
  readonly #random = seededRandom(11)
  readonly router = new Router({ report: () => {}, random: this.#random })
  #people: Person[] = []
  #ids = 0

  join(): void {
    const transport = new TestTransport(++this.#ids)
    const [audio, video] = [++this.#ids, ++this.#ids]
    const hasCamera = this.#people.filter(({ publications }) => publications.length > 1).length < cameras
    const person = new Person(transport, hasCamera ? [audio, video] : [audio])
    transport.onRtp = (bytes, now) => {
      if (this.#random() > 0.02) person.arrivals.arrived(bytes, 0, bytes.length, now + 30)
    }
    transport.onRtcp = bytes =>
      readCompound(bytes, 0, bytes.length, {
        pictureLossIndication: () => {
          person.keyFrameWanted = true
        },
      })
    this.router.transportConnected(transport, this.now)
    if (hasCamera) this.router.publish({ is: 'publish', publication: video, transport: transport.id, media: camera })
    this.router.publish({ is: 'publish', publication: audio, transport: transport.id, media: microphone })
    this.router.voice({ is: 'voice', publication: audio, group: 1 }, this.now)
    for (const other of this.#people) {
      this.#subscribe(person, other)
      this.#subscribe(other, person)
    }
    this.#people.push(person)
  }

  leave(): void {
    const [person] = this.#people.splice(Math.floor(this.#random() * this.#people.length), 1)
    if (!person) return
    for (const publication of person.publications) {
      for (const { subscriptions } of this.#people) {
        const subscription = subscriptions.get(publication) ?? 0
        subscriptions.delete(publication)
        this.router.unsubscribe({ is: 'unsubscribe', subscription }, this.now)
      }
      this.router.unpublish({ is: 'unpublish', publication }, this.now)
    }
    this.router.transportClosed(person.transport, this.now)
  }

  leaveAll(): void {
    while (this.#people.length > 0) this.leave()
  }

  run(untilMs: number): void {
    while (this.now < untilMs) {
      this.now += stepMs
      while (this.router.nextTimeout() <= this.now) this.router.handleTimeout(this.router.nextTimeout())
      for (const [index, person] of this.#people.entries()) {
        if (person.publications.length > 1) this.#send(person, 0)
        // Some speak; who joins or leaves changes who.
        if (index % 5 === 0) this.#send(person, 1)
        person.arrivals.report((bytes, start, end) =>
          this.router.receiveRtcp(person.transport, bytes, start, end, this.now),
        )
      }
      if (this.#random() < 0.5) {
        this.leave()
        this.join()
      }
      this.#pauseOrResume()
    }
  }

  #subscribe({ transport, subscriptions }: Person, { publications: [audio = 0, video] }: Person): void {
    const subscribe = (publication: number, media: SubscribedMedia) => {
      const subscription = ++this.#ids
      subscriptions.set(publication, subscription)
      const own = { ssrc: 2 * subscription, rtxSsrc: media.rtxSsrc && 2 * subscription + 1, extensions }
      this.router.subscribe(
        {
          is: 'subscribe',
          subscription,
          transport: transport.id,
          publication,
          media: { ...media, ...own, feedback: ['nack', 'nack pli', 'transport-cc'] },
          want: wantAll,
        },
        this.now,
      )
    }
    subscribe(audio, listening)
    if (video !== undefined) subscribe(video, watching)
  }

  #pauseOrResume(): void {
    const person = this.#people[Math.floor(this.#random() * this.#people.length)]
    const subscriptions = [...(person?.subscriptions.values() ?? [])]
    const subscription = subscriptions[Math.floor(this.#random() * subscriptions.length)]
    if (subscription === undefined) return
    const want = { ...wantAll, paused: this.#random() < 0.5 }
    this.router.want({ is: 'want', subscription, want }, this.now)
  }

  /** One packet of the camera (0) or microphone (1); one in twenty is lost. */
  #send(person: Person, which: 0 | 1): void {
    const sequenceNumber = ((person.sequenceNumbers[which] ?? 0) + 1) & 0xffff
    person.sequenceNumbers[which] = sequenceNumber
    if (this.#random() < 0.05) return
    const [picture, sound] = [
      { ssrc: 1, payloadType: 96, marker: true },
      { ssrc: 11, payloadType: 111 },
    ]
    const packet = parsed(
      rtp({
        ...(which === 0 ? picture : sound),
        sequenceNumber,
        timestamp: Math.round(this.now * (which === 0 ? 90 : 48)),
        payload: which === 0 && person.keyFrameWanted ? vp8Key : vp8Delta,
      }),
    )
    if (which === 0) person.keyFrameWanted = false
    this.router.receiveRtp(person.transport, packet, this.now)
  }
}

test('an hour of thirty people who come and go leaves nothing behind', () => {
  const room = new Room()
  const after = (ms: number) => {
    for (let i = 0; i < people; i++) room.join()
    room.run(ms)
    expect(room.router.counters()).toMatchObject({
      publications: people + cameras,
      subscriptions: (people + cameras) * (people - 1),
    })
    room.leaveAll()
    expect(room.router.counters()).toMatchObject({ publications: 0, subscriptions: 0, historyBytes: 0, links: 0 })
    // Nothing waits for its time any more.
    expect(room.router.nextTimeout()).toBe(Number.POSITIVE_INFINITY)
    return usedMemory()
  }
  const before = after(5 * minute)
  expect(after(55 * minute) - before).toBeLessThan(1e6)
  expect(room.router.counters().rtpForwarded).toBeGreaterThan(100_000)
})
