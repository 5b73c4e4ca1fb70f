import type { IceServer, MediaBody, SignalBody, Topology } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import { randomId } from '../random-id.ts'
import type { MediaPeer, MediaPlane, MediaPlaneEvents, MediaSelf, RoomMedia, SfuSignals } from '../room/media-plane.ts'
import type { Publication } from '../room/publication.ts'
import type { PeerStats, Unsubscribe } from '../types.ts'
import { Rung } from './rung.ts'

export interface LadderOptions {
  readonly self: MediaSelf
  readonly topology: Topology
  readonly clock: Clock
  readonly events: MediaPlaneEvents
  openMesh(self: MediaSelf, events: MediaPlaneEvents): MediaPlane
  openSfu(self: MediaSelf, events: MediaPlaneEvents): MediaPlane & SfuSignals
}

/** Who has everything by the new way closes the old one after so long, even if somebody never says that they have, too; ms. */
const patienceMs = 20_000
const lookMs = 100

/**
 * Media on whichever way the room takes. A change is make-before-break: the old way stays open until everything that came
 * by it comes by the new one, here and at everybody who was reached by it.
 */
export class Ladder implements RoomMedia {
  readonly #options: LadderOptions
  readonly #id = randomId()
  #self: MediaSelf
  #now: Rung
  /** The way media took before, while it is still open. */
  #before: Rung | undefined
  #peers: readonly MediaPeer[] = []
  #publications: readonly Publication[] = []
  /** Who has everything of ours on the new way, and whom we have told so. */
  readonly #theyAreDone = new Set<string>()
  readonly #weAreDone = new Set<string>()
  #seq = 0
  #looking = false
  #stopPatience: Unsubscribe = () => {}

  constructor(options: LadderOptions) {
    this.#options = options
    this.#self = options.self
    this.#now = this.#open(options.topology)
  }

  setTopology(topology: Topology): void {
    if (topology === this.#now.topology) return
    const next = this.#before ?? this.#open(topology)
    this.#before = this.#now
    this.#now = next
    this.#theyAreDone.clear()
    this.#weAreDone.clear()
    for (const id of this.#before.freeze()) this.#tellDone(id)
    this.#fill(next)
    this.#stopPatience()
    this.#wait()
    this.#settle()
  }

  negotiate(body: MediaBody): void {
    for (const rung of this.#rungs()) rung.sfu?.negotiate(body)
  }

  lost(): void {
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
    for (const { sfu } of this.#rungs()) sfu?.setReachable(reachable)
  }

  receiver(participant: string, stream: string): RTCRtpReceiver | undefined {
    return this.#now.plane.receiver(participant, stream)
  }

  receive(from: string, body: SignalBody): void {
    if (body.signal.kind !== 'settled') {
      for (const { plane } of this.#rungs()) plane.receive(from, body)
      return
    }
    if (body.signal.topology !== this.#now.topology) return
    this.#theyAreDone.add(from)
    this.#settle()
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

  stats(): Promise<readonly PeerStats[]> {
    return this.#now.plane.stats()
  }

  async levels(microphones: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, number>> {
    const levels = await Promise.all(this.#rungs().map(({ plane }) => plane.levels(microphones)))
    return new Map(levels.reverse().flatMap(rung => [...rung]))
  }

  close(): void {
    this.#stopPatience()
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
        quality: (rung, participant, quality) => rung === this.#now && events.quality(participant, quality),
      },
    })
  }

  #fill(rung: Rung): void {
    rung.plane.setSelf(this.#self)
    rung.thaw(this.#peers)
    rung.plane.setPublications(this.#publications)
    for (const { id } of this.#peers) this.#tellConnection(id)
  }

  /** What flows comes before what only will. */
  #tellMedia(participant: string, stream: string): void {
    const ways = this.#rungs().flatMap(rung => rung.incoming(participant, stream) ?? [])
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

  /** Tells those who are reached on the old way too what is no longer needed of it; ends it when nobody needs it. */
  #settle(): void {
    const before = this.#before
    if (!before) return
    const ready = before.peers.filter(({ id }) => !this.#weAreDone.has(id) && this.#now.has(before, id))
    if (ready.length > 0 && !this.#looking) void this.#look(this.#now)
    if (before.peers.every(({ id }) => this.#weAreDone.has(id) && this.#theyAreDone.has(id))) this.#leaveBefore()
  }

  /** Packets are not pictures yet: looks until those of everybody have been decoded. */
  async #look(now: Rung): Promise<void> {
    this.#looking = true
    const seen: string[] = []
    for (const { id } of this.#before?.peers ?? []) {
      if (!this.#weAreDone.has(id) && (await now.shows(id).catch(() => false))) seen.push(id)
    }
    this.#looking = false
    const before = this.#before
    if (!before || now !== this.#now) return this.#settle()
    const done = seen.filter(id => now.has(before, id))
    for (const id of done) this.#tellDone(id)
    if (done.length > 0) this.#settle()
    else this.#options.clock.after(lookMs, () => this.#settle())
  }

  #tellDone(id: string): void {
    this.#weAreDone.add(id)
    const signal = { kind: 'settled', topology: this.#now.topology } as const
    this.#options.events.send(id, { connection: this.#id, seq: this.#seq++, signal }).catch(() => {
      this.#weAreDone.delete(id) // Their way, or ours, to the server is down: said again when something changes.
    })
  }

  /** A new way that does not come about leaves the old one open: half a room is better than none. */
  #wait(): void {
    this.#stopPatience = this.#options.clock.after(patienceMs, () => {
      if (this.#before?.peers.every(({ id }) => this.#weAreDone.has(id))) this.#leaveBefore()
      else this.#wait()
    })
  }

  #leaveBefore(): void {
    const before = this.#before
    if (!before) return
    this.#stopPatience()
    this.#before = undefined
    before.close()
    for (const { id } of this.#peers) this.#tellConnection(id)
  }
}
