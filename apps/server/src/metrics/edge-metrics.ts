import type { Edge, EdgeCounters } from '@parley/edge'
import { Counter, Gauge, type Registry } from 'prom-client'

type Row = readonly [name: string, help: string, value: (counters: EdgeCounters) => number | undefined]

/** They restart at zero with the media process, which Prometheus expects of counters. */
const counts: readonly Row[] = [
  ['parley_stun_bindings_total', 'STUN binding requests answered.', ({ turn }) => turn.bindings],
  ['parley_turn_requests_total', 'STUN and TURN requests.', ({ turn }) => turn.requests],
  ['parley_turn_errors_total', 'Requests answered with an error.', ({ turn }) => turn.errors],
  [
    'parley_turn_errors_limited_total',
    'Errors left unanswered: too large for a sender that has not proved its address.',
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
  [
    'parley_turn_credentials_expired_total',
    'Requests whose credentials were over.',
    ({ turn }) => turn.credentialsExpired,
  ],
  ['parley_turn_credentials_wrong_total', 'Requests with wrong credentials.', ({ turn }) => turn.credentialsWrong],
  [
    'parley_turn_credentials_revoked_total',
    'Requests of users who were removed.',
    ({ turn }) => turn.credentialsRevoked,
  ],
  ['parley_udp_received_total', 'Datagrams received.', ({ udp }) => udp.received],
  ['parley_udp_sent_total', 'Datagrams sent.', ({ udp }) => udp.sent],
  ['parley_udp_overruns_total', 'Datagrams that the kernel dropped: nobody read in time.', ({ udp }) => udp.overruns],
  ['parley_udp_blocked_total', 'Datagrams dropped: the send buffer was full.', ({ udp }) => udp.blocked],
  [
    'parley_outside_datagrams_total',
    'STUN checks of other machines over UDP, at most one a second.',
    ({ outside }) => outside.datagrams,
  ],
  [
    'parley_outside_streams_total',
    'TURN and ICE of other machines over TCP and TLS.',
    ({ outside }) => outside.streams,
  ],
  ['parley_udp_failed_total', 'Datagrams that the kernel refused to send.', ({ udp }) => udp.failed],
]

/** What the SFU counts. */
const sfuCounts: readonly Row[] = [
  ['parley_sfu_negotiations_total', 'Offers and answers that came.', ({ sfu }) => sfu?.rooms.negotiations],
  ['parley_sfu_negotiations_refused_total', 'Of these: refused.', ({ sfu }) => sfu?.rooms.refused],
  ['parley_sfu_rtp_received_total', 'RTP packets of publishers.', ({ sfu }) => sfu?.media.rtpReceived],
  ['parley_sfu_rtp_forwarded_total', 'RTP packets sent on, to each subscriber.', ({ sfu }) => sfu?.media.rtpForwarded],
  ['parley_sfu_bytes_received_total', 'Bytes of RTP and RTCP received.', ({ sfu }) => sfu?.media.bytesReceived],
  ['parley_sfu_bytes_sent_total', 'Bytes of RTP and RTCP sent.', ({ sfu }) => sfu?.media.bytesSent],
  ['parley_sfu_nacked_total', 'Packets asked for again, of publishers.', ({ sfu }) => sfu?.media.nacked],
  ['parley_sfu_recovered_total', 'Of these: sent again by publishers.', ({ sfu }) => sfu?.media.recovered],
  ['parley_sfu_nacks_received_total', 'Packets that subscribers asked for.', ({ sfu }) => sfu?.media.nacksReceived],
  ['parley_sfu_retransmitted_total', 'Of these: sent again to subscribers.', ({ sfu }) => sfu?.media.retransmitted],
  ['parley_sfu_red_received_total', 'Packets of sound that came as RED.', ({ sfu }) => sfu?.media.redReceived],
  [
    'parley_sfu_red_recovered_total',
    'Packets of sound that were lost, and taken out of the RED of later ones.',
    ({ sfu }) => sfu?.media.recoveredByRed,
  ],
  ['parley_sfu_red_malformed_total', 'RED dropped: it cannot be read.', ({ sfu }) => sfu?.media.malformedRed],
  ['parley_sfu_red_sent_total', 'Packets of sound that were sent as RED.', ({ sfu }) => sfu?.media.redSent],
  [
    'parley_sfu_nacks_abandoned_total',
    'Packets that publishers did not send again in time.',
    ({ sfu }) => sfu?.media.abandoned,
  ],
  [
    'parley_sfu_key_frame_requests_total',
    'Key frames asked for, of publishers.',
    ({ sfu }) => sfu?.media.keyFrameRequests,
  ],
  [
    'parley_sfu_key_frame_requests_received_total',
    'Key frames that subscribers asked for.',
    ({ sfu }) => sfu?.media.keyFrameRequestsReceived,
  ],
  [
    'parley_sfu_stream_switches_total',
    'Times that a subscriber went on with another simulcast stream of a track.',
    ({ sfu }) => sfu?.media.streamSwitches,
  ],
  [
    'parley_sfu_layers_lowered_total',
    'Times that a subscriber was sent less of a picture: the link carried no more.',
    ({ sfu }) => sfu?.media.layersLowered,
  ],
  [
    'parley_sfu_layers_raised_total',
    'Times that such a subscriber was sent more of it again.',
    ({ sfu }) => sfu?.media.layersRaised,
  ],
  ['parley_sfu_probes_total', 'Packets sent to see whether a link carries more.', ({ sfu }) => sfu?.media.probes],
  ['parley_sfu_forged_total', 'Packets dropped: their tag was wrong.', ({ sfu }) => sfu?.media.forged],
  ['parley_sfu_replayed_total', 'Packets dropped: they had come before.', ({ sfu }) => sfu?.media.replayed],
  ['parley_sfu_malformed_total', 'Packets dropped: they are none.', ({ sfu }) => sfu?.media.malformed],
  [
    'parley_sfu_over_limit_total',
    'Packets dropped: more than one peer may send in a second.',
    ({ sfu }) => sfu?.media.overLimit,
  ],
  [
    'parley_sfu_too_many_ssrcs_total',
    'Packets not sent: more sources than one connection may have.',
    ({ sfu }) => sfu?.media.tooManySsrcs,
  ],
  [
    'parley_sfu_unknown_source_total',
    'RTP packets dropped: of no track that was agreed.',
    ({ sfu }) => sfu?.media.unknown,
  ],
  ['parley_sfu_early_total', 'Packets dropped: before there were keys.', ({ sfu }) => sfu?.media.early],
  ['parley_sfu_unsent_total', 'Packets not sent: nowhere to send them.', ({ sfu }) => sfu?.media.unsent],
  ['parley_sfu_piped_out_total', 'RTP packets handed to other workers.', ({ sfu }) => sfu?.media.pipedOut],
  ['parley_sfu_piped_in_total', 'RTP packets that came from other workers.', ({ sfu }) => sfu?.media.pipedIn],
  ['parley_sfu_piped_bad_total', 'Dropped between workers: it made no sense.', ({ sfu }) => sfu?.media.pipedBad],
  ['parley_sfu_malformed_rtcp_total', 'RTCP packets dropped: they are none.', ({ sfu }) => sfu?.media.malformedRtcp],
  [
    'parley_sfu_unknown_address_total',
    'Packets dropped: from an address that nobody has shown to be theirs.',
    ({ sfu }) => sfu?.media.unknownAddress,
  ],
  ['parley_sfu_checks_forged_total', 'ICE checks dropped: without the password.', ({ sfu }) => sfu?.media.checksForged],
  ['parley_sfu_consent_lost_total', 'Times that a client’s consent ended.', ({ sfu }) => sfu?.media.consentLost],
  [
    'parley_sfu_handshakes_refused_total',
    'DTLS handshakes not begun: too many at a time.',
    ({ sfu }) => sfu?.media.handshakesRefused,
  ],
  [
    'parley_sfu_handshakes_gave_way_total',
    'DTLS handshakes given up for others: stalled.',
    ({ sfu }) => sfu?.media.handshakesGaveWay,
  ],
  ['parley_sfu_handshakes_failed_total', 'DTLS handshakes that failed.', ({ sfu }) => sfu?.media.handshakesFailed],
  ['parley_sfu_ice_tcp_refused_total', 'Frames dropped: not of ICE, DTLS or RTP.', ({ sfu }) => sfu?.iceTcp.refused],
  ['parley_sfu_ice_tcp_received_total', 'Frames of ICE-TCP clients.', ({ sfu }) => sfu?.iceTcp.received],
  ['parley_sfu_ice_tcp_sent_total', 'Frames to ICE-TCP clients.', ({ sfu }) => sfu?.iceTcp.sent],
  ['parley_sfu_ice_tcp_dropped_total', 'Frames dropped: they read too slowly.', ({ sfu }) => sfu?.iceTcp.dropped],
]

/** What goes up and down. */
const levels: readonly Row[] = [
  ['parley_turn_allocations', 'Allocations now.', ({ turn }) => turn.allocations],
  ['parley_sfu_rooms', 'Rooms whose media is forwarded.', ({ sfu }) => sfu?.rooms.rooms],
  ['parley_sfu_participants', 'Seats in them.', ({ sfu }) => sfu?.rooms.participants],
  ['parley_sfu_publications', 'Tracks that are sent to the SFU.', ({ sfu }) => sfu?.rooms.publications],
  ['parley_sfu_subscriptions', 'Tracks that it sends on, by subscriber.', ({ sfu }) => sfu?.rooms.subscriptions],
  [
    'parley_sfu_undecodable',
    'Tracks that somebody wants and cannot decode, by subscriber.',
    ({ sfu }) => sfu?.rooms.unserved,
  ],
  ['parley_sfu_pipes', 'Tracks that are handed to another worker, by worker.', ({ sfu }) => sfu?.media.pipes],
  ['parley_sfu_pictures', 'Pictures that are sent, by subscriber.', ({ sfu }) => sfu?.media.pictures],
  [
    'parley_sfu_pictures_reduced',
    'Of these: worse than wanted, since the link carries no more. None is stopped for that.',
    ({ sfu }) => sfu?.media.picturesReduced,
  ],
  ['parley_sfu_pictures_waiting', 'Of these: waiting for a key frame.', ({ sfu }) => sfu?.media.picturesWaiting],
  ['parley_sfu_pictures_paused', 'Pictures that a subscriber has paused.', ({ sfu }) => sfu?.media.picturesPaused],
  ['parley_sfu_links', 'Receivers’ links that are estimated.', ({ sfu }) => sfu?.media.links],
  [
    'parley_sfu_links_estimated_bits_per_second',
    'What they are taken to carry, together.',
    ({ sfu }) => sfu?.media.estimateBps,
  ],
  [
    'parley_sfu_links_wanted_bits_per_second',
    'What everything that is of use to them would take.',
    ({ sfu }) => sfu?.media.wantedBps,
  ],
  ['parley_sfu_links_granted_bits_per_second', 'What is granted of it.', ({ sfu }) => sfu?.media.grantedBps],
  ['parley_sfu_transports_connected', 'Connections that media flows on.', ({ sfu }) => sfu?.media.connected],
  ['parley_sfu_history_bytes', 'Bytes kept to be sent again.', ({ sfu }) => sfu?.media.historyBytes],
  ['parley_sfu_ice_tcp_connections', 'Clients by ICE-TCP.', ({ sfu }) => sfu?.iceTcp.connections],
]

/** Registers what the edge counts. Each metric asks for itself when it is scraped; a scrape asks the edge once. */
export function edgeMetrics(registry: Registry, edge: () => Edge | undefined): void {
  const registers = [registry]
  const counters = shared(async () => edge()?.counters())
  for (const [name, help, value] of [...counts, ...sfuCounts]) {
    new Counter({
      name,
      help,
      registers,
      async collect() {
        const counted = await counters()
        if (counted) setTo(this, value(counted) ?? 0)
      },
    })
  }
  for (const [name, help, value] of levels) {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const counted = await counters()
        this.set((counted && value(counted)) ?? 0)
      },
    })
  }
  new Gauge({
    name: 'parley_sfu_participant_quality',
    help: 'Participants by how well their media get through, 4 (excellent) to 1, and what that is for.',
    labelNames: ['score', 'reason'],
    registers,
    async collect() {
      this.reset()
      for (const { quality, participants } of (await counters())?.sfu?.rooms.qualities ?? []) {
        this.set({ score: quality.score, reason: quality.reason ?? 'none' }, participants)
      }
    },
  })
  new Gauge({
    name: 'parley_edge_up',
    help: '1 while STUN and TURN are served.',
    registers,
    collect() {
      this.set(edge()?.state.is === 'serving' ? 1 : 0)
    },
  })
  new Counter({
    name: 'parley_edge_restarts_total',
    help: 'Edge process: restarts.',
    registers,
    collect() {
      setTo(this, edge()?.restarts ?? 0)
    },
  })
}

function setTo(counter: Counter, value: number): void {
  counter.reset()
  counter.inc(value)
}

/** Whoever asks while an answer is awaited gets the same answer. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined
  return () => {
    asked ??= ask().finally(() => {
      asked = undefined
    })
    return asked
  }
}
