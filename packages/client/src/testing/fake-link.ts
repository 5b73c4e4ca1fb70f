import type {
  EventName,
  EventPayload,
  Handshake,
  Reply,
  RequestInput,
  RequestName,
  RequestOutput,
} from '@parley/protocol'
import { type ErrorCode, errorCodes, type WireError } from '@parley/protocol/errors'
import type { Link, LinkDown, LinkEvents, OpenLink, Welcome } from '../signalling/ports.ts'

interface Asked {
  readonly name: RequestName
  readonly input: unknown
  readonly answer: (reply: Reply) => void
}

/** One connection attempt, from the server's side. */
export class FakeLink implements Link {
  readonly auth: Handshake
  readonly asked: Asked[] = []
  end: 'left' | 'dropped' | undefined
  readonly #events: LinkEvents

  constructor(auth: Handshake, events: LinkEvents) {
    this.auth = auth
    this.#events = events
  }

  send(name: RequestName, input: unknown, answer: (reply: Reply) => void): void {
    this.asked.push({ name, input, answer })
  }

  leave(): void {
    this.end = 'left'
  }

  drop(): void {
    this.end = 'dropped'
  }

  welcome(welcome: Partial<Welcome> = {}): void {
    this.#events.welcome({
      session: 's1',
      identity: 'ann',
      token: 'token',
      ticket: 'ticket',
      resumed: false,
      calls: [],
      iceServers: [],
      version: '1',
      at: 0,
      ...welcome,
    })
  }

  tell<K extends EventName>(event: K, payload: EventPayload<K>, place?: number): void {
    this.#events.event(event, payload, place)
  }

  polling(polls: boolean): void {
    this.#events.polling(polls)
  }

  down(why: LinkDown = { broken: new Error('gone') }): void {
    this.#events.down(why)
  }

  refuse(code: ErrorCode): void {
    this.down({ refused: wireError(code) })
  }

  names(): RequestName[] {
    return this.asked.map(({ name }) => name)
  }

  input<K extends RequestName>(name: K): RequestInput<K> {
    return this.#find(name).input as RequestInput<K>
  }

  /** Answers the oldest request of that name that has no answer yet. */
  async answer<K extends RequestName>(name: K, value: RequestOutput<K>): Promise<void> {
    const asked = this.#find(name)
    this.asked.splice(this.asked.indexOf(asked), 1)
    asked.answer({ ok: true, value })
    await settle()
  }

  async answerError(name: RequestName, code: ErrorCode): Promise<void> {
    const asked = this.#find(name)
    this.asked.splice(this.asked.indexOf(asked), 1)
    asked.answer({ ok: false, error: wireError(code) })
    await settle()
  }

  #find(name: RequestName): Asked {
    const asked = this.asked.find(one => one.name === name)
    if (!asked) throw new Error(`${name} was not asked, but: ${this.names().join(', ') || 'nothing'}`)
    return asked
  }
}

/** Every attempt to connect, oldest first. */
export class FakeServer {
  readonly links: FakeLink[] = []
  readonly openLink: OpenLink = (auth, events) => {
    const link = new FakeLink(auth, events)
    this.links.push(link)
    return link
  }

  get link(): FakeLink {
    const link = this.links.at(-1)
    if (!link) throw new Error('nobody has connected')
    return link
  }
}

function wireError(code: ErrorCode): WireError {
  const { message, remedy } = errorCodes[code]
  return { code, message, remedy }
}

/** Waits until everything is done that waits only for promises. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await Promise.resolve()
}
