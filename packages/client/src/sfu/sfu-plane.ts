import type { IceServer, MediaBody, SignalBody, UnsentTrack, UnservedTrack } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import { ParleyError } from '../error.ts'
import { AudioLevels } from '../peer-connection/audio-levels.ts'
import { besideSfu, rtcConfiguration } from '../peer-connection/ice-servers.ts'
import type { NoPath } from '../peer-connection/recovery.ts'
import type { FrameTransforms } from '../room/frame-transforms.ts'
import type {
  MediaPeer,
  MediaPlane,
  MediaPlaneEvents,
  MediaSelf,
  OutgoingTrack,
  SfuSignals,
} from '../room/media-plane.ts'
import type { PeerStats } from '../stats/types.ts'
import type { ConnectionStatus, Unsubscribe } from '../types.ts'
import { PublishConnection } from './publish-connection.ts'
import { SfuMeter } from './sfu-meter.ts'
import { type SfuConnectionEvents, SfuTransport } from './sfu-transport.ts'
import { SubscribeConnection } from './subscribe-connection.ts'

export interface SfuPlaneOptions {
  readonly self: MediaSelf
  readonly iceServers: readonly IceServer[]
  readonly iceTransportPolicy: RTCIceTransportPolicy
  readonly clock: Clock
  readonly transforms?: FrameTransforms | undefined
  readonly events: MediaPlaneEvents
}

const qualityMs = 2_000
const connected: ConnectionStatus = { status: 'connected' }

/** From the best to the worst. */
const severity: readonly ConnectionStatus['status'][] = ['connected', 'connecting', 'reconnecting', 'failed']

/** Media through the SFU: one connection for what we send, one for what we receive. */
export class SfuPlane implements MediaPlane, SfuSignals {
  readonly #options: SfuPlaneOptions
  readonly #publish: SfuTransport<PublishConnection>
  readonly #subscribe: SfuTransport<SubscribeConnection>
  readonly #levels = new AudioLevels()
  readonly #statsMeter = new SfuMeter()
  readonly #qualityMeter = new SfuMeter()
  #self: MediaSelf
  #iceServers: readonly IceServer[]
  #peers: readonly MediaPeer[] = []
  #outgoingTracks: readonly OutgoingTrack[] = []
  #publishStatus = connected
  #subscribeStatus = connected
  /** The server's subscribe connection, and the last signal that came for it. */
  #heard: { connection: string; seq: number } | undefined
  #stopQuality: Unsubscribe
  /** Whether we have reported tracks that cannot be decoded. */
  /** Whether some tracks of others were told to be so. */
  readonly #told = { undecodable: false, unsent: false }
  #closed = false

  constructor(options: SfuPlaneOptions) {
    this.#options = options
    this.#self = options.self
    this.#iceServers = options.iceServers
    const { clock } = options
    this.#publish = new SfuTransport({
      clock,
      open: events => this.#openPublish(events),
      replace: () => this.#republish(),
      status: status => {
        this.#publishStatus = status
        this.#tell()
      },
      noPath: () => noPath,
    })
    this.#subscribe = new SfuTransport({
      clock,
      open: events => this.#openSubscribe(events),
      replace: () => this.#subscribe.connection?.giveUp(),
      status: status => {
        this.#subscribeStatus = status
        this.#tell()
      },
      noPath: () => noPath,
    })
    this.#stopQuality = clock.after(qualityMs, () => this.#watchQuality())
  }

  setSelf(self: MediaSelf): void {
    this.#self = self
  }

  setPeers(peers: readonly MediaPeer[]): void {
    this.#peers = peers
    this.#update()
    this.#tell()
  }

  setOutgoingTracks(outgoingTracks: readonly OutgoingTrack[]): void {
    this.#outgoingTracks = outgoingTracks
    this.#update()
  }

  setIceServers(servers: readonly IceServer[]): void {
    if (JSON.stringify(servers) === JSON.stringify(this.#iceServers)) return
    this.#iceServers = servers
    for (const transport of [this.#publish, this.#subscribe]) {
      try {
        transport.connection?.configure(this.#configuration())
      } catch (error) {
        transport.broken(`The browser does not accept the ICE servers: ${String(error)}`)
      }
    }
  }

  setReachable(reachable: boolean): void {
    this.#publish.reachable(reachable)
    this.#subscribe.reachable(reachable)
  }

  /** With an SFU, peers do not signal to each other. */
  receive(_from: string, _body: SignalBody): void {}

  negotiate({ side, connection, seq, signal }: MediaBody): void {
    if (this.#closed) return
    if (signal.kind === 'unserved') {
      this.#tellUndecodable(signal.tracks)
      return
    }
    if (signal.kind === 'unsent') {
      this.#tellUnsent(signal.tracks)
      return
    }
    if (side === 'publish') {
      const publish = this.#publish.connection
      if (publish?.id !== connection) return
      if (signal.kind === 'close') this.#republish()
      else publish.receive(signal)
      return
    }
    if (this.#heard?.connection === connection && seq <= this.#heard.seq) return
    const isNew = this.#heard?.connection !== connection
    if (isNew && !(signal.kind === 'description' && signal.description.type === 'offer')) return
    this.#heard = { connection, seq }
    if (isNew) this.#subscribe.open()
    if (signal.kind === 'refused') this.#subscribe.connection?.refused(signal.reason)
    if (signal.kind === 'close') this.#closeSubscribe()
    if (signal.kind === 'description') {
      this.#subscribe.connection?.receiveOffer(signal.description, signal.tracks ?? [], seq)
    }
  }

  /** The server has forgotten our connections: it will offer again, and so do we. */
  lost(): void {
    this.#tellUndecodable([])
    this.#tellUnsent([])
    this.#heard = undefined
    this.#closeSubscribe()
    this.#closePublish()
    this.#update()
  }

  networkChanged(): void {
    this.#publish.tryNow()
    this.#subscribe.tryNow()
  }

  retry(): void {
    if (!this.#publish.connected) this.#publish.tryNow()
    if (!this.#subscribe.connected) this.#subscribe.tryNow()
  }

  receiver(participant: string, track: string): RTCRtpReceiver | undefined {
    return this.#subscribe.connection?.tracks.receiverOf(participant, track)
  }

  flows(participant: string): boolean {
    const carried = this.#subscribe.connection?.tracks.carried ?? []
    return this.#subscribe.connected && carried.some(track => track.participant === participant)
  }

  stats(): Promise<readonly PeerStats[]> {
    return this.#measure(this.#statsMeter)
  }

  levels(microphones: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, number>> {
    return this.#levels.measure({
      self: this.#self.id,
      microphones,
      sender: this.#publish.connection?.senders.sender('microphone'),
      receiverOf: (participant, track) => this.receiver(participant, track),
    })
  }

  close(): void {
    this.#tellUndecodable([])
    this.#tellUnsent([])
    this.#closed = true
    this.#stopQuality()
    this.#publish.close()
    this.#subscribe.close()
  }

  #tellUndecodable(tracks: readonly UnservedTrack[]): void {
    if (tracks.length === 0 && !this.#told.undecodable) return
    this.#told.undecodable = tracks.length > 0
    this.#options.events.undecodable(tracks)
  }

  #tellUnsent(tracks: readonly UnsentTrack[]): void {
    if (tracks.length === 0 && !this.#told.unsent) return
    this.#told.unsent = tracks.length > 0
    this.#options.events.unsent(tracks)
  }

  #update(): void {
    if (this.#closed) return
    if (!this.#publish.connection && this.#outgoingTracks.length > 0) this.#publish.open()
    this.#publish.connection?.publish(this.#outgoingTracks, this.#sharers())
  }

  /** One encoding goes to everybody: the more people send, the smaller a share of everybody's downlink each may use. */
  #sharers(): number {
    return Math.max(1, Math.ceil(this.#peers.filter(({ tracks }) => tracks.length > 0).length / 2))
  }

  #openPublish(events: SfuConnectionEvents): PublishConnection {
    return new PublishConnection({
      configuration: this.#configuration(),
      clock: this.#options.clock,
      transforms: this.#options.transforms,
      events,
      send: body => this.#send(body, events, () => this.#closePublish()),
    })
  }

  #republish(): void {
    this.#publish.open()
    this.#update()
  }

  #openSubscribe(events: SfuConnectionEvents): SubscribeConnection {
    return new SubscribeConnection({
      id: this.#heard?.connection ?? '',
      configuration: this.#configuration(),
      transforms: this.#options.transforms,
      events,
      send: body => this.#send(body, events, () => this.#closeSubscribe()),
      media: this.#options.events.media,
    })
  }

  #closePublish(): void {
    this.#publish.close()
    this.#publishStatus = connected
    this.#tell()
  }

  #closeSubscribe(): void {
    this.#subscribe.close()
    this.#subscribeStatus = connected
    this.#tell()
  }

  /** @param end Closes the connection, if the server refuses it for good. */
  #send(body: MediaBody, events: SfuConnectionEvents, end: () => void): void {
    this.#options.events.negotiate(body).catch(error => {
      if (this.#closed) return
      if (!(error instanceof ParleyError && final.has(error.code))) events.broken(messageOf(error))
      else if (this.#isCurrent(body)) end()
    })
  }

  #isCurrent({ side, connection }: MediaBody): boolean {
    return (side === 'publish' ? this.#publish : this.#subscribe).connection?.id === connection
  }

  #configuration(): RTCConfiguration {
    const { iceTransportPolicy, transforms } = this.#options
    return {
      ...rtcConfiguration(besideSfu(this.#iceServers, iceTransportPolicy), iceTransportPolicy),
      ...transforms?.configuration,
    }
  }

  /** The path is the same to everybody: its state is that of the worse of our two connections. */
  #tell(): void {
    if (this.#closed) return
    const status = worse(this.#publishStatus, this.#subscribeStatus)
    for (const { id } of this.#peers) this.#options.events.connection(id, status)
  }

  #measure(meter: SfuMeter): Promise<readonly PeerStats[]> {
    return meter.measure({
      self: this.#self.id,
      peers: this.#peers,
      publish: this.#publish.connected ? this.#publish.connection : undefined,
      subscribe: this.#subscribe.connected ? this.#subscribe.connection : undefined,
    })
  }

  async #measureQuality(): Promise<void> {
    const stats = await this.#measure(this.#qualityMeter)
    if (!this.#closed) this.#options.events.measured(stats)
  }

  #watchQuality(): void {
    this.#measureQuality()
      .catch(reportError)
      .then(() => {
        if (!this.#closed) this.#stopQuality = this.#options.clock.after(qualityMs, () => this.#watchQuality())
      })
  }
}

const noPath: NoPath = {
  code: 'server-unreachable',
  reason: 'The media port of the server cannot be reached, neither directly nor through a relay (TURN).',
}

/** Errors after which trying again is useless: we have no seat at the SFU, or no right to it. */
const final: ReadonlySet<string> = new Set(['no-sfu', 'not-in-room', 'not-allowed', 'closed'])

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function worse(a: ConnectionStatus, b: ConnectionStatus): ConnectionStatus {
  return severity.indexOf(a.status) >= severity.indexOf(b.status) ? a : b
}
