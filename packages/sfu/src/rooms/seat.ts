import type { AnnouncedTrack, TrackSource } from '@parley/protocol'
import type { IceCredentials } from '../control.ts'
import type { Decoder } from './agreement.ts'
import type { Context } from './context.ts'
import type { Publication } from './publication.ts'
import { type PublishEvents, PublishSide } from './publish-side.ts'
import { SubscribeSide } from './subscribe-side.ts'
import type { Part } from './types.ts'
import type { Received, Wanted } from './wanted.ts'
import { Wishes } from './wishes.ts'

const kinds: Readonly<Record<TrackSource, 'audio' | 'video'>> = {
  camera: 'video',
  screen: 'video',
  microphone: 'audio',
  'screen-audio': 'audio',
}

/** What receives on behalf of a participant. */
export interface Receiver extends Decoder {
  /** What it wants and cannot decode. */
  readonly unserved: readonly Publication[]
  /** What is forwarded to it now. */
  readonly receiving: readonly Received[]
  /** What it is to be sent, from now on exactly this. */
  want(wanted: readonly Wanted[]): void
  republished(publication: Publication): void
  /** Of what is open now. */
  readonly connection: string | undefined
  /** The connection cannot come back. */
  lose(): void
  close(): void
}

/** Receives by WHEP. */
export interface PlayingReceiver extends Receiver {
  /** Whether it may play what this participant sends. */
  follows(participant: string): boolean
  /** New ICE credentials of the client's; returns our answer as it is now; undefined: they are not new. */
  restart(ice: IceCredentials, mayBeNew: boolean): string | undefined
}

/** A publication that others may have, as it was announced. */
export interface Announced {
  readonly publication: Publication
  readonly cname: string
}

/** A participant, in the media of a room. */
export class Seat {
  readonly id: string
  readonly context: Context
  readonly wishes = new Wishes()
  readonly publishing: PublishSide
  readonly subscribing: SubscribeSide
  /** By WHEP, in place of {@link subscribing}. */
  player: PlayingReceiver | undefined
  part: Part
  readonly #cname: string
  /** A connection of theirs has come about. */
  came = false
  /** As it was told last, in JSON. */
  toldUnserved = '[]'
  #tracks: readonly AnnouncedTrack[] = []

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

  /** Has no signalling: came by WHIP or WHEP. */
  get cameByHttp(): boolean {
    return this.player !== undefined || this.publishing.connection === 'whip'
  }

  get receiver(): Receiver {
    return this.player ?? this.subscribing
  }

  /** Whether it receives, or may come to, what this participant sends. A player counts when it has connected. */
  follows(participant: string): boolean {
    if (participant === this.id || !this.part.subscribe) return false
    return this.player === undefined || (this.came && this.player.follows(participant))
  }

  /** @returns Whether that is something else than before. */
  announce(tracks: readonly AnnouncedTrack[]): boolean {
    const changes = JSON.stringify(tracks) !== JSON.stringify(this.#tracks)
    this.#tracks = tracks
    return changes
  }

  /** What is both announced and negotiated, in the order of the announcement. */
  announced(): Announced[] {
    const publications = this.publishing.publications
    return this.#tracks.flatMap(({ id, source }) => {
      const publication = publications.find(({ track, media }) => track === id && media.kind === kinds[source])
      // A screen has its own time; camera and microphone are in sync.
      return publication ? { publication, cname: source.startsWith('screen') ? `${this.#cname}s` : this.#cname } : []
    })
  }

  close(): void {
    this.publishing.close()
    this.subscribing.close()
    this.player?.close()
  }
}
