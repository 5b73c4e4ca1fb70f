import type { ChatMessage } from '@parley/protocol'
import type { Pending } from './outbox.ts'

const sameGroupMs = 5 * 60_000

export interface Line {
  readonly id: string
  readonly text: string
  readonly status: 'sent' | 'sending' | 'failed'
}

/** Consecutive messages of one person. */
export interface MessageGroup {
  readonly id: string
  readonly name: string
  readonly own: boolean
  /** When it began, server time in ms. */
  readonly at: number
  readonly lines: readonly Line[]
}

/** Groups one person's messages that are within five minutes; messages not sent yet come last. */
export function groupMessages(
  messages: readonly ChatMessage[],
  pending: readonly Pending[],
  self: { readonly identity: string; readonly name: string },
): MessageGroup[] {
  const groups: (MessageGroup & { readonly author: string; readonly lines: Line[] })[] = []
  const add = (author: string, name: string, at: number, line: Line) => {
    const last = groups.at(-1)
    if (last?.author === author && last.name === name && at - last.at < sameGroupMs) last.lines.push(line)
    else groups.push({ id: line.id, author, name, own: author === self.identity, at, lines: [line] })
  }
  for (const { id, from, at, text } of messages) add(from.identity, from.name, at, { id, text, status: 'sent' })
  for (const { id, at, text, status } of pending) add(self.identity, self.name, at, { id, text, status })
  return groups
}
