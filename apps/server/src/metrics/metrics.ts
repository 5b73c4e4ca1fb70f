import type { Edge } from '@parley/edge'
import type { Observer, SignalingCounts } from '@parley/signaling'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Log } from '../log/log.ts'
import { version } from '../version.ts'
import { edgeMetrics } from './edge-metrics.ts'

/** What is counted, as Prometheus text. */
export interface Metrics {
  readonly observer: Observer
  /** Counts a mistake of the server outside of signalling. */
  mistake(): void
  readonly contentType: string
  text(): Promise<string>
}

/** The events of signalling that are passed on after they are counted. */
export type Watching = Pick<Observer, 'arrived' | 'connected'>

const levels: readonly (readonly [name: keyof SignalingCounts, help: string])[] = [
  ['rooms', 'Rooms with somebody inside.'],
  ['participants', 'Seats taken, over all rooms.'],
  ['calls', 'Calls that ring or are accepted.'],
  ['sockets', 'Connected clients.'],
]

/** A registry of its own, so that two servers in one process do not mix. `counts` is asked at each scrape. */
export function createMetrics(
  counts: () => SignalingCounts,
  edge: () => Edge | undefined,
  log: Log,
  watching: Watching,
): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  for (const [name, help] of levels) {
    new Gauge({
      name: `parley_${name}`,
      help,
      registers,
      collect() {
        this.set(counts()[name])
      },
    })
  }
  const info = new Gauge({ name: 'parley_info', help: 'Always 1.', labelNames: ['version'], registers })
  info.set({ version }, 1)

  edgeMetrics(registry, edge)

  const requests = new Counter({
    name: 'parley_requests_total',
    help: 'Signalling requests by name and outcome (ok or an error code).',
    labelNames: ['name', 'outcome'],
    registers,
  })
  const calls = new Counter({
    name: 'parley_calls_ended_total',
    help: 'Calls by how they ended.',
    labelNames: ['outcome'],
    registers,
  })
  const refused = new Counter({
    name: 'parley_refused_total',
    help: 'Connections refused, by error code.',
    labelNames: ['why'],
    registers,
  })
  const relayed = new Counter({ name: 'parley_relay_messages_total', help: 'Plain relay: messages.', registers })
  const relayedBytes = new Counter({ name: 'parley_relay_bytes_total', help: 'Plain relay: bytes.', registers })
  const connected = new Counter({
    name: 'parley_connected_total',
    help: 'Clients of signalling that have a WebSocket, and those that go on polling without one.',
    labelNames: ['by'],
    registers,
  })
  const errors = new Counter({
    name: 'parley_errors_total',
    help: 'Mistakes of the server; the log has each.',
    registers,
  })

  return {
    observer: {
      request: (name, outcome) => requests.inc({ name, outcome }),
      relayed: bytes => {
        relayed.inc()
        relayedBytes.inc(bytes)
      },
      callEnded: outcome => calls.inc({ outcome }),
      refused(why, address) {
        refused.inc({ why })
        log.debug({ why, address }, 'connection refused')
      },
      arrived: guest => watching.arrived(guest),
      connected(by, headers) {
        connected.inc({ by })
        watching.connected(by, headers)
      },
      error(error) {
        errors.inc()
        log.error({ err: error }, 'signalling failed')
      },
    },
    mistake: () => errors.inc(),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  }
}
