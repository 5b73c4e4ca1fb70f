import type { ChatMessage } from '@parley/protocol'

/**
 * Both lists as one, each message once, oldest first; `known` itself when nothing is new.
 * Ids are made by senders, so two people may use the same one.
 */
export function mergeMessages(known: readonly ChatMessage[], more: readonly ChatMessage[]): readonly ChatMessage[] {
  const fresh = newMessages(known, more)
  return fresh.length === 0 ? known : [...known, ...fresh].sort((a, b) => a.at - b.at)
}

/** What of `more` is not `known`. */
export function newMessages(known: readonly ChatMessage[], more: readonly ChatMessage[]): readonly ChatMessage[] {
  const keys = new Set(known.map(key))
  return more.filter(message => {
    const isNew = !keys.has(key(message))
    keys.add(key(message))
    return isNew
  })
}

function key({ id, from }: ChatMessage): string {
  return `${from.identity} ${id}`
}
