import type { EventName, EventPayload } from '@parley/protocol'
import { defaultLimits, type SignalingLimits } from '../limits.ts'
import type { Delivery } from '../outbox/event-log.ts'
import { Outbox, type Wire } from '../outbox/outbox.ts'

/** Records what leaves an outbox, for each session as if it were connected. */
export class Tape implements Wire {
  readonly entries: Delivery[] = []
  readonly dismissed: string[] = []
  readonly #channels = new Map<string, Set<string>>()
  readonly #heard = new Map<string, Delivery[]>()

  outbox(limits: Partial<SignalingLimits> = {}): Outbox {
    return new Outbox(this, { ...defaultLimits, ...limits }, 0)
  }

  deliver(entry: Delivery): void {
    this.entries.push(entry)
    for (const [session, channels] of this.#channels) {
      if (!channels.has(entry.to) || (entry.except !== undefined && channels.has(entry.except))) continue
      this.#heard.set(session, [...(this.#heard.get(session) ?? []), entry])
    }
  }

  join(session: string, channel: string): void {
    this.#channels.set(session, (this.#channels.get(session) ?? new Set()).add(channel))
  }

  leave(session: string, channel: string): void {
    this.#channels.get(session)?.delete(channel)
  }

  dismiss(session: string): void {
    this.dismissed.push(session)
  }

  /** What a session has been sent since the last call: names of events with their payloads. */
  take(session: string): [EventName, unknown][] {
    const heard = this.#heard.get(session) ?? []
    this.#heard.delete(session)
    return heard.map(({ event, payload }) => [event, payload])
  }

  /** The payloads of one kind of event that a session has been sent since the last `take`. */
  heard<K extends EventName>(session: string, event: K): EventPayload<K>[] {
    const entries = this.#heard.get(session) ?? []
    return entries.filter(entry => entry.event === event).map(({ payload }) => payload as EventPayload<K>)
  }
}
