import { Counter, Gauge, type Registry } from 'prom-client'
import type { EdgeCounters } from '../edge/control.ts'
import type { Edge } from '../edge/supervisor.ts'

type Row = readonly [name: string, help: string, value: (counters: EdgeCounters) => number | undefined]

/** They begin anew when the edge process does, as Prometheus expects of a restarted counter. */
const counts: readonly Row[] = [
  ['parley_stun_bindings_total', 'STUN binding requests answered.', ({ turn }) => turn.bindings],
  ['parley_turn_requests_total', 'STUN and TURN requests.', ({ turn }) => turn.requests],
  ['parley_turn_errors_total', 'Requests answered with an error.', ({ turn }) => turn.errors],
  [
    'parley_turn_errors_limited_total',
    'Errors left unanswered: too many to a source.',
    ({ turn }) => turn.errorsLimited,
  ],
  ['parley_turn_allocations_made_total', 'Allocations made.', ({ turn }) => turn.allocationsMade],
  ['parley_turn_relayed_packets_total', 'Packets relayed.', ({ turn }) => turn.relayedPackets],
  ['parley_turn_relayed_bytes_total', 'Bytes relayed.', ({ turn }) => turn.relayedBytes],
  [
    'parley_turn_joined_packets_total',
    'Of the relayed packets: from one relay here to another.',
    ({ turn }) => turn.joinedPackets,
  ],
  ['parley_turn_malformed_total', 'Messages that are none.', ({ turn }) => turn.malformed],
  ['parley_turn_unpermitted_total', 'Packets without a permission.', ({ turn }) => turn.unpermitted],
  ['parley_turn_over_bandwidth_total', 'Packets beyond a user’s bandwidth.', ({ turn }) => turn.overBandwidth],
  ['parley_udp_received_total', 'Datagrams received.', ({ udp }) => udp.received],
  ['parley_udp_sent_total', 'Datagrams sent.', ({ udp }) => udp.sent],
  ['parley_udp_overruns_total', 'Datagrams that the kernel dropped: nobody read in time.', ({ udp }) => udp.overruns],
  ['parley_udp_blocked_total', 'Datagrams dropped: the send buffer was full.', ({ udp }) => udp.blocked],
  ['parley_udp_failed_total', 'Datagrams that the kernel refused to send.', ({ udp }) => udp.failed],
]

/** Registers what the edge counts; what is returned brings it up to date before a scrape. */
export function edgeMetrics(registry: Registry, edge: () => Edge | undefined): () => Promise<void> {
  const registers = [registry]
  const rows = counts.map(([name, help, value]) => ({ value, counter: new Counter({ name, help, registers }) }))
  const allocations = new Gauge({ name: 'parley_turn_allocations', help: 'Allocations now.', registers })
  const up = new Gauge({ name: 'parley_edge_up', help: '1 while STUN and TURN are served.', registers })
  const restarts = new Counter({ name: 'parley_edge_restarts_total', help: 'Edge process: restarts.', registers })

  return async () => {
    const now = edge()
    up.set(now?.state.is === 'serving' ? 1 : 0)
    restarts.reset()
    restarts.inc(now?.restarts ?? 0)
    const counters = await now?.counters()
    if (!counters) return
    allocations.set(counters.turn.allocations)
    for (const { value, counter } of rows) {
      counter.reset()
      counter.inc(value(counters) ?? 0)
    }
  }
}
