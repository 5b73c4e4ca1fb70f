import type { Topology } from '@parley/protocol'
import type { IncomingTrack, MediaPeer, MediaPlane, MediaPlaneEvents, SfuSignals } from '../room/media-plane.ts'
import { numberOf, type StatsEntry } from '../stats/counters.ts'
import type { ConnectionStatus, ParticipantState } from '../types.ts'

type PlaneEvents = Pick<MediaPlaneEvents, 'media' | 'connection' | 'quality'>

export interface RungOptions {
  readonly topology: Topology
  open(events: PlaneEvents): MediaPlane & Partial<SfuSignals>
  readonly changed: {
    media(participant: string, stream: string): void
    connection(participant: string): void
    quality(rung: Rung, participant: string, quality: ParticipantState['quality']): void
  }
}

/** One way that media takes, and what has come by it. */
export class Rung {
  readonly topology: Topology
  readonly plane: MediaPlane
  /** Where the way leads through the server. */
  readonly sfu: SfuSignals | undefined
  readonly #tracks = new Map<string, Map<string, IncomingTrack>>()
  readonly #statuses = new Map<string, ConnectionStatus>()
  #peers: readonly MediaPeer[] = []
  /** Who is reached by it since before it became the old way; undefined: everybody. */
  #only: ReadonlySet<string> | undefined
  #closed = false

  constructor({ topology, open, changed }: RungOptions) {
    this.topology = topology
    const plane = open({
      media: (participant, stream, incoming) => {
        if (this.#closed) return
        this.#keep(participant, stream, incoming)
        changed.media(participant, stream)
      },
      connection: (participant, status) => {
        if (this.#closed) return
        this.#statuses.set(participant, status)
        changed.connection(participant)
      },
      quality: (participant, quality) => changed.quality(this, participant, quality),
    })
    this.plane = plane
    this.sfu = topology === 'sfu' ? (plane as MediaPlane & SfuSignals) : undefined
  }

  get peers(): readonly MediaPeer[] {
    return this.#peers
  }

  incoming(participant: string, stream: string): IncomingTrack | undefined {
    return this.#tracks.get(participant)?.get(stream)
  }

  status(participant: string): ConnectionStatus | undefined {
    return this.#peers.some(({ id }) => id === participant) ? this.#statuses.get(participant) : undefined
  }

  setPeers(peers: readonly MediaPeer[]): void {
    const only = this.#only
    this.#peers = peers.filter(({ id, throughServer }) => {
      if (throughServer && this.topology === 'mesh') return false
      return only === undefined || only.has(id)
    })
    const here = new Set(peers.map(({ id }) => id))
    for (const id of [...this.#tracks.keys()]) if (!here.has(id)) this.#tracks.delete(id)
    for (const id of [...this.#statuses.keys()]) if (!here.has(id)) this.#statuses.delete(id)
    this.plane.setPeers(this.#peers)
  }

  /**
   * It is the old way: who is not connected by it now, or comes later, is not reached by it any more. Returns whom it gives up.
   */
  freeze(): readonly string[] {
    const known = this.#peers.map(({ id }) => id)
    const kept = known.filter(id => this.#statuses.get(id)?.status === 'connected')
    this.#only = new Set(kept)
    this.setPeers(this.#peers)
    return known.filter(id => !kept.includes(id))
  }

  /** It is the way again. */
  thaw(peers: readonly MediaPeer[]): void {
    this.#only = undefined
    this.setPeers(peers)
  }

  /** Whether every announced track of a participant that flows by `other` flows by this one too. */
  has(other: Rung, participant: string): boolean {
    const status = this.status(participant)
    if (status && status.status !== 'connected') return false
    const here = this.#tracks.get(participant)
    const there = other.#tracks.get(participant)
    const announced = this.#peers.find(({ id }) => id === participant)?.tracks ?? []
    return announced.every(({ id }) => !there?.get(id)?.flows || here?.get(id)?.flows)
  }

  /** Whether every picture of a participant that flows has been decoded at least once. */
  async shows(participant: string): Promise<boolean> {
    for (const [stream, { track, flows }] of this.#tracks.get(participant) ?? []) {
      const receiver = flows && track.kind === 'video' ? this.plane.receiver(participant, stream) : undefined
      if (receiver && !(await decodes(receiver))) return false
    }
    return true
  }

  close(): void {
    this.#closed = true
    this.plane.close()
  }

  #keep(participant: string, stream: string, incoming: IncomingTrack | undefined): void {
    const tracks = this.#tracks.get(participant) ?? new Map<string, IncomingTrack>()
    if (incoming) tracks.set(stream, incoming)
    else tracks.delete(stream)
    this.#tracks.set(participant, tracks)
  }
}

async function decodes(receiver: RTCRtpReceiver): Promise<boolean> {
  for (const [, entry] of (await receiver.getStats()) as unknown as ReadonlyMap<string, StatsEntry>) {
    if (entry.type === 'inbound-rtp' && (numberOf(entry, 'framesDecoded') ?? 0) > 0) return true
  }
  return false
}
