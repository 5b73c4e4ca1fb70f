import type { AnnouncedTrack, NetworkQuality, TrackSource } from '@parley/protocol'
import type { IceCredentials } from '../control.ts'
import type { Side } from '../sdp/codecs.ts'
import type { Decoder } from './agreement.ts'
import type { Context } from './context.ts'
import type { NegotiatedTrack, Received, Wanted } from './negotiated-track.ts'
import { type PublishEvents, PublishSide } from './publish-side.ts'
import { SubscribeSide } from './subscribe-side.ts'
import type { Part } from './types.ts'
import { Wishes } from './wishes.ts'

const kinds: Readonly<Record<TrackSource, 'audio' | 'video'>> = {
  camera: 'video',
  screen: 'video',
  microphone: 'audio',
  'screen-audio': 'audio',
}

/** What receives on behalf of a participant: a subscribe connection, or a WHEP player. */
export interface Receiver extends Decoder {
  /** What it wants but cannot decode. */
  readonly unserved: readonly NegotiatedTrack[]
  /** What is forwarded to it now. */
  readonly receiving: readonly Received[]
  /** Sets what it is to be sent: from now on exactly this. */
  want(wanted: readonly Wanted[]): void
  republished(publication: NegotiatedTrack): void
  /** The name of the connection that is open now. */
  readonly connection: string | undefined
  /** The connection is lost, and cannot come back. */
  lose(): void
  close(): void
}

/** A receiver by WHEP. */
export interface PlayingReceiver extends Receiver {
  /** Whether it may play what this participant sends. */
  follows(participant: string): boolean
  /** Takes new ICE credentials of the client. Returns our answer as it is then; undefined if they are not new. */
  restart(ice: IceCredentials, mayBeNew: boolean): string | undefined
}

/** A publication that others may receive, and how it was announced. */
export interface Announced {
  readonly publication: NegotiatedTrack
  readonly source: TrackSource
  readonly cname: string
  readonly encrypted: boolean
}

/** A participant in the media of a room: what they send, receive, announce and want. */
export class Seat {
  readonly id: string
  readonly context: Context
  readonly wishes = new Wishes()
  readonly publishing: PublishSide
  readonly subscribing: SubscribeSide
  /** The player of somebody who receives by WHEP, in place of {@link subscribing}. */
  player: PlayingReceiver | undefined
  part: Part
  readonly #cname: string
  /** One of their connections has been established. */
  came = false
  /** As it was told last, in JSON. */
  toldUnserved = '[]'
  #tracks: readonly AnnouncedTrack[] = []
  /** Of each of their connections. */
  readonly #qualities: { [S in Side]?: NetworkQuality | undefined } = {}

  constructor(context: Context, part: Part, events: Omit<PublishEvents, 'listed'>) {
    this.id = context.participant
    this.context = context
    this.part = part
    this.#cname = context.secrets.name()
    this.subscribing = new SubscribeSide(context)
    const { abilities } = this.subscribing
    this.publishing = new PublishSide(context, {
      ...events,
      listed: (kind, codecs) => abilities.listed(kind, codecs),
    })
  }

  /** Whether they came by WHIP or WHEP, and so have no signalling. */
  get cameByHttp(): boolean {
    return this.player !== undefined || this.publishing.connection === 'whip'
  }

  /** Where their connections are. */
  get worker(): number {
    return this.context.worker
  }

  /** How many tracks they have announced. */
  get tracksSent(): number {
    return this.#tracks.length
  }

  get receiver(): Receiver {
    return this.player ?? this.subscribing
  }

  /** Whether they receive, or may come to receive, what a participant sends. A player counts once it has connected. */
  follows(participant: string): boolean {
    if (participant === this.id || !this.part.subscribe) return false
    return this.player === undefined || (this.came && this.player.follows(participant))
  }

  /** @returns Whether that is something else than before. */
  announce(tracks: readonly AnnouncedTrack[]): boolean {
    const changes = JSON.stringify(tracks) !== JSON.stringify(this.#tracks)
    this.#tracks = tracks
    this.publishing.encrypted = tracks.some(({ encrypted }) => encrypted)
    return changes
  }

  /** The tracks that are both announced and negotiated, in the order in which they were announced. */
  announced(): Announced[] {
    const publications = this.publishing.publications
    return this.#tracks.flatMap(({ id, source, encrypted = false }) => {
      const publication = publications.find(({ track, media }) => track === id && media.kind === kinds[source])
      // Camera and microphone are played in sync; a screen is not synchronised with them.
      const cname = source.startsWith('screen') ? `${this.#cname}s` : this.#cname
      return publication ? { publication, source, cname, encrypted } : []
    })
  }

  /** How well media get through on one of their connections; undefined: it is closed. */
  judge(side: Side, quality: NetworkQuality | undefined): void {
    this.#qualities[side] = quality
  }

  /** That of the worse of their connections; undefined: neither was measured. */
  get quality(): NetworkQuality | undefined {
    const { publish, subscribe } = this.#qualities
    return publish && subscribe ? (publish.score < subscribe.score ? publish : subscribe) : (publish ?? subscribe)
  }

  close(): void {
    this.publishing.close()
    this.subscribing.close()
    this.player?.close()
  }
}
