import { limits } from '@parley/protocol/limits'
import { ParleyError } from '../error.ts'
import type { RoomMessage } from '../types.ts'
import type { MessageCipher } from './message-cipher.ts'

export interface RoomMessagesOptions {
  /** Encrypts what is sent; undefined: nothing does. */
  readonly cipher: Promise<MessageCipher> | undefined
  /** Our id in the room. */
  self(): string
  /** Rejects if the server could not pass it on. */
  send(message: { topic: string; body: string; to?: string }): Promise<unknown>
  heard(message: RoomMessage): void
}

/** Messages between the applications in a room; in an encrypted room the server passes on what it cannot read. */
export class RoomMessages {
  readonly #options: RoomMessagesOptions
  /** Messages are heard in the order in which they came, however long one takes to decrypt. */
  #work: Promise<void> = Promise.resolve()

  constructor(options: RoomMessagesOptions) {
    this.#options = options
  }

  /** @throws {ParleyError} `bad-request` for a body that is too long; the server's codes. */
  async send(topic: string, body: string, to?: string): Promise<void> {
    const { cipher, self, send } = this.#options
    const sent = cipher ? await (await cipher).encrypt(self(), topic, body) : body
    if (sent.length > limits.messageBodyChars) {
      throw new ParleyError('bad-request', `The message has ${sent.length} characters.`, {
        remedy: `Send at most ${limits.messageBodyChars}; encryption needs a third of them. Send more as a file.`,
      })
    }
    await send({ topic, body: sent, ...(to !== undefined && { to }) })
  }

  receive({ from, topic, body }: RoomMessage): void {
    const { cipher, heard } = this.#options
    if (!cipher) {
      heard({ from, topic, body })
      return
    }
    this.#work = this.#work.then(async () => {
      const text = await (await cipher).decrypt(from, topic, body)
      if (text === undefined) console.debug(`parley: a message of ${from} was not encrypted with our secret`)
      else heard({ from, topic, body: text })
    })
    this.#work.catch(error => reportError(error))
  }
}
