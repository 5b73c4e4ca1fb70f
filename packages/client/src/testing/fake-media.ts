import type { IceServer, SignalBody } from '@parley/protocol'
import type { MediaPeer, MediaPlane, MediaPlaneEvents, MediaSelf } from '../room/media-plane.ts'
import type { Publication } from '../room/publication.ts'

/** A media plane that carries nothing and remembers what it was told. */
export class FakeMedia implements MediaPlane {
  readonly events: MediaPlaneEvents
  self: MediaSelf
  peers: readonly MediaPeer[] = []
  publications: readonly Publication[] = []
  servers: readonly IceServer[]
  readonly received: { readonly from: string; readonly body: SignalBody }[] = []
  readonly flowing = new Set<string>()
  networkChanges = 0
  closed = false

  constructor(servers: readonly IceServer[], self: MediaSelf, events: MediaPlaneEvents) {
    this.servers = servers
    this.self = self
    this.events = events
  }

  setSelf(self: MediaSelf): void {
    this.self = self
  }

  setPeers(peers: readonly MediaPeer[]): void {
    this.peers = peers
  }

  setPublications(publications: readonly Publication[]): void {
    this.publications = publications
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

/** As much of a MediaStreamTrack as the SDK touches. */
export function fakeTrack(kind: 'audio' | 'video', { enabled = true } = {}): MediaStreamTrack {
  return Object.assign(new EventTarget(), { kind, enabled, contentHint: '' }) as unknown as MediaStreamTrack
}

let streams = 0
/** Stands in for the browser's, which Node lacks. */
export class FakeMediaStream {
  readonly id = `stream-${++streams}`
}
