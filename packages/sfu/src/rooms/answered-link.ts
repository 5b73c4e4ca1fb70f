import type { Side } from '../sdp/codecs.ts'
import type { AnsweredTransport } from './answerer.ts'
import type { Context } from './context.ts'

/** The worker's transport for a connection on which the client offers and we answer. */
export class AnsweredLink {
  readonly #context: Context
  readonly #side: Side
  #transport: number | undefined

  constructor(context: Context, side: Side) {
    this.#context = context
    this.#side = side
  }

  get transport(): number | undefined {
    return this.#transport
  }

  /** Tells the worker what an answer changes. If the transport is replaced, everything on it must have ended before. */
  apply({ change, local, remote, role }: AnsweredTransport): void {
    const { send, nextNumber, opened } = this.#context
    if (change === 'new') {
      this.close()
      this.#transport = nextNumber()
      opened(this.#transport, this.#side)
      send({ is: 'open', transport: this.#transport, local, role, remote })
    } else if (change === 'restart' && this.#transport !== undefined) {
      send({ is: 'restart', transport: this.#transport, local })
      send({ is: 'remote', transport: this.#transport, remote })
    }
  }

  close(): void {
    if (this.#transport === undefined) return
    this.#context.send({ is: 'close', transport: this.#transport })
    this.#context.closed(this.#transport)
    this.#transport = undefined
  }
}
