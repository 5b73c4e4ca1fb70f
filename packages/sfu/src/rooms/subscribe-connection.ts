import type { CarriedTrack } from '@parley/protocol'
import type { IceCredentials, RemoteTransport, ToMedia, Want } from '../control.ts'
import type { Description, RtpSection } from '../sdp/model.ts'
import { NegotiationError } from '../sdp/negotiation-error.ts'
import { writeDescription } from '../sdp/write.ts'
import type { Abilities } from './abilities.ts'
import { describeOffered } from './describe-offer.ts'
import { forward, same, sameWant } from './forwarding.ts'
import {
  describeTransport,
  type LocalTransport,
  remoteEnd,
  sameCredentials,
  sameFingerprints,
} from './local-transport.ts'
import type { NegotiatedTrack, Received, Wanted } from './negotiated-track.ts'
import { agreedCodecs, agreedExtensions, type OfferedSection } from './offered-section.ts'
import { OfferedSections, weightOf } from './offered-sections.ts'
import type { Secrets } from './secrets.ts'

export interface SubscribeOptions {
  readonly local: LocalTransport
  readonly secrets: Secrets
  readonly maxSections: number
  /** The connection's transport on the worker. */
  readonly transport: number
  /** A number for a subscription, never the same twice. */
  readonly nextNumber: () => number
  readonly send: (message: ToMedia) => void
  /** Learns from each answer what the client decodes. */
  readonly abilities: Abilities
}

/**
 * The connection on which a client receives: we offer, it answers. One offer is open at a time; what changes meanwhile goes into the
 * next. The worker is told to stop a track at once, but to start one only when the client has agreed to it.
 */
export class SubscribeConnection {
  readonly #options: SubscribeOptions
  readonly #sections: OfferedSections
  readonly #sessionId: string
  /** Publications of which the client accepted no codec. They are not offered again until they have changed. */
  readonly #declined = new Map<number, 'undecodable' | 'unwanted'>()
  #wanted = new Map<number, Wanted>()
  #version = 0
  #ice: IceCredentials
  #remote: RemoteTransport | undefined
  #opened = false
  #waiting = false
  #restarting = false

  constructor(options: SubscribeOptions) {
    this.#options = options
    this.#sections = new OfferedSections(options.maxSections, options.secrets)
    this.#sessionId = options.secrets.sessionId()
    this.#ice = options.secrets.ice()
  }

  /** What is forwarded now. */
  get receiving(): Received[] {
    return this.#sections.all.flatMap(({ publication, subscription, want }) =>
      publication && subscription ? { publication, subscription: subscription.number, want } : [],
    )
  }

  /** What the client wants but cannot decode. */
  get undecodable(): NegotiatedTrack[] {
    if (this.#declined.size === 0) return []
    return [...this.#wanted.values()].flatMap(({ publication }) =>
      this.#declined.get(publication.number) === 'undecodable' ? publication : [],
    )
  }

  /** Sets the publications that the client is to be sent: from now on exactly these. */
  want(wanted: readonly Wanted[]): void {
    this.#wanted = new Map(wanted.map(one => [one.publication.number, one]))
    for (const number of this.#declined.keys()) if (!this.#wanted.has(number)) this.#declined.delete(number)
    for (const section of this.#sections.all) {
      if (!section.publication) continue
      const wanted = this.#wanted.get(section.publication.number)
      if (!wanted || wanted.encrypted !== section.encrypted) this.#release(section)
      else this.#change(section, wanted.want)
    }
  }

  /** What a publication sends has changed. */
  republished(publication: NegotiatedTrack): void {
    this.#declined.delete(publication.number)
    for (const section of this.#sections.all) if (section.publication === publication) this.#forward(section)
  }

  /** Gives the next offer new ICE credentials (RFC 8839 §4.4.1.1). */
  restart(): void {
    this.#restarting = this.#opened
  }

  /** The next offer; undefined if nothing has changed, or the client has not answered the last one yet. */
  offer(): { readonly sdp: string; readonly tracks: CarriedTrack[] } | undefined {
    if (this.#waiting) return undefined
    const carried = new Set(this.#sections.all.map(({ publication }) => publication?.number))
    const missing = [...this.#wanted.values()].filter(
      ({ publication: { number } }) => !carried.has(number) && !this.#declined.has(number),
    )
    missing.sort((one, other) => weightOf(other) - weightOf(one))
    const placed = missing.filter(want => this.#place(want)).length
    const grown = this.#sections.all.filter(section => this.#sections.widen(section)).length
    const stopped = this.#sections.all.some(({ state, offered }) => state === 'leaving' && offered)
    if (placed === 0 && grown === 0 && !stopped && !this.#restarting) return undefined
    this.#openTransport()
    this.#waiting = true
    for (const section of this.#sections.all) section.offered = section.state === 'carrying'
    return { sdp: this.#write(), tracks: this.#carried() }
  }

  /** The pictures that the client wants now and is not sent, since the connection has no more sections; only final once no offer is open. */
  get unsent(): NegotiatedTrack[] {
    const carried = new Set(this.#sections.all.map(({ publication }) => publication?.number))
    return [...this.#wanted.values()].flatMap(({ publication, want }) => {
      const { number, media } = publication
      const isLeftOut = media.kind === 'video' && !want.paused && !carried.has(number) && !this.#declined.has(number)
      return isLeftOut ? publication : []
    })
  }

  /** An offer waits for its answer. */
  get waiting(): boolean {
    return this.#waiting
  }

  /** Finds a section; if there is none, what is wanted less gives way, and the next offer has one. */
  #place(wanted: Wanted): boolean {
    if (this.#sections.place(wanted)) return true
    const { kind } = wanted.publication.media
    const least = this.#sections.leastWanted(kind)
    if (least && weightOf(least) < weightOf(wanted)) this.#release(least)
    return false
  }

  /**
   * Takes the client's answer to the open offer.
   * @throws {NegotiationError} Nothing has changed then, and the offer stays open.
   */
  answer(answer: Description): void {
    if (!this.#waiting) throw new NegotiationError('out-of-order', 'There is no offer that this could answer.')
    const answered = this.#match(answer)
    const accepted = answered.filter(({ rejected }) => !rejected)
    if (accepted.length > 0) this.#connect(accepted)
    this.#waiting = false
    for (const [index, section] of this.#sections.all.entries()) {
      const theirs = answered[index]
      if (theirs) this.#settle(section, theirs)
    }
  }

  #match(answer: Description): RtpSection[] {
    if (answer.sections.length !== this.#sections.all.length) {
      throw new NegotiationError('bad-sdp', 'The answer has another number of media sections than the offer.')
    }
    return this.#sections.all.map(({ mid, kind, state }, index) => {
      const theirs = answer.sections[index]
      if (theirs?.kind !== kind || (theirs.mid !== mid && state !== 'dead')) {
        throw new NegotiationError('bad-sdp', `The answer does not have section ${mid} in its place.`)
      }
      return theirs
    })
  }

  #connect(accepted: readonly RtpSection[]): void {
    const { setup, ...remote } = remoteEnd(accepted, 'active')
    // Since the offer, the transport has been waiting for the client to begin DTLS: every browser answers `active`.
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

  #agree(section: OfferedSection, publication: NegotiatedTrack, theirs: RtpSection): void {
    const codecs = theirs.rejected ? [] : agreedCodecs(section, theirs)
    const receives = theirs.direction === 'recvonly' || theirs.direction === 'sendrecv'
    // Browsers reject a section if they know none of its codecs.
    if (theirs.rejected || receives) this.#options.abilities.answered(section.kind, section.codecs, codecs)
    if (!receives || codecs.length === 0) {
      this.#declined.set(publication.number, theirs.rejected || receives ? 'undecodable' : 'unwanted')
      this.#release(section)
      return
    }
    section.agreed = { codecs, extensions: agreedExtensions(section, theirs) }
    this.#forward(section)
  }

  /** Tells the worker how to forward this section's publication, if that is agreed and has changed. */
  #forward(section: OfferedSection): void {
    const { publication, cname, agreed, mid, ssrc, rtxSsrc, want, subscription } = section
    if (!publication || !agreed) return
    const { send, transport, nextNumber } = this.#options
    const media = forward(publication.media, cname, { mid, ssrc, rtxSsrc, ...agreed })
    if (subscription) {
      if (same(subscription.media, media)) return
      send({ is: 'resubscribe', subscription: subscription.number, media })
      subscription.media = media
    } else {
      const number = nextNumber()
      send({ is: 'subscribe', subscription: number, transport, publication: publication.number, media, want })
      section.subscription = { number, media }
    }
  }

  /** Stops forwarding at once. The client learns of it with the next offer. */
  #release(section: OfferedSection): void {
    if (section.subscription) this.#options.send({ is: 'unsubscribe', subscription: section.subscription.number })
    Object.assign(section, {
      state: 'leaving',
      publication: undefined,
      agreed: undefined,
      subscription: undefined,
    } satisfies Partial<OfferedSection>)
  }

  #change(section: OfferedSection, want: Want): void {
    if (sameWant(section.want, want)) return
    section.want = want
    if (section.subscription) this.#options.send({ is: 'want', subscription: section.subscription.number, want })
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
    // The oldest comes first: its transport is everybody's (RFC 9143 §7.2.1), and must not change.
    const live = this.#sections.all
      .filter(({ state }) => state !== 'dead')
      .sort((a, b) => Number(a.mid) - Number(b.mid))
    return writeDescription({
      sessionId: this.#sessionId,
      sessionVersion: ++this.#version,
      iceLite: true,
      bundle: live.map(({ mid }) => mid),
      extmapAllowMixed: true,
      sections: this.#sections.all.map(section =>
        describeOffered(section, describeTransport(this.#options.local, this.#ice, 'actpass', section === live[0])),
      ),
    })
  }

  #carried(): CarriedTrack[] {
    return this.#sections.all.flatMap(({ mid, publication }) =>
      publication ? { mid, participant: publication.participant, track: publication.track } : [],
    )
  }
}
