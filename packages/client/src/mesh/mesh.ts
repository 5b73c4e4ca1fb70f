import type { IceServer, SignalBody } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import { AudioLevels } from '../peer-connection/audio-levels.ts'
import { rtcConfiguration } from '../peer-connection/ice-servers.ts'
import type { FrameTransforms } from '../room/frame-transforms.ts'
import type { MediaPeer, MediaPlane, MediaPlaneEvents, MediaSelf, OutgoingTrack } from '../room/media-plane.ts'
import { type Report, readPeerStats, readReport, type Sections } from '../stats/peer-stats.ts'
import type { PeerStats } from '../stats/types.ts'
import type { Unsubscribe } from '../types.ts'
import { isPolite } from './negotiation.ts'
import { Peer, type PeerGoal } from './peer.ts'

export interface MeshOptions {
  readonly self: MediaSelf
  readonly iceServers: readonly IceServer[]
  readonly iceTransportPolicy: RTCIceTransportPolicy
  readonly clock: Clock
  readonly transforms?: FrameTransforms | undefined
  readonly events: MediaPlaneEvents
}

interface Member {
  readonly peer: Peer
  /** Two meters, because each measures rates since its own last measurement. */
  readonly statsMeter: PeerMeter
  readonly qualityMeter: PeerMeter
}

const qualityMs = 2_000
const nothing: readonly OutgoingTrack[] = []

/** Media directly between people: one RTCPeerConnection for each pair. */
export class Mesh implements MediaPlane {
  readonly #options: MeshOptions
  readonly #members = new Map<string, Member>()
  readonly #levels = new AudioLevels()
  #self: MediaSelf
  #iceServers: readonly IceServer[]
  #peers: readonly MediaPeer[] = []
  #outgoingTracks: readonly OutgoingTrack[] = []
  #stopQuality: Unsubscribe
  #closed = false

  constructor(options: MeshOptions) {
    this.#options = options
    this.#self = options.self
    this.#iceServers = options.iceServers
    this.#stopQuality = options.clock.after(qualityMs, () => this.#watchQuality())
  }

  /** With another id we are another participant to everybody else, so all connections are made again. */
  setSelf(self: MediaSelf): void {
    const renamed = self.id !== this.#self.id
    this.#self = self
    if (renamed) for (const id of [...this.#members.keys()]) this.#remove(id)
    this.#update()
  }

  setPeers(peers: readonly MediaPeer[]): void {
    this.#peers = peers
    this.#update()
  }

  setOutgoingTracks(outgoingTracks: readonly OutgoingTrack[]): void {
    this.#outgoingTracks = outgoingTracks
    this.#update()
  }

  setIceServers(servers: readonly IceServer[]): void {
    if (JSON.stringify(servers) === JSON.stringify(this.#iceServers)) return
    this.#iceServers = servers
    for (const { peer } of this.#members.values()) peer.configure()
  }

  receive(from: string, body: SignalBody): void {
    this.#members.get(from)?.peer.receive(body)
  }

  networkChanged(): void {
    for (const { peer } of this.#members.values()) peer.networkChanged()
  }

  retry(): void {
    for (const { peer } of this.#members.values()) peer.retry()
  }

  receiver(participant: string, stream: string): RTCRtpReceiver | undefined {
    return this.#members.get(participant)?.peer.pair?.received.receiverOf(stream)
  }

  flows(participant: string): boolean {
    return this.#members.get(participant)?.peer.connected ?? false
  }

  async stats(): Promise<readonly PeerStats[]> {
    const members = [...this.#members.values()]
    const stats = await Promise.all(members.map(({ peer, statsMeter }) => statsMeter.measure(peer)))
    return stats.filter(peerStats => peerStats !== undefined)
  }

  async levels(microphones: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, number>> {
    const pairs = [...this.#members.values()].map(({ peer }) => peer.pair)
    return this.#levels.measure({
      self: this.#self.id,
      microphones,
      sender: pairs.map(pair => pair?.senders.sender('microphone')).find(found => found),
      receiverOf: (participant, stream) => this.receiver(participant, stream),
    })
  }

  close(): void {
    this.#closed = true
    this.#stopQuality()
    for (const { peer } of this.#members.values()) peer.close()
    this.#members.clear()
  }

  #update(): void {
    if (this.#closed) return
    const receivers = this.#peers.filter(({ subscribe }) => subscribe).length
    const ids = new Set(this.#peers.map(({ id }) => id))
    for (const id of [...this.#members.keys()]) if (!ids.has(id)) this.#remove(id)
    for (const peer of this.#peers) {
      const outgoingTracks = peer.subscribe ? this.#outgoingTracks : nothing
      const goal: PeerGoal = { peer, outgoingTracks, receivers, receive: this.#self.subscribe }
      const member = this.#members.get(peer.id)
      if (member) member.peer.setGoal(goal)
      else this.#add(goal)
    }
  }

  #add(goal: PeerGoal): void {
    const { clock, events, transforms } = this.#options
    const { id } = goal.peer
    const peer = new Peer(goal, {
      polite: isPolite(this.#self.id, id),
      clock,
      transforms,
      configuration: () => ({
        ...rtcConfiguration(this.#iceServers, this.#options.iceTransportPolicy),
        ...transforms?.configuration,
      }),
      events: {
        send: body => events.send(id, body),
        media: (stream, incoming) => events.media(id, stream, incoming),
        connection: status => events.connection(id, status),
      },
    })
    this.#members.set(id, { peer, statsMeter: new PeerMeter(), qualityMeter: new PeerMeter() })
  }

  #remove(id: string): void {
    this.#members.get(id)?.peer.close()
    this.#members.delete(id)
  }

  async #measureQuality(): Promise<void> {
    const up = [...this.#members.values()].filter(({ peer }) => peer.connected)
    const stats = await Promise.all(up.map(({ peer, qualityMeter }) => qualityMeter.measure(peer)))
    if (!this.#closed) this.#options.events.measured(stats.filter(path => path !== undefined))
  }

  #watchQuality(): void {
    this.#measureQuality()
      .catch(reportError)
      .then(() => {
        if (!this.#closed) this.#stopQuality = this.#options.clock.after(qualityMs, () => this.#watchQuality())
      })
  }
}

/** Measures the path to a peer. Keeps the last report, to compute rates. */
class PeerMeter {
  #last: Report | undefined

  /** Undefined while there is no connection. */
  async measure(peer: Peer): Promise<PeerStats | undefined> {
    const { pair, goal } = peer
    if (!pair) return undefined
    const report = await readReport(pair)
    const announced = new Map(goal.peer.tracks.map(track => [track.id, track]))
    const incoming: Sections = new Map(
      [...pair.received.bySection()].flatMap(([mid, streams]) => {
        const track = streams.map(id => announced.get(id)).find(found => found)
        return track ? [[mid, { id: track.id, source: track.source }] as const] : []
      }),
    )
    const outgoing: Sections = new Map(
      [...pair.senders.bySection()].map(([mid, { id, source }]) => [mid, { id, source }]),
    )
    const stats = readPeerStats(report, this.#last, { participant: goal.peer.id, incoming, outgoing })
    this.#last = report
    return stats
  }
}
