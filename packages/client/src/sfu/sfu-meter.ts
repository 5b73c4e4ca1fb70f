import type { CarriedTrack } from '@parley/protocol'
import type { MediaPeer } from '../room/media-plane.ts'
import { type Report, readPeerStats, readReport, type Sections } from '../stats/peer-stats.ts'
import type { PeerStats, TrackStats } from '../types.ts'
import type { PublishConnection } from './publish-connection.ts'
import type { SubscribeConnection } from './subscribe-connection.ts'

export interface SfuMeasured {
  readonly self: string
  readonly peers: readonly MediaPeer[]
  /** Undefined: not connected. */
  readonly publish: PublishConnection | undefined
  readonly subscribe: SubscribeConnection | undefined
}

const nothing: Sections = new Map()

/** Measures both connections with the SFU; remembers the last reports, from which rates come. */
export class SfuMeter {
  #published: Report | undefined
  #subscribed: Report | undefined

  /** What we send, under our own id; and for each other participant what we receive of theirs. */
  async measure({ self, peers, publish, subscribe }: SfuMeasured): Promise<readonly PeerStats[]> {
    const stats: PeerStats[] = []
    if (publish) {
      const report = await readReport(publish)
      const outgoing: Sections = new Map(
        [...publish.senders.bySection()].map(([mid, { id, source }]) => [mid, { id, source }]),
      )
      stats.push(readPeerStats(report, this.#published, { participant: self, outgoing, incoming: nothing }))
      this.#published = report
    }
    if (subscribe) {
      const report = await readReport(subscribe)
      stats.push(...byParticipant(report, this.#subscribed, subscribe.tracks.carried, peers))
      this.#subscribed = report
    }
    return stats
  }
}

/** Reads the report once, with the section as the track's id, since two people's tracks may have the same one. */
function byParticipant(
  report: Report,
  before: Report | undefined,
  carried: readonly CarriedTrack[],
  peers: readonly MediaPeer[],
): readonly PeerStats[] {
  const sections = new Map(carried.map(track => [track.mid, track]))
  const announced = new Map(peers.map(({ id, tracks }) => [id, tracks]))
  const incoming: Sections = new Map(
    carried.flatMap(({ mid, participant, track }) => {
      const source = announced.get(participant)?.find(({ id }) => id === track)?.source
      return source ? [[mid, { id: mid, source }] as const] : []
    }),
  )
  const whole = readPeerStats(report, before, { participant: '', incoming, outgoing: nothing })
  const tracks = new Map<string, TrackStats[]>(peers.map(({ id }) => [id, []]))
  for (const stats of whole.tracks) {
    const section = sections.get(stats.id)
    if (section) tracks.get(section.participant)?.push({ ...stats, id: section.track })
  }
  return [...tracks].map(([participant, tracks]) => ({ ...whole, participant, tracks }))
}
