import { type ChatMessage, limits } from '@parley/protocol'

/** How many messages are remembered to recognise a repeat: more than are shown to late joiners. */
const remembered = 5 * limits.chatHistory
/** Limits in bytes, for what is remembered and for what is shown. */
const rememberedBytes = 1024 * 1024
const shownBytes = 256 * 1024
/** Roughly the bytes of a message besides its text. */
const aroundBytes = 256

/** Reserves bytes for a message until it is forgotten. Undefined: no more may be kept. */
export type HoldBytes = (bytes: number) => { release(): void } | undefined

interface Kept {
  readonly message: ChatMessage
  readonly bytes: number
  readonly hold: { release(): void } | undefined
}

/** The chat of one room. Keeps a message once, however often it is sent, and forgets the oldest. */
export class ChatLog {
  /** In order. */
  readonly #kept = new Map<string, Kept>()
  #bytes = 0

  /** Roughly the bytes that are kept. */
  get bytes(): number {
    return this.#bytes
  }

  /** The message that this sender sent before under this id. */
  find(identity: string, id: string): ChatMessage | undefined {
    return this.#kept.get(key(identity, id))?.message
  }

  /** Keeps a message; false if there is no space for it. */
  add(message: ChatMessage, hold?: HoldBytes): boolean {
    const bytes = aroundBytes + Buffer.byteLength(message.text)
    const held = hold?.(bytes)
    if (hold && !held) return false
    this.#kept.set(key(message.from.identity, message.id), { message, bytes, hold: held })
    this.#bytes += bytes
    for (const oldest of this.#kept) {
      if (this.#kept.size <= remembered && this.#bytes <= rememberedBytes) break
      this.#forget(oldest)
    }
    return true
  }

  /** The last messages, oldest first. */
  recent(): ChatMessage[] {
    const last = [...this.#kept.values()].slice(-limits.chatHistory)
    let first = last.length
    let bytes = 0
    while (first > 0) {
      bytes += last[first - 1]?.bytes ?? 0
      if (bytes > shownBytes) break
      first--
    }
    return last.slice(first).map(({ message }) => message)
  }

  /** Forgets everything. */
  close(): void {
    for (const kept of this.#kept) this.#forget(kept)
  }

  #forget([name, { bytes, hold }]: [string, Kept]): void {
    this.#kept.delete(name)
    this.#bytes -= bytes
    hold?.release()
  }
}

function key(identity: string, id: string): string {
  return `${id} ${identity}`
}
