import { randomBytes } from 'node:crypto'
import type { MediaBody } from '@parley/protocol'
import { type RoomsEvent, SfuRooms, type ToMedia } from '@parley/sfu'
import type { Page } from 'playwright-core'
import type { PeoplePage, Received } from './people-page.ts'

declare global {
  var people: PeoplePage
}

const address = { ip: '192.0.2.1', port: 3478 }

/** Carries descriptions between rooms and real RTCPeerConnections in a page; the network is left out. */
export class Stage {
  readonly media: ToMedia[] = []
  readonly rooms: SfuRooms
  readonly #page: Page
  readonly #queue: RoomsEvent[] = []
  /** By participant, the name of the subscribe connection that was offered last. */
  readonly #offered = new Map<string, string>()
  #seq = 0

  constructor(page: Page) {
    this.#page = page
    this.rooms = new SfuRooms({
      workers: [
        {
          send: message => this.media.push(message),
          candidates: [
            { ...address, protocol: 'udp', type: 'host' },
            { ip: '203.0.113.1', port: 3478, protocol: 'udp', type: 'srflx', related: address },
            { ip: '2001:db8::1', port: 3478, protocol: 'udp', type: 'host' },
            { ...address, protocol: 'tcp', type: 'host' },
          ],
        },
      ],
      fingerprint: { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') },
      random: randomBytes,
      emit: event => this.#queue.push(event),
    })
  }

  /** What the worker was told of a kind. */
  told<K extends ToMedia['is']>(is: K): Extract<ToMedia, { is: K }>[] {
    return this.media.filter((message): message is Extract<ToMedia, { is: K }> => message.is === is)
  }

  async join(name: string): Promise<void> {
    this.rooms.join('room', name, { publish: true, subscribe: true })
    await this.#page.evaluate(person => people.make(person), name)
    await this.settle()
  }

  /** Offers what a person's publish connection has come to, and announces its tracks. */
  async publish(name: string): Promise<void> {
    const { sdp, tracks } = await this.#page.evaluate(person => people.offer(person), name)
    this.receive(name, 'publish', 'p', { kind: 'description', description: { type: 'offer', sdp } })
    this.rooms.setTracks('room', name, tracks)
    await this.settle()
  }

  receive(name: string, side: MediaBody['side'], connection: string, signal: MediaBody['signal']): void {
    this.rooms.receive('room', name, { side, connection, seq: this.#seq++, signal })
  }

  received(name: string): Promise<Received[]> {
    return this.#page.evaluate(person => people.received(person), name)
  }

  lastConnection(name: string): string {
    return this.#offered.get(name) ?? ''
  }

  /** Until nobody has anything to say. Whatever a browser does not accept throws. */
  async settle(): Promise<void> {
    for (let event = this.#queue.shift(); event; event = this.#queue.shift()) {
      const { participant, body } = event
      if (body.signal.kind !== 'description') continue
      const { type, sdp } = body.signal.description
      const what = [participant, sdp] as const
      if (type === 'answer') await this.#page.evaluate(([person, text]) => people.answered(person, text), what)
      else {
        this.#offered.set(participant, body.connection)
        const answer = await this.#page.evaluate(([person, text]) => people.offered(person, text), what)
        const description = { type: 'answer', sdp: answer } as const
        this.receive(participant, 'subscribe', body.connection, { kind: 'description', description, answers: body.seq })
      }
    }
  }
}
