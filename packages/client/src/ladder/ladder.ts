import type { IceServer, MediaBody, MediaState, SignalBody, Topology } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import type {
  MediaPeer,
  MediaPlane,
  MediaPlaneEvents,
  MediaSelf,
  OutgoingTrack,
  RoomMedia,
  RoomMediaEvents,
  SfuSignals,
} from '../room/media-plane.ts'
import type { PeerStats } from '../stats/types.ts'
import { ObservedPlane } from './observed-plane.ts'

export interface LadderOptions {
  readonly self: MediaSelf
  readonly topology: Topology
  readonly clock: Clock
  readonly events: RoomMediaEvents
  openMesh(self: MediaSelf, events: MediaPlaneEvents): MediaPlane
  openSfu(self: MediaSelf, events: MediaPlaneEvents): MediaPlane & SfuSignals
}

/** How often pictures are looked for while the topology changes. */
const lookMs = 100

/**
 * The media of a room, by whichever topology the room has now. Changing it is make-before-break: the old plane stays open
 * until everything that came through it comes through the new one, here and at everybody else. We tell the server when that
 * is so for us, and it tells us when it is so for all.
 */
export class Ladder implements RoomMedia {
  readonly #options: LadderOptions
  #self: MediaSelf
  #now: ObservedPlane
  /** The plane of the topology before, while it is still open. */
  #before: ObservedPlane | undefined
  #peers: readonly MediaPeer[] = []
  #outgoingTracks: readonly OutgoingTrack[] = []
  /** Participants whose media we already have through the new plane. */
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
    // It must know everybody before it is looked at: a plane without peers would seem to have brought everything.
    next.plane.setSelf(this.#self)
    next.thaw(this.#peers)
    next.plane.setOutgoingTracks(this.#outgoingTracks)
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
    for (const observed of this.#planes()) observed.sfu?.negotiate(body)
  }

  lost(): void {
    this.#lookAnew()
    for (const observed of this.#planes()) observed.sfu?.lost()
  }

  setSelf(self: MediaSelf): void {
    this.#self = self
    for (const { plane } of this.#planes()) plane.setSelf(self)
  }

  setPeers(peers: readonly MediaPeer[]): void {
    this.#peers = peers
    for (const observed of this.#planes()) observed.setPeers(peers)
    this.#settle()
  }

  setOutgoingTracks(outgoingTracks: readonly OutgoingTrack[]): void {
    this.#outgoingTracks = outgoingTracks
    for (const { plane } of this.#planes()) plane.setOutgoingTracks(outgoingTracks)
  }

  setIceServers(servers: readonly IceServer[]): void {
    for (const { plane } of this.#planes()) plane.setIceServers(servers)
  }

  setReachable(reachable: boolean): void {
    this.#reachable = reachable
    for (const { sfu } of this.#planes()) sfu?.setReachable(reachable)
  }

  receiver(participant: string, stream: string): RTCRtpReceiver | undefined {
    return this.#now.plane.receiver(participant, stream)
  }

  receive(from: string, body: SignalBody): void {
    for (const { plane } of this.#planes()) plane.receive(from, body)
  }

  networkChanged(): void {
    for (const { plane } of this.#planes()) plane.networkChanged()
  }

  retry(): void {
    for (const { plane } of this.#planes()) plane.retry()
  }

  flows(participant: string): boolean {
    return this.#planes().some(({ plane }) => plane.flows(participant))
  }

  /** Those of the plane through the server, while it is open. */
  stats(): Promise<readonly PeerStats[]> {
    const through = this.#planes().find(({ sfu }) => sfu) ?? this.#now
    return through.plane.stats()
  }

  async levels(microphones: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, number>> {
    const levels = await Promise.all(this.#planes().map(({ plane }) => plane.levels(microphones)))
    return new Map(levels.reverse().flatMap(measured => [...measured]))
  }

  close(): void {
    this.#reachable = false
    for (const observed of this.#planes()) observed.close()
  }

  #planes(): readonly ObservedPlane[] {
    return this.#before ? [this.#now, this.#before] : [this.#now]
  }

  #open(topology: Topology): ObservedPlane {
    const { openMesh, openSfu, events } = this.#options
    return new ObservedPlane({
      topology,
      open: planeEvents =>
        topology === 'sfu'
          ? openSfu(this.#self, { ...events, ...planeEvents })
          : openMesh(this.#self, { ...events, ...planeEvents }),
      changed: {
        media: (participant, stream) => this.#tellMedia(participant, stream),
        connection: participant => this.#tellConnection(participant),
        measured: (observed, stats) => observed === this.#now && events.measured(stats),
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

  /**
   * Of two tracks for one stream, shows the one that flows already; if both do, the old plane's until the new one has brought
   * all of that participant's pictures.
   */
  #tellMedia(participant: string, stream: string): void {
    const planes = this.#seen.has(participant) ? this.#planes() : [...this.#planes()].reverse()
    const tracks = planes.flatMap(observed => observed.incoming(participant, stream) ?? [])
    this.#options.events.media(participant, stream, tracks.find(({ flows }) => flows) ?? tracks[0])
    this.#settle()
  }

  /** A participant is connected while one of the two planes reaches them. */
  #tellConnection(participant: string): void {
    const statuses = this.#planes().flatMap(observed => observed.status(participant) ?? [])
    const status = statuses.find(({ status }) => status === 'connected') ?? statuses[0]
    if (status) this.#options.events.connection(participant, status)
    this.#settle()
  }

  /** Checks whether the new plane has brought everything, and reports what has become of it. */
  #settle(): void {
    const before = this.#before
    const missing = before ? this.#now.peers.filter(({ id }) => !this.#seen.has(id)) : []
    if (before && !this.#looking && missing.some(({ id }) => this.#now.has(before, id)))
      void this.#look(this.#now, before)
    if (this.#now.failed) this.#report('failed')
    else if (before && missing.length === 0) this.#report('settled')
    else this.#reported = undefined
  }

  /** Packets are not pictures yet: checks until everybody's pictures have been decoded. */
  async #look(now: ObservedPlane, before: ObservedPlane): Promise<void> {
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

  /** Reports a state once; a report that failed is sent again when something changes. */
  #report(state: MediaState): void {
    if (state === this.#reported || !this.#reachable) return
    this.#reported = state
    this.#options.events.report(this.#now.topology, state).catch(() => {
      this.#reported = undefined
    })
  }
}
