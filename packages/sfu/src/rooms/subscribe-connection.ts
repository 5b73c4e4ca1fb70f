import type { IceCredentials, RemoteTransport, ToMedia } from '../control.ts'
import { codecKey } from '../sdp/codecs.ts'
import { offerExtensions } from '../sdp/extensions.ts'
import type { Description, RtpSection } from '../sdp/model.ts'
import { NegotiationError } from '../sdp/negotiation-error.ts'
import { writeDescription } from '../sdp/write.ts'
import { describeOffered } from './describe-offer.ts'
import { forward, sameMedia } from './forwarding.ts'
import {
  describeTransport,
  type LocalTransport,
  remoteEnd,
  sameCredentials,
  sameFingerprints,
} from './local-transport.ts'
import { agreedCodecs, agreedExtensions, type OfferedSection } from './offered-section.ts'
import { PayloadTypes } from './payload-types.ts'
import type { Publication } from './publication.ts'
import type { Secrets } from './secrets.ts'
import type { CarriedTrack } from './types.ts'

/** A publication that the client is sent. */
export interface Received {
  readonly publication: Publication
  readonly paused: boolean
}

/** A publication that the client is to be sent. */
export interface Wanted extends Received {
  /** What is in sync has the same (RFC 3550 §6.5.1). */
  readonly cname: string
}

export interface SubscribeOptions {
  readonly local: LocalTransport
  readonly secrets: Secrets
  readonly maxSections: number
  /** Its number on the worker. */
  readonly transport: number
  /** A number for a subscription that was never used. */
  readonly nextNumber: () => number
  readonly send: (message: ToMedia) => void
}

/**
 * The connection on which a client receives: we offer, it answers. One offer is open at a time; what changes meanwhile is
 * in the next. The worker is told as soon as something may no longer flow, and when the client has agreed that it may.
 */
export class SubscribeConnection {
  readonly #options: SubscribeOptions
  readonly #payloadTypes = new PayloadTypes()
  readonly #ssrcs = new Set<number>()
  readonly #sections: OfferedSection[] = []
  readonly #sessionId: string
  /** Publications of which the client took nothing; they are not offered again until they have changed. */
  readonly #declined = new Set<number>()
  #wanted = new Map<number, Wanted>()
  #version = 0
  #mids = 0
  #ice: IceCredentials
  #remote: RemoteTransport | undefined
  #opened = false
  #waiting = false
  #restarting = false

  constructor(options: SubscribeOptions) {
    this.#options = options
    this.#sessionId = options.secrets.sessionId()
    this.#ice = options.secrets.ice()
  }

  /** What is forwarded now. */
  get receiving(): Received[] {
    return this.#sections.flatMap(({ publication, subscription, paused }) =>
      publication && subscription ? { publication, paused } : [],
    )
  }

  /** The publications that the client is to be sent, from now on exactly these. */
  want(wanted: readonly Wanted[]): void {
    this.#wanted = new Map(wanted.map(want => [want.publication.number, want]))
    for (const number of this.#declined) if (!this.#wanted.has(number)) this.#declined.delete(number)
    for (const section of this.#sections) {
      if (!section.publication) continue
      const want = this.#wanted.get(section.publication.number)
      if (!want) this.#release(section)
      else this.#pause(section, want.paused)
    }
  }

  /** What a publication sends has changed. */
  republished(publication: Publication): void {
    this.#declined.delete(publication.number)
    for (const section of this.#sections) if (section.publication === publication) this.#forward(section)
  }

  /** The next offer has new ICE credentials (RFC 8839 §4.4.1.1). */
  restart(): void {
    this.#restarting = this.#opened
  }

  /** What to tell the client; undefined: nothing, or it has not answered yet. */
  offer(): { readonly sdp: string; readonly tracks: CarriedTrack[] } | undefined {
    if (this.#waiting) return undefined
    const carried = new Set(this.#sections.map(({ publication }) => publication?.number))
    const missing = [...this.#wanted.values()].filter(
      ({ publication: { number } }) => !carried.has(number) && !this.#declined.has(number),
    )
    const placed = missing.filter(want => this.#place(want)).length
    const grown = this.#sections.filter(section => this.#widen(section)).length
    const stopped = this.#sections.some(({ state, offered }) => state === 'leaving' && offered)
    if (placed === 0 && grown === 0 && !stopped && !this.#restarting) return undefined
    this.#openTransport()
    this.#waiting = true
    for (const section of this.#sections) section.offered = section.state === 'carrying'
    return { sdp: this.#write(), tracks: this.#carried() }
  }

  /**
   * The client's answer to the open offer.
   * @throws {NegotiationError} and changes nothing: the offer stays open.
   */
  answer(answer: Description): void {
    if (!this.#waiting) throw new NegotiationError('out-of-order', 'There is no offer that this could answer.')
    const answered = this.#match(answer)
    const accepted = answered.filter(({ rejected }) => !rejected)
    if (accepted.length > 0) this.#connect(accepted)
    this.#waiting = false
    for (const [index, section] of this.#sections.entries()) {
      const theirs = answered[index]
      if (theirs) this.#settle(section, theirs)
    }
  }

  #match(answer: Description): RtpSection[] {
    if (answer.sections.length !== this.#sections.length) {
      throw new NegotiationError('bad-sdp', 'The answer has another number of media sections than the offer.')
    }
    return this.#sections.map(({ mid, kind, state }, index) => {
      const theirs = answer.sections[index]
      if (theirs?.kind !== kind || (theirs.mid !== mid && state !== 'dead')) {
        throw new NegotiationError('bad-sdp', `The answer does not have section ${mid} in its place.`)
      }
      return theirs
    })
  }

  #connect(accepted: readonly RtpSection[]): void {
    const { setup, ...remote } = remoteEnd(accepted, 'active')
    // The transport waits for the client's DTLS since the offer; every browser answers `active`.
    if (setup !== 'active') throw new NegotiationError('not-usable', 'The answer must say setup:active.')
    const before = this.#remote
    if (before && !sameFingerprints(before, remote)) {
      throw new NegotiationError('not-usable', 'The fingerprint has changed: that takes a new connection.')
    }
    if (before && sameCredentials(before.ice, remote.ice)) return
    this.#remote = remote
    this.#options.send({ is: 'remote', transport: this.#options.transport, remote })
  }

  #settle(section: OfferedSection, theirs: RtpSection): void {
    const { publication, offered, state } = section
    if (publication && offered) this.#agree(section, publication, theirs)
    else if (state === 'leaving' && !offered) section.state = 'free'
    if (theirs.rejected) section.state = 'dead'
  }

  #agree(section: OfferedSection, publication: Publication, theirs: RtpSection): void {
    const codecs = agreedCodecs(section, theirs)
    const receives = theirs.direction === 'recvonly' || theirs.direction === 'sendrecv'
    if (theirs.rejected || !receives || codecs.length === 0) {
      this.#declined.add(publication.number)
      this.#release(section)
      return
    }
    section.agreed = { codecs, extensions: agreedExtensions(section, theirs) }
    this.#forward(section)
  }

  /** Tells the worker how this section's publication is forwarded, if that is agreed and new. */
  #forward(section: OfferedSection): void {
    const { publication, cname, agreed, mid, ssrc, rtxSsrc, paused, subscription } = section
    if (!publication || !agreed) return
    const { send, transport, nextNumber } = this.#options
    const media = forward(publication.media, cname, { mid, ssrc, rtxSsrc, ...agreed })
    if (subscription) {
      if (sameMedia(subscription.media, media)) return
      send({ is: 'resubscribe', subscription: subscription.number, media })
      subscription.media = media
    } else {
      const number = nextNumber()
      send({ is: 'subscribe', subscription: number, transport, publication: publication.number, media, paused })
      section.subscription = { number, media }
    }
  }

  /** Finds a section for a publication: a free one, the place of a dead one, or a new one. */
  #place({ publication, cname, paused }: Wanted): boolean {
    const { kind, codecs: published, extensions } = publication.media
    const codecs = this.#payloadTypes.offer(published, kind)
    const section = codecs.length > 0 ? this.#vacant(kind) : undefined
    if (!section) return false
    Object.assign(section, {
      state: 'carrying',
      publication,
      media: publication.media,
      cname,
      paused,
      ssrc: this.#ssrc(),
      rtxSsrc: kind === 'video' ? this.#ssrc() : undefined,
      codecs,
      extensions: offerExtensions(extensions, kind),
      offered: false,
    } satisfies Partial<OfferedSection>)
    return true
  }

  #vacant(kind: 'audio' | 'video'): OfferedSection | undefined {
    const free = this.#sections.find(section => section.state === 'free' && section.kind === kind)
    if (free) return free
    const { maxSections } = this.#options
    const videos = this.#sections.filter(section => section.kind === 'video' && section.state !== 'dead').length
    const dead = this.#sections.findIndex(({ state }) => state === 'dead')
    if ((kind === 'video' && videos >= maxSections / 2) || (dead < 0 && this.#sections.length >= maxSections)) {
      return undefined
    }
    const fresh = newSection(kind, String(this.#mids))
    this.#mids++
    this.#sections.splice(dead < 0 ? this.#sections.length : dead, 1, fresh)
    return fresh
  }

  /** Offers what a publication has come to send besides. */
  #widen(section: OfferedSection): boolean {
    const { publication, kind } = section
    if (!publication || publication.media === section.media) return false
    section.media = publication.media
    const codecs = this.#payloadTypes.offer(publication.media.codecs, kind)
    const before = new Set(section.codecs.map(codec => codecKey(codec, kind)))
    if (codecs.every(codec => before.has(codecKey(codec, kind)))) return false
    section.codecs = codecs
    return true
  }

  /** Stops at once; the client hears of it in the next offer. */
  #release(section: OfferedSection): void {
    if (section.subscription) this.#options.send({ is: 'unsubscribe', subscription: section.subscription.number })
    Object.assign(section, {
      state: 'leaving',
      publication: undefined,
      agreed: undefined,
      subscription: undefined,
    } satisfies Partial<OfferedSection>)
  }

  #pause(section: OfferedSection, paused: boolean): void {
    if (section.paused === paused) return
    section.paused = paused
    if (section.subscription) {
      this.#options.send({ is: 'pause', subscription: section.subscription.number, paused })
    }
  }

  #openTransport(): void {
    const { send, transport, secrets } = this.#options
    if (!this.#opened) send({ is: 'open', transport, local: this.#ice, role: 'server', remote: undefined })
    else if (this.#restarting) {
      this.#ice = secrets.ice()
      send({ is: 'restart', transport, local: this.#ice })
    }
    this.#opened = true
    this.#restarting = false
  }

  #write(): string {
    // The oldest first, since its transport is that of all (RFC 9143 §7.2.1), and must not become another.
    const live = this.#sections.filter(({ state }) => state !== 'dead').sort((a, b) => Number(a.mid) - Number(b.mid))
    return writeDescription({
      sessionId: this.#sessionId,
      sessionVersion: ++this.#version,
      iceLite: true,
      bundle: live.map(({ mid }) => mid),
      extmapAllowMixed: true,
      sections: this.#sections.map(section =>
        describeOffered(section, describeTransport(this.#options.local, this.#ice, 'actpass', section === live[0])),
      ),
    })
  }

  #carried(): CarriedTrack[] {
    return this.#sections.flatMap(({ mid, publication }) =>
      publication ? { mid, participant: publication.participant, track: publication.track } : [],
    )
  }

  #ssrc(): number {
    const ssrc = this.#options.secrets.ssrc(this.#ssrcs)
    this.#ssrcs.add(ssrc)
    return ssrc
  }
}

function newSection(kind: 'audio' | 'video', mid: string): OfferedSection {
  return {
    mid,
    kind,
    state: 'free',
    publication: undefined,
    media: undefined,
    cname: '',
    paused: false,
    ssrc: 0,
    rtxSsrc: undefined,
    codecs: [],
    extensions: {},
    offered: false,
    agreed: undefined,
    subscription: undefined,
  }
}
