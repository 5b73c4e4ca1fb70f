import { answer } from '../child.ts'
import { Ledger } from './ledger.ts'
import { WireClient } from './wire-client.ts'

/** How much load. Client `i` is in room `i % rooms`. */
export interface Size {
  readonly clients: number
  readonly rooms: number
  /** Messages of each client. */
  readonly messages: number
  /** Requests under way at once, of all clients together, in the paced phases. */
  readonly window: number
  /** Messages of one client that are not yet acknowledged. */
  readonly ahead: number
}

let size: Size
let clients: WireClient[] = []
const roomOf = (client: number) => `bench-${client % size.rooms}`

/** Opens every connection and waits for its welcome. */
async function connect(options: { readonly port: number; readonly size: Size }): Promise<void> {
  size = options.size
  clients = new Array<WireClient>(size.clients)
  await windowed(async i => {
    clients[i] = await WireClient.open(`ws://127.0.0.1:${options.port}`, { name: `Person ${i}` })
  })
}

/** Everybody joins, a window at a time. Ends when every acknowledgement and every `room.joined` is here. */
function join() {
  return told('room.joined', latencies => windowed(i => timed(i, 'room.join', latencies)))
}

/** Everybody leaves, a window at a time. */
function leave() {
  return told('room.left', latencies => windowed(i => timed(i, 'room.leave', latencies)))
}

/** Everybody joins at the same moment, as after a restart of the server. */
function joinAtOnce() {
  return told('room.joined', async latencies => {
    await Promise.all(clients.map((_, i) => timed(i, 'room.join', latencies)))
  })
}

/** Everybody writes numbered messages, as fast as they are acknowledged; every delivery is checked. */
async function chat() {
  const ledger = new Ledger(size.clients, size.rooms, size.messages)
  const deliveries = new Tally((size.clients * size.clients * size.messages) / size.rooms)
  clients.forEach((client, receiver) => {
    client.onEvent = packet => {
      if (!packet.startsWith('42["chat"')) return
      const text = packet.indexOf('"text":"') + 8
      const gap = packet.indexOf(' ', text)
      ledger.deliver(receiver, Number(packet.slice(text, gap)), Number.parseInt(packet.slice(gap + 1, gap + 11), 10))
      deliveries.add()
    }
  })
  const before = usage()
  const startedAt = performance.now()
  await Promise.all(clients.map((client, sender) => write(client, sender)))
  const endedAt = await deliveries.settled()
  const after = usage()
  return {
    seconds: ((endedAt ?? performance.now()) - startedAt) / 1000,
    bytes: after.bytes - before.bytes,
    cpuUs: after.cpuUs - before.cpuUs,
    verdict: ledger.verdict(),
  }
}

function write(client: WireClient, sender: number): Promise<void> {
  return new Promise(resolve => {
    let sent = 0
    let acknowledged = 0
    const next = () => {
      const number = sent++
      const message = { room: roomOf(sender), id: `m${sender}-${number}`, text: `${sender} ${number} ${filler}` }
      client.request('chat.send', message, () => {
        if (++acknowledged === size.messages) resolve()
        else if (sent < size.messages) next()
      })
    }
    for (let i = 0; i < Math.min(size.ahead, size.messages); i++) next()
  })
}

/** A message is about as long as what people write. */
const filler = 'and a few words more, as people do.'

/** Runs joins or leaves until the members of each room have been told about all who came after (or left before) them. */
async function told(event: string, phase: (latencies: number[]) => Promise<void>) {
  const members = size.clients / size.rooms
  const tally = new Tally((size.rooms * members * (members - 1)) / 2)
  for (const client of clients) {
    client.onEvent = packet => {
      if (packet.startsWith(`42["${event}"`)) tally.add()
    }
  }
  const latenciesMs: number[] = []
  const startedAt = performance.now()
  await phase(latenciesMs)
  const seconds = (performance.now() - startedAt) / 1000
  if ((await tally.settled()) === undefined) throw new Error(`some ${event} never came`)
  return { seconds, latenciesMs }
}

function timed(client: number, request: string, latenciesMs: number[]): Promise<void> {
  const startedAt = performance.now()
  return new Promise(resolve => {
    clients[client]?.request(request, { room: roomOf(client) }, () => {
      latenciesMs.push(performance.now() - startedAt)
      resolve()
    })
  })
}

/** Runs `step` for every client, `size.window` of them at a time. */
async function windowed(step: (client: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < size.clients) await step(next++)
  }
  await Promise.all(Array.from({ length: size.window }, lane))
}

function usage() {
  const { user, system } = process.cpuUsage()
  return { cpuUs: user + system, bytes: clients.reduce((sum, client) => sum + client.received, 0) }
}

/** Counts events up to an expected number. */
class Tally {
  readonly #expected: number
  #count = 0
  #completed: number | undefined
  #watch: (() => void) | undefined

  constructor(expected: number) {
    this.#expected = expected
  }

  add(): void {
    if (++this.#count !== this.#expected) return
    this.#completed = performance.now()
    this.#watch?.()
  }

  /** When the last one came, as `performance.now()`; undefined if none has come for `patienceMs` and some are missing. */
  async settled(patienceMs = 10_000): Promise<number | undefined> {
    while (this.#count < this.#expected) {
      const before = this.#count
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, patienceMs)
        this.#watch = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      if (this.#count === before) return undefined
    }
    return this.#completed
  }
}

const commands = { connect, join, leave, joinAtOnce, chat }
export type LoadCommands = typeof commands
answer(commands)
