import type { CarriedTrack } from '@parley/protocol'
import type { MediaPeer } from '../room/media-plane.ts'
import { type Report, readPeerStats, readReport, type Sections } from '../stats/peer-stats.ts'
import type { PeerStats, TrackStats } from '../stats/types.ts'
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

/** Measures both connections with the SFU. Keeps the last reports, to compute rates. */
export class SfuMeter {
  #published: Report | undefined
  #subscribed: Report | undefined

  /** One measurement under our own id, for what we send, and one for each participant, for what we receive from them. */
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

/** Reads the report once with the `mid` as the track's id, since tracks of two people may have the same id. */
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
