import type { IceServer, MediaBody, MediaState, SignalBody, Topology } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import type {
  MediaPeer,
  MediaPlane,
  MediaPlaneEvents,
  MediaSelf,
  RoomMedia,
  RoomMediaEvents,
  SfuSignals,
} from '../room/media-plane.ts'
import type { Publication } from '../room/publication.ts'
import type { PeerStats } from '../types.ts'
import { Rung } from './rung.ts'

export interface LadderOptions {
  readonly self: MediaSelf
  readonly topology: Topology
  readonly clock: Clock
  readonly events: RoomMediaEvents
  openMesh(self: MediaSelf, events: MediaPlaneEvents): MediaPlane
  openSfu(self: MediaSelf, events: MediaPlaneEvents): MediaPlane & SfuSignals
}

const lookMs = 100

/**
 * Media on whichever way the room takes. A change is make-before-break: the old way stays open until everything that came
 * by it comes by the new one, here and at everybody else: we say so to the server, which tells us when all have.
 */
export class Ladder implements RoomMedia {
  readonly #options: LadderOptions
  #self: MediaSelf
  #now: Rung
  /** The way media took before, while it is still open. */
  #before: Rung | undefined
  #peers: readonly MediaPeer[] = []
  #publications: readonly Publication[] = []
  /** Whose media we have by the new way. */
  readonly #seen = new Set<string>()
  #looking = false
  #reachable = true
  #reported: MediaState | undefined

  constructor(options: LadderOptions) {
    this.#options = options
    this.#self = options.self
    this.#now = this.#open(options.topology)
  }

  get topology(): Topology {
    return this.#now.topology
  }

  setTopology(topology: Topology): void {
    if (topology === this.#now.topology) return
    const before = this.#now
    const next = this.#before ?? this.#open(topology)
    // Whole before it is looked at: a way that nobody is on yet would have brought everything.
    next.plane.setSelf(this.#self)
    next.thaw(this.#peers)
    next.plane.setPublications(this.#publications)
    before.freeze()
    this.#before = before
    this.#now = next
    this.#lookAnew()
    this.#tellAll()
  }

  settled(): void {
    const before = this.#before
    if (!before) return
    this.#before = undefined
    before.close()
    this.#tellAll()
  }

  negotiate(body: MediaBody): void {
    for (const rung of this.#rungs()) rung.sfu?.negotiate(body)
  }

  lost(): void {
    this.#lookAnew()
    for (const rung of this.#rungs()) rung.sfu?.lost()
  }

  setSelf(self: MediaSelf): void {
    this.#self = self
    for (const { plane } of this.#rungs()) plane.setSelf(self)
  }

  setPeers(peers: readonly MediaPeer[]): void {
    this.#peers = peers
    for (const rung of this.#rungs()) rung.setPeers(peers)
    this.#settle()
  }

  setPublications(publications: readonly Publication[]): void {
    this.#publications = publications
    for (const { plane } of this.#rungs()) plane.setPublications(publications)
  }

  setIceServers(servers: readonly IceServer[]): void {
    for (const { plane } of this.#rungs()) plane.setIceServers(servers)
  }

  setReachable(reachable: boolean): void {
    this.#reachable = reachable
    for (const { sfu } of this.#rungs()) sfu?.setReachable(reachable)
  }

  receiver(participant: string, stream: string): RTCRtpReceiver | undefined {
    return this.#now.plane.receiver(participant, stream)
  }

  receive(from: string, body: SignalBody): void {
    for (const { plane } of this.#rungs()) plane.receive(from, body)
  }

  networkChanged(): void {
    for (const { plane } of this.#rungs()) plane.networkChanged()
  }

  retry(): void {
    for (const { plane } of this.#rungs()) plane.retry()
  }

  flows(participant: string): boolean {
    return this.#rungs().some(({ plane }) => plane.flows(participant))
  }

  /** Of the way through the server, while it is open. */
  stats(): Promise<readonly PeerStats[]> {
    const through = this.#rungs().find(({ sfu }) => sfu) ?? this.#now
    return through.plane.stats()
  }

  async levels(microphones: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, number>> {
    const levels = await Promise.all(this.#rungs().map(({ plane }) => plane.levels(microphones)))
    return new Map(levels.reverse().flatMap(rung => [...rung]))
  }

  close(): void {
    this.#reachable = false
    for (const rung of this.#rungs()) rung.close()
  }

  #rungs(): readonly Rung[] {
    return this.#before ? [this.#now, this.#before] : [this.#now]
  }

  #open(topology: Topology): Rung {
    const { openMesh, openSfu, events } = this.#options
    return new Rung({
      topology,
      open: planeEvents =>
        topology === 'sfu'
          ? openSfu(this.#self, { ...events, ...planeEvents })
          : openMesh(this.#self, { ...events, ...planeEvents }),
      changed: {
        media: (participant, stream) => this.#tellMedia(participant, stream),
        connection: participant => this.#tellConnection(participant),
        measured: (rung, stats) => rung === this.#now && events.measured(stats),
      },
    })
  }

  #tellAll(): void {
    for (const { id, tracks } of this.#peers) {
      for (const track of tracks) this.#tellMedia(id, track.id)
      this.#tellConnection(id)
    }
    this.#settle()
  }

  /** What flows comes before what only will, and until the new way has brought all of somebody's pictures, the old one. */
  #tellMedia(participant: string, stream: string): void {
    const rungs = this.#seen.has(participant) ? this.#rungs() : [...this.#rungs()].reverse()
    const ways = rungs.flatMap(rung => rung.incoming(participant, stream) ?? [])
    this.#options.events.media(participant, stream, ways.find(({ flows }) => flows) ?? ways[0])
    this.#settle()
  }

  /** While one of two ways is up, the person is connected. */
  #tellConnection(participant: string): void {
    const statuses = this.#rungs().flatMap(rung => rung.status(participant) ?? [])
    const status = statuses.find(({ status }) => status === 'connected') ?? statuses[0]
    if (status) this.#options.events.connection(participant, status)
    this.#settle()
  }

  /** Looks whether the new way has brought everything, and reports what has become of it. */
  #settle(): void {
    const before = this.#before
    const missing = before ? this.#now.peers.filter(({ id }) => !this.#seen.has(id)) : []
    if (before && !this.#looking && missing.some(({ id }) => this.#now.has(before, id)))
      void this.#look(this.#now, before)
    if (this.#now.failed) this.#report('failed')
    else if (before && missing.length === 0) this.#report('settled')
    else this.#reported = undefined
  }

  /** Packets are not pictures yet: looks until those of everybody have been decoded. */
  async #look(now: Rung, before: Rung): Promise<void> {
    this.#looking = true
    const seen: string[] = []
    for (const { id } of now.peers) {
      if (!this.#seen.has(id) && (await now.shows(id).catch(() => false))) seen.push(id)
    }
    this.#looking = false
    const news = now === this.#now ? seen.filter(id => now.has(before, id)) : []
    for (const id of news) this.#seen.add(id)
    if (news.length > 0) this.#tellAll()
    else this.#options.clock.after(lookMs, () => this.#settle())
  }

  #lookAnew(): void {
    this.#seen.clear()
    this.#reported = undefined
  }

  /** Says it once; what could not be said is said again when something changes. */
  #report(state: MediaState): void {
    if (state === this.#reported || !this.#reachable) return
    this.#reported = state
    this.#options.events.report(this.#now.topology, state).catch(() => {
      this.#reported = undefined
    })
  }
}
