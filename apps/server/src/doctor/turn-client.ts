import { randomBytes } from 'node:crypto'
import { DecodeError } from '@parley/bytes'
import { IpAddress, type TransportAddress } from '@parley/net'
import {
  Encoder,
  longTermKey,
  Message,
  type Method,
  stun,
  transportProtocols,
  turn,
  verifyIntegrity,
} from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import type { Channel } from './channels.ts'

export interface Credentials {
  readonly username: string
  readonly credential: string
}

/** The server answered with an error or not at all, or the answer is not authentic. */
export class TurnError extends Error {
  readonly code: number | undefined

  constructor(message: string, code?: number) {
    super(message)
    this.name = 'TurnError'
    this.code = code
  }
}

const answerMs = 3_000

/** Just enough of a TURN client (RFC 8656) to see whether a server works. Throws TurnError. */
export class TurnClient {
  readonly #channel: Channel
  readonly #credentials: Credentials
  readonly #waiting = new Map<string, (message: Message) => void>()
  readonly #data: { from: TransportAddress; bytes: Uint8Array }[] = []
  #wake: (() => void) | undefined
  #realm = ''
  #nonce = ''
  #key: Uint8Array | undefined

  constructor(channel: Channel, credentials: Credentials) {
    this.#channel = channel
    this.#credentials = credentials
    channel.onMessage(bytes => this.#receive(bytes))
  }

  /** The address under which the server sees us. */
  async binding(): Promise<TransportAddress> {
    const answer = await this.#ask('binding', encoder => encoder)
    return required(answer.get(stun.xorMappedAddress))
  }

  /** A relayed address, as the server announces it; for `protocol`, IANA's number. */
  async allocate(protocol: number = transportProtocols.udp): Promise<TransportAddress> {
    const answer = await this.#authenticated('allocate', encoder => encoder.add(turn.requestedTransport, protocol))
    return required(answer.get(turn.xorRelayedAddress))
  }

  async permit(peer: TransportAddress): Promise<void> {
    await this.#authenticated('createPermission', encoder => encoder.add(turn.xorPeerAddress, peer))
  }

  /** Gives the allocation back. */
  async release(): Promise<void> {
    await this.#authenticated('refresh', encoder => encoder.add(turn.lifetime, 0))
  }

  send(peer: TransportAddress, data: Uint8Array): void {
    const encoder = new Encoder(new Uint8Array(2048)).message('indication', 'send')
    this.#channel.send(encoder.add(turn.xorPeerAddress, peer).add(turn.data, data).finish())
  }

  /** The next data that a peer sent. */
  async data(): Promise<{ readonly from: TransportAddress; readonly bytes: Uint8Array }> {
    const arrived = new Promise<void>(resolve => {
      this.#wake = resolve
    })
    if (this.#data.length === 0) await inTime(arrived, 'nothing came back through the relay')
    const [first] = this.#data.splice(0, 1)
    if (!first) throw new TurnError('nothing came back through the relay')
    return first
  }

  close(): void {
    this.#channel.close()
  }

  async #authenticated(method: Method, add: (encoder: Encoder) => Encoder): Promise<Message> {
    const first = await this.#ask(method, encoder => this.#sign(add(encoder)), 'error allowed')
    if (first.class === 'success') return this.#checked(first)
    const code = first.get(stun.errorCode)?.code
    if (code !== 401 && code !== 438) throw refusal(first)
    this.#realm = required(first.get(stun.realm))
    this.#nonce = required(first.get(stun.nonce))
    const { username, credential: password } = this.#credentials
    this.#key = longTermKey({ username, realm: this.#realm, password }, nodeCrypto)
    return this.#checked(await this.#ask(method, encoder => this.#sign(add(encoder))))
  }

  #sign(encoder: Encoder): Encoder {
    if (!this.#key) return encoder
    return encoder
      .add(stun.username, this.#credentials.username)
      .add(stun.realm, this.#realm)
      .add(stun.nonce, this.#nonce)
      .integrity(this.#key, nodeCrypto)
  }

  #checked(answer: Message): Message {
    if (this.#key && verifyIntegrity(answer, this.#key, nodeCrypto)) return answer
    throw new TurnError('the answer does not prove to be from the server')
  }

  async #ask(method: Method, fill: (encoder: Encoder) => Encoder, errors?: 'error allowed'): Promise<Message> {
    const transaction = randomBytes(12)
    const request = fill(new Encoder(new Uint8Array(2048)).message('request', method, transaction)).finish()
    const key = transaction.toString('hex')
    const answered = new Promise<Message>(resolve => {
      this.#waiting.set(key, resolve)
    })
    const repeat = this.#channel.reliable ? undefined : setInterval(() => this.#channel.send(request), 500)
    this.#channel.send(request)
    try {
      const answer = await inTime(answered, `no answer within ${answerMs / 1000} s`)
      if (answer.class === 'error' && !errors) throw refusal(answer)
      return answer
    } finally {
      clearInterval(repeat)
      this.#waiting.delete(key)
    }
  }

  /** What does not parse is not an answer: the request times out. */
  #receive(bytes: Uint8Array): void {
    try {
      this.#take(Message.decode(bytes))
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
    }
  }

  #take(message: Message): void {
    if (message.class === 'indication') {
      const data = message.get(turn.data)
      const from = message.get(turn.xorPeerAddress)
      if (data && from) this.#data.push({ from, bytes: data.slice() })
      this.#wake?.()
      return
    }
    this.#waiting.get(Buffer.from(message.transactionId).toString('hex'))?.(message)
  }
}

/** An address and port as these clients take them. */
export function transportAddress(host: string, port: number): TransportAddress {
  return { address: IpAddress.parse(host), port }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new TurnError('the answer lacks what it must have')
  return value
}

function refusal(answer: Message): TurnError {
  const error = answer.get(stun.errorCode)
  return new TurnError(`refused: ${error?.code} ${error?.reason ?? ''}`.trim(), error?.code)
}

async function inTime<T>(promise: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TurnError(otherwise)), answerMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
