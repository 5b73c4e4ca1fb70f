import type { Load } from '../sfu/load.ts'
import { WireClient } from '../signaling/wire-client.ts'
import { roomName, type SoakServer } from './server.ts'

/** Somebody in a room, who has a seat and plays a picture. */
interface Person {
  readonly room: number
  readonly socket: WireClient
  readonly player: number
}

/** People in rooms in each of which somebody sends a picture. */
export class Crowd {
  readonly #server: SoakServer
  readonly #load: Load
  readonly #people: Person[] = []
  readonly #publishers: number[] = []
  #comings = 0
  #goings = 0

  constructor(server: SoakServer, load: Load) {
    this.#server = server
    this.#load = load
  }

  get size(): number {
    return this.#people.length
  }

  /** Somebody begins to send in a room, in place of whoever sent there before. */
  async publish(room: number): Promise<void> {
    const before = this.#publishers[room]
    if (before !== undefined) await this.#load.leave(before, this.#manner())
    this.#publishers[room] = await this.#load.publish(room)
  }

  /** Somebody comes, to each room in turn. */
  async come(): Promise<void> {
    const room = this.#comings++ % this.#publishers.length
    const name = `Person ${this.#comings}`
    const socket = await WireClient.open(`wss://localhost:${this.#server.port}`, { name }, this.#server.ca)
    socket.onEvent = () => undefined
    await new Promise(joined => socket.request('room.join', { room: roomName(room) }, joined))
    const { id } = await this.#load.play(room)
    this.#people.push({ room, socket, player: id })
  }

  /** Whoever has been here longest leaves, every other one without a goodbye. */
  async go(): Promise<void> {
    const person = this.#people.shift()
    if (!person) return
    const { room, socket, player } = person
    const manner = this.#manner()
    await this.#load.leave(player, manner)
    if (manner === 'politely') await new Promise(left => socket.request('room.leave', { room: roomName(room) }, left))
    socket.close()
  }

  /** Everybody writes to their room. */
  async chat(): Promise<void> {
    const write = ({ room, socket }: Person, n: number) =>
      new Promise(written => {
        const id = `${Math.round(performance.now())}-${n}`
        socket.request('chat.send', { room: roomName(room), id, text: 'still here' }, written)
      })
    await Promise.all(this.#people.map(write))
  }

  /** Everybody goes. */
  async leave(): Promise<void> {
    while (this.#people.length > 0) await this.go()
    for (const publisher of this.#publishers.splice(0)) await this.#load.leave(publisher, 'politely')
  }

  #manner(): 'politely' | 'silently' {
    return this.#goings++ % 2 === 0 ? 'politely' : 'silently'
  }
}
