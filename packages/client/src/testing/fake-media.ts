import type { IceServer, MediaBody, SignalBody, Topology } from '@parley/protocol'
import type { MediaPeer, MediaSelf, OutgoingTrack, RoomMedia, RoomMediaEvents } from '../room/media-plane.ts'
import type { OpenMediaOptions } from '../session.ts'

/** A media plane that carries nothing and remembers what it was told. */
export class FakeMedia implements RoomMedia {
  readonly events: RoomMediaEvents
  self: MediaSelf
  topology: Topology
  peers: readonly MediaPeer[] = []
  outgoingTracks: readonly OutgoingTrack[] = []
  servers: readonly IceServer[]
  readonly received: { readonly from: string; readonly body: SignalBody }[] = []
  readonly flowing = new Set<string>()
  readonly negotiated: MediaBody[] = []
  reachable = true
  losses = 0
  settlements = 0
  /** Whether received frames can be decoded. */
  decoding = true
  networkChanges = 0
  closed = false

  constructor({ iceServers, self, topology, events }: OpenMediaOptions) {
    this.servers = iceServers()
    this.self = self
    this.topology = topology
    this.events = events
  }

  setTopology(topology: Topology): void {
    this.topology = topology
  }

  settled(): void {
    this.settlements++
  }

  negotiate(body: MediaBody): void {
    this.negotiated.push(body)
  }

  lost(): void {
    this.losses++
  }

  setReachable(reachable: boolean): void {
    this.reachable = reachable
  }

  setSelf(self: MediaSelf): void {
    this.self = self
  }

  setPeers(peers: readonly MediaPeer[]): void {
    this.peers = peers
  }

  setOutgoingTracks(outgoingTracks: readonly OutgoingTrack[]): void {
    this.outgoingTracks = outgoingTracks
  }

  setIceServers(servers: readonly IceServer[]): void {
    this.servers = servers
  }

  receive(from: string, body: SignalBody): void {
    this.received.push({ from, body })
  }

  networkChanged(): void {
    this.networkChanges++
  }

  retry(): void {}

  receiver(): RTCRtpReceiver | undefined {
    const entries = this.decoding ? [['v', { type: 'inbound-rtp', framesDecoded: 1 }] as const] : []
    return { getStats: async () => new Map(entries) } as unknown as RTCRtpReceiver
  }

  flows(participant: string): boolean {
    return this.flowing.has(participant)
  }

  async stats() {
    return []
  }

  async levels(microphones: ReadonlyMap<string, string>) {
    return new Map([...microphones.keys()].map(id => [id, 0.5]))
  }

  close(): void {
    this.closed = true
  }
}

/** The part of a MediaStreamTrack that the SDK uses. */
export function fakeTrack(kind: 'audio' | 'video', { enabled = true } = {}): MediaStreamTrack {
  return Object.assign(new EventTarget(), { kind, enabled, contentHint: '' }) as unknown as MediaStreamTrack
}

let streams = 0
/** Stands in for the browser's MediaStream, which Node lacks. */
export class FakeMediaStream {
  readonly id = `stream-${++streams}`
}
