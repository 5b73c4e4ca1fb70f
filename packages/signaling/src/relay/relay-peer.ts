import { type Rate, TokenBucket } from '@parley/net'
import { AppError, type ErrorCode, explain, relayAuth, relayMessage, type TokenClaims } from '@parley/protocol'
import type { Spender, Spending } from '../spending.ts'
import type { RelayMember, RelayRooms } from './relay-rooms.ts'

export interface RelayPeerOptions {
  readonly room: string
  readonly rooms: RelayRooms
  readonly rate: Rate
  readonly spending: Spending
  /** The client's address. */
  readonly source: string
  /** Who they are, if no token is needed here; undefined: unknown until they send a token. */
  readonly claims: TokenClaims | undefined
  /** Verifies a token. Throws AppError. */
  authenticate(token: string): Promise<TokenClaims>
  /** Throws AppError if they may not enter the room. */
  admit(claims: TokenClaims): void
  /** Sends one text message to this peer. */
  send(text: string): void
  /** Closes the connection, after an error that cannot be mended on it. */
  end(code: ErrorCode): void
  /** A message was passed on. */
  relayed(bytes: number): void
  error(error: unknown): void
}

/** How many messages may wait while a token is being verified. */
const patience = 64

/**
 * One client of the plain relay: a stranger until its token has been verified (or if none is needed), then a member whose
 * messages go to the others, byte for byte. An invalid message is answered with an error and otherwise ignored.
 */
export class RelayPeer implements RelayMember {
  readonly #options: RelayPeerOptions
  readonly #bucket: TokenBucket
  readonly #spender: Spender
  #state: 'checking' | 'stranger' | 'member' | 'closed' = 'stranger'
  #waiting: string[] = []
  #saidBye = false
  /** When the last message came, ms. */
  #now: number

  constructor(options: RelayPeerOptions, now: number) {
    this.#options = options
    this.#now = now
    this.#bucket = new TokenBucket(options.rate, now)
    this.#spender = { source: options.source, costs: options.spending.budget(now) }
    if (options.claims) this.#admit(options.claims)
  }

  get admitted(): boolean {
    return this.#state === 'member'
  }

  say(text: string): void {
    this.#options.send(text)
  }

  /** Handles a message from the client; undefined stands for one that is not text. `now` in ms. */
  receive(text: string | undefined, now: number): void {
    if (this.#state === 'closed') return
    this.#now = now
    if (!this.#bucket.take(now) || !this.#options.spending.may(this.#spender, now))
      this.#refuse(new AppError('rate-limited'))
    else if (text === undefined) this.#refuse(new AppError('bad-request', 'Messages are JSON text, not binary.'))
    else if (this.#state !== 'checking') this.#handle(text)
    else if (this.#waiting.length < patience) this.#waiting.push(text)
    else this.#refuse(new AppError('rate-limited'))
  }

  /** The connection is closed; tells the others, unless the client has said `bye` itself. */
  close(): void {
    const { room, rooms } = this.#options
    if (this.#state === 'member') {
      rooms.leave(room, this)
      if (!this.#saidBye) rooms.pass(room, this, '{"type":"bye"}')
    }
    this.#state = 'closed'
  }

  #handle(text: string): void {
    const message = parse(text)
    if (message instanceof AppError) {
      this.#refuse(message)
      return
    }
    // A token is never passed on, not even where none is needed.
    if (message.type === 'auth') this.#authorize(message)
    else if (this.#state === 'stranger') {
      this.#refuse(new AppError('unauthorized', 'The first message must be {"type":"auth","token":"…"}.'))
    } else this.#pass(text, message.type)
  }

  #pass(text: string, type: string): void {
    const { room, rooms, relayed, spending } = this.#options
    const bytes = Buffer.byteLength(text)
    this.#saidBye = type === 'bye'
    spending.charge(this.#spender, this.#now, bytes * rooms.pass(room, this, text))
    relayed(bytes)
  }

  #authorize(message: unknown): void {
    const auth = relayAuth.safeParse(message)
    if (!auth.success) this.#refuse(new AppError('bad-request', explain(auth.error)))
    else if (this.#state === 'stranger') this.#authenticate(auth.data.token)
  }

  #authenticate(token: string): void {
    this.#state = 'checking'
    this.#options.authenticate(token).then(
      claims => this.#admit(claims),
      error => this.#turnAway(error),
    )
  }

  #admit(claims: TokenClaims): void {
    if (this.#state === 'closed') return
    const { room, rooms, end } = this.#options
    try {
      if (claims.room !== undefined && claims.room !== room) {
        throw new AppError('not-allowed', 'The token opens another room.')
      }
      this.#options.admit(claims)
    } catch (error) {
      this.#turnAway(error)
      return
    }
    if (rooms.enter(room, this)) this.#settle('member')
    else {
      this.#refuse(new AppError('room-full'))
      this.#state = 'closed'
      end('room-full')
    }
  }

  #turnAway(error: unknown): void {
    if (this.#state === 'closed') return
    if (!(error instanceof AppError)) this.#options.error(error)
    this.#refuse(error instanceof AppError ? error : new AppError('internal'))
    this.#settle('stranger')
  }

  #settle(state: 'member' | 'stranger'): void {
    this.#state = state
    // An `auth` message among them changes the state, and then the rest has to wait again.
    const waiting = this.#waiting
    this.#waiting = []
    while (waiting.length > 0 && this.#state === state) this.#handle(waiting.shift() as string)
    this.#waiting.push(...waiting)
  }

  #refuse(error: AppError): void {
    this.say(JSON.stringify({ type: 'error', code: error.code, message: error.message }))
  }
}

function parse(text: string): { type: string } | AppError {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return new AppError('bad-request', 'The message is not JSON.')
  }
  const message = relayMessage.safeParse(value)
  return message.success ? message.data : new AppError('bad-request', explain(message.error))
}
