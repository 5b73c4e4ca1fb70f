import type { Topology } from '@parley/protocol'
import type { IncomingTrack, MediaPeer, MediaPlane, MediaPlaneEvents, SfuSignals } from '../room/media-plane.ts'
import { numberOf, type StatsEntry } from '../stats/counters.ts'
import type { PeerStats } from '../stats/types.ts'
import type { ConnectionStatus } from '../types.ts'

type PlaneEvents = Pick<MediaPlaneEvents, 'media' | 'connection' | 'measured'>

export interface ObservedPlaneOptions {
  readonly topology: Topology
  open(events: PlaneEvents): MediaPlane & Partial<SfuSignals>
  readonly changed: {
    media(participant: string, stream: string): void
    connection(participant: string): void
    measured(observed: ObservedPlane, stats: readonly PeerStats[]): void
  }
}

/** A media plane of the ladder, and what has come through it so far. */
export class ObservedPlane {
  readonly topology: Topology
  readonly plane: MediaPlane
  /** The same plane's signals from the SFU, if its media goes through the SFU. */
  readonly sfu: SfuSignals | undefined
  readonly #tracks = new Map<string, Map<string, IncomingTrack>>()
  readonly #statuses = new Map<string, ConnectionStatus>()
  #peers: readonly MediaPeer[] = []
  /** Set when the plane is frozen: the only peers that it still serves. Undefined: it serves everybody. */
  #only: ReadonlySet<string> | undefined
  #closed = false

  constructor({ topology, open, changed }: ObservedPlaneOptions) {
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
      measured: stats => changed.measured(this, stats),
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

  /** The room has left this topology: whoever is not connected through it now, or comes later, is not served any more. */
  freeze(): void {
    const connected = this.#peers.filter(({ id }) => this.#statuses.get(id)?.status === 'connected')
    this.#only = new Set(connected.map(({ id }) => id))
    this.setPeers(connected)
  }

  /** The room is back on this topology. */
  thaw(peers: readonly MediaPeer[]): void {
    this.#only = undefined
    this.setPeers(peers)
  }

  /** Somebody whom signals reach has no media path. */
  get failed(): boolean {
    return this.#peers.some(({ id, reachable }) => reachable && this.#statuses.get(id)?.status === 'failed')
  }

  /** Whether every track of a participant that flows through `other` flows through this plane too. */
  has(other: ObservedPlane, participant: string): boolean {
    const status = this.status(participant)
    if (status && status.status !== 'connected') return false
    return this.#sent(participant).every(
      id => !other.incoming(participant, id)?.flows || this.incoming(participant, id)?.flows,
    )
  }

  /** Whether at least one frame of every video track that a participant sends and that flows has been decoded, if any can be. */
  async shows(participant: string): Promise<boolean> {
    if (this.#peers.find(({ id }) => id === participant)?.unreadable) return true
    for (const id of this.#sent(participant)) {
      const incoming = this.incoming(participant, id)
      if (!incoming?.flows || incoming.track.kind !== 'video') continue
      const receiver = this.plane.receiver(participant, id)
      if (receiver && !(await decodes(receiver))) return false
    }
    return true
  }

  close(): void {
    this.#closed = true
    this.plane.close()
  }

  /** The tracks that media can be expected of: not those that are muted, or that we do not want from the SFU. */
  #sent(participant: string): readonly string[] {
    const peer = this.#peers.find(({ id }) => id === participant)
    return peer?.tracks.flatMap(({ id, muted }) => (muted || peer.unwanted.has(id) ? [] : id)) ?? []
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
