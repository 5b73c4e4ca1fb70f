import type {
  EventName,
  EventPayload,
  Handshake,
  Reply,
  RequestInput,
  RequestName,
  RequestOutput,
  WireError,
} from '@parley/protocol'
import { io, type Socket } from 'socket.io-client'

export interface Received {
  readonly event: string
  readonly payload: unknown
  readonly n: number | undefined
}

const patienceMs = 30_000

/** A bare client: keeps everything that it receives, and sends what it is told to, valid or not. */
export class TestClient {
  readonly socket: Socket
  readonly heard: Received[] = []
  readonly #waiting = new Set<() => void>()

  constructor(url: string, auth: object = {}, options: Parameters<typeof io>[1] = {}) {
    this.socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, auth, ...options })
    this.socket.onAny((event: string, payload: unknown, n: number | undefined) => {
      this.heard.push({ event, payload, n })
      for (const look of this.#waiting) look()
    })
  }

  /** Connects and waits for the welcome. Rejects with the wire error of a refusal. */
  static async connect(url: string, auth: Handshake | object = {}, options: Parameters<typeof io>[1] = {}) {
    const client = new TestClient(url, auth, options)
    await Promise.race([
      client.next('welcome'),
      new Promise((_, reject) => client.socket.once('connect_error', error => reject(refusalOf(error) ?? error))),
    ])
    return client
  }

  get welcome(): EventPayload<'welcome'> {
    return this.all('welcome').at(-1) as EventPayload<'welcome'>
  }

  get id(): string {
    return this.welcome.session
  }

  /** The handshake that brings this session back. */
  get comeback(): Handshake {
    const { token, ticket } = this.welcome
    const after = Math.max(0, ...this.heard.map(({ n }) => n ?? 0))
    return { token, ticket, ...(after > 0 ? { after } : {}) }
  }

  all<K extends EventName>(event: K): EventPayload<K>[] {
    return this.heard.filter(one => one.event === event).map(one => one.payload as EventPayload<K>)
  }

  /** The first event of this name that matches, including those that have already come. */
  async next<K extends EventName>(
    event: K,
    fits: (payload: EventPayload<K>) => boolean = () => true,
  ): Promise<EventPayload<K>> {
    return this.until(() => this.all(event).find(fits), `no ${event} came`)
  }

  async until<T>(look: () => T | undefined | false, otherwise = 'it did not happen'): Promise<T> {
    const found = look()
    if (found !== undefined && found !== false) return found
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(again)
        reject(new Error(otherwise))
      }, patienceMs)
      const again = () => {
        const late = look()
        if (late === undefined || late === false) return
        clearTimeout(timer)
        this.#waiting.delete(again)
        resolve(late)
      }
      this.#waiting.add(again)
    })
  }

  /** Sends anything under any name and waits for the acknowledgement. */
  async raw(name: string, ...args: unknown[]): Promise<Reply> {
    return this.socket.timeout(patienceMs).emitWithAck(name, ...args)
  }

  /** The answer to a request; throws the error with which the server refuses. */
  async ask<K extends RequestName>(name: K, input: RequestInput<K>): Promise<RequestOutput<K>> {
    const reply = await this.raw(name, input)
    if (!reply.ok) throw reply.error
    return reply.value as RequestOutput<K>
  }

  /** The refusal of a request. */
  async refused<K extends RequestName>(name: K, input: RequestInput<K>): Promise<WireError> {
    const reply = await this.raw(name, input)
    if (reply.ok) throw new Error(`${name} was not refused`)
    return reply.error
  }

  /** Everything sent to this client so far has arrived once this resolves. */
  async settled(): Promise<void> {
    await this.ask('ice.servers', {})
  }

  /** Resolves with the reason when the connection ends. */
  gone(): Promise<string> {
    return new Promise(done => this.socket.once('disconnect', done))
  }

  /** Breaks the connection without telling the server. */
  async drop(): Promise<void> {
    const gone = this.gone()
    this.socket.io.engine.close()
    await gone
  }

  /** Leaves for good, and tells the server. */
  leave(): void {
    this.socket.disconnect()
  }
}

function refusalOf(error: Error): WireError | undefined {
  return 'data' in error ? (error.data as WireError) : undefined
}
