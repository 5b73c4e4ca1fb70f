import { type IceCredentials, type SubscribedMedia, wantAll } from '../control.ts'
import { AnsweredLink } from '../rooms/answered-link.ts'
import { type Agreed, Answerer } from '../rooms/answerer.ts'
import type { Context } from '../rooms/context.ts'
import { describeSources } from '../rooms/describe-offer.ts'
import { forward, type Receiving, same } from '../rooms/forwarding.ts'
import type { NegotiatedTrack, Received, Wanted } from '../rooms/negotiated-track.ts'
import type { PlayingReceiver } from '../rooms/seat.ts'
import { decodes, withoutRedundancy } from '../sdp/codecs.ts'
import { type Codec, isRtp, type RtpSection, type Section } from '../sdp/model.ts'
import { NegotiationError } from '../sdp/negotiation-error.ts'
import { parseDescription } from '../sdp/parse.ts'

interface Playing {
  readonly publication: NegotiatedTrack
  readonly subscription: number
  readonly encrypted: boolean
  /** What the slot receives, with the sources of this publication. */
  readonly receiving: Receiving
  media: SubscribedMedia
}

interface Slot {
  readonly kind: 'audio' | 'video'
  readonly receiving: Receiving
  /** Its sources have been used. A source is never used twice, because its sequence numbers would start again under the same key. */
  used: boolean
  playing: Playing | undefined
}

/**
 * Plays one picture and one sound of a room, for a client that offers only once (WHEP). What is played may start later, end and be
 * replaced, all without negotiating. A track from which nothing arrives is replaced by one that flows.
 */
export class Player implements PlayingReceiver {
  readonly #context: Context
  readonly #of: string | undefined
  readonly #answerer: Answerer
  readonly #link: AnsweredLink
  readonly #ssrcs = new Set<number>()
  #slots: Slot[] = []
  #wanted: readonly Wanted[] = []

  /** @param of The participant to play. Undefined: the first who sends, for as long as they do. */
  constructor(context: Context, of: string | undefined) {
    this.#context = context
    this.#of = of
    this.#answerer = new Answerer('subscribe', context.local, context.secrets)
    this.#link = new AnsweredLink(context, 'subscribe')
  }

  get receiving(): Received[] {
    return this.#slots.flatMap(({ playing }) => {
      if (!playing) return []
      const { publication, subscription } = playing
      return { publication, subscription, want: wantAll }
    })
  }

  follows(participant: string): boolean {
    return this.#of === undefined || participant === this.#of
  }

  decodes(codec: Codec, kind: 'audio' | 'video'): boolean {
    return this.#slots.some(slot => slot.kind === kind && slot.receiving.codecs.some(one => decodes(one, codec, kind)))
  }

  /** For each kind that it plays: if it can decode none of the room's publications, all of them. */
  get unserved(): readonly NegotiatedTrack[] {
    return this.#slots.flatMap(slot => {
      const there = this.#wanted.filter(({ publication }) => publication.media.kind === slot.kind)
      return there.some(want => plays(slot, want)) ? [] : there.map(({ publication }) => publication)
    })
  }

  /** @throws {NegotiationError} `not-usable` if the offer has no section to play on. */
  answer(sdp: string): string {
    const slots: Slot[] = []
    const cname = this.#context.secrets.name()
    const complete = (agreed: Agreed): RtpSection => {
      const { common, offered } = agreed
      if (!receives(offered) || slots.some(({ kind }) => kind === offered.kind))
        return { ...common, direction: 'inactive' }
      const slot = this.#slot(agreed)
      slots.push(slot)
      return { ...common, direction: 'sendonly', ...describeSources(slot.receiving, cname, offered.kind) }
    }
    const needs = (section: Section) => isRtp(section) && !section.rejected && receives(section)
    const { transport, ...answered } = this.#answerer.answer(parseDescription(sdp), { complete, needs })
    if (!transport || slots.length === 0) {
      throw new NegotiationError('not-usable', 'The offer has no section to play on.')
    }
    this.#slots = slots
    this.#link.apply(transport)
    return answered.sdp
  }

  /** Restarts ICE. Returns our answer as it is then; undefined if the credentials are not new. */
  restart(ice: IceCredentials, mayBeNew: boolean): string | undefined {
    const restarted = this.#answerer.restart(ice, mayBeNew)
    if (restarted?.transport.change !== 'restart') return undefined
    this.#link.apply(restarted.transport)
    return restarted.sdp
  }

  want(wanted: readonly Wanted[]): void {
    const mine = wanted.filter(({ publication }) => this.follows(publication.participant))
    this.#wanted = mine
    for (const slot of this.#slots) {
      const { playing } = slot
      if (playing && !mine.some(want => isOf(want, playing) && plays(slot, want))) this.#stop(slot)
    }
    const leader = this.#leader(mine)
    for (const slot of this.#slots) {
      const chosen = choose(slot, leader, mine)
      if (chosen?.publication === slot.playing?.publication) continue
      this.#stop(slot)
      this.#start(slot, chosen)
    }
  }

  republished(publication: NegotiatedTrack): void {
    for (const { playing } of this.#slots) {
      if (playing?.publication !== publication) continue
      const media = forward(publication.media, playing.media.cname, playing.receiving)
      if (same(playing.media, media)) continue
      playing.media = media
      this.#context.send({ is: 'resubscribe', subscription: playing.subscription, media })
    }
    // Something that could not be played before may be playable now.
    this.want(this.#wanted)
  }

  get connection(): string | undefined {
    return this.#link.transport === undefined ? undefined : 'whep'
  }

  lose(): void {
    this.close()
  }

  close(): void {
    for (const slot of this.#slots) this.#stop(slot)
    this.#slots = []
    this.#link.close()
  }

  /**
   * The participant to play: the one who is played already, unless nothing arrives from them while others send. Otherwise the
   * first of those who fill the most slots.
   */
  #leader(wanted: readonly Wanted[]): string | undefined {
    const playable = wanted.filter(want => this.#slots.some(slot => plays(slot, want)))
    const flowing = playable.filter(({ flows }) => flows)
    const from = (wants: readonly Wanted[]) => [...new Set(wants.map(({ publication }) => publication.participant))]
    const playing = this.#slots.find(slot => slot.playing)?.playing?.publication.participant
    if (playing !== undefined && (flowing.length === 0 || from(flowing).includes(playing))) return playing
    const filled = (participant: string) =>
      this.#slots.filter(slot => wanted.some(want => want.publication.participant === participant && plays(slot, want)))
        .length
    const participants = from(flowing.length > 0 ? flowing : playable)
    const most = Math.max(...participants.map(filled))
    return participants.find(participant => filled(participant) === most)
  }

  #start(slot: Slot, want: Wanted | undefined): void {
    const { transport } = this.#link
    if (!want || transport === undefined) return
    const { publication, cname, encrypted } = want
    const codecs = encrypted ? slot.receiving.codecs.map(withoutRedundancy) : slot.receiving.codecs
    const receiving = { ...slot.receiving, codecs, ...(slot.used && this.#sources(codecs)) }
    const media = forward(publication.media, cname, receiving)
    const subscription = this.#context.nextNumber()
    const { number } = publication
    this.#context.send({ is: 'subscribe', subscription, transport, publication: number, media, want: wantAll })
    slot.used = true
    slot.playing = { publication, subscription, encrypted, receiving, media }
  }

  #stop(slot: Slot): void {
    if (slot.playing) this.#context.send({ is: 'unsubscribe', subscription: slot.playing.subscription })
    slot.playing = undefined
  }

  #slot({ offered: { kind, mid }, common: { codecs, extensions } }: Agreed): Slot {
    const receiving = { mid, ...this.#sources(codecs), codecs, extensions }
    return { kind, receiving, used: false, playing: undefined }
  }

  /** New sources for a slot, with one for retransmissions only if the player supports them. */
  #sources(codecs: readonly Codec[]): { ssrc: number; rtxSsrc: number | undefined } {
    const repairs = codecs.some(({ rtxPayloadType }) => rtxPayloadType !== undefined)
    return { ssrc: this.#ssrc(), rtxSsrc: repairs ? this.#ssrc() : undefined }
  }

  #ssrc(): number {
    const ssrc = this.#context.secrets.ssrc(this.#ssrcs)
    this.#ssrcs.add(ssrc)
    return ssrc
  }
}

function isOf({ publication, encrypted }: Wanted, playing: Playing): boolean {
  return publication === playing.publication && encrypted === playing.encrypted
}

function receives({ direction }: RtpSection): boolean {
  return direction === 'recvonly' || direction === 'sendrecv'
}

/** What a slot plays from now on: the leader's track that flows or is played already; if they have none, somebody else's. */
function choose(slot: Slot, leader: string | undefined, wanted: readonly Wanted[]): Wanted | undefined {
  const playable = wanted.filter(want => plays(slot, want))
  const ofLeader = playable.filter(({ publication }) => publication.participant === leader)
  const from = ofLeader.length > 0 ? ofLeader : playable
  const playing = from.find(({ publication }) => publication === slot.playing?.publication)
  const flowing = from.find(({ flows }) => flows)
  return playing && (playing.flows || !flowing) ? playing : (flowing ?? from[0])
}

function plays({ kind, receiving }: Slot, { publication: { media }, cname }: Wanted): boolean {
  return media.kind === kind && forward(media, cname, receiving).payloadTypes.length > 0
}
