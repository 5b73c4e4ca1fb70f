import type { RtpPacket } from '@parley/rtp'
import type { FromMedia, ToMedia } from '../control.ts'
import type { IncomingPipe } from '../pipe/incoming-pipe.ts'
import { Pipes } from '../pipe/pipes.ts'
import type { PipeCarrier, RtpReceiver, RtpTransport } from '../ports.ts'
import { SpeakerGroups } from '../speakers/speaker-groups.ts'
import { Alarms } from './alarms.ts'
import { emptyCounters, type RouterCounters } from './counters.ts'
import { Leg } from './leg.ts'
import { Publication } from './publication.ts'
import { PublisherFeedback } from './publisher-feedback.ts'
import { RtcpSender } from './rtcp-sender.ts'
import type { TransportStatistics } from './statistics.ts'
import { Subscription } from './subscription.ts'

type Row<Is extends ToMedia['is']> = Extract<ToMedia, { is: Is }>

export interface RouterOptions {
  /** Publications that have begun, changed codec or stopped. */
  readonly report: (message: FromMedia) => void
  /** The way to other routers. Without it, nothing can be piped. */
  readonly carrier?: PipeCarrier
  /** 0 to 1; for first sequence numbers and the times of reports. Default `Math.random`. */
  readonly random?: () => number
}

/**
 * Forwards what publishers send to those who subscribe, each in its own numbering; asks publishers for what is missing,
 * and sends again what subscribers miss. Without sockets, keys or clock: packets come decrypted from transports, and leave
 * through them; `now` is in milliseconds.
 *
 * @example
 * const router = new Router({ report })
 * router.publish({ is: 'publish', publication: 1, transport: 1, media })
 * router.subscribe({ is: 'subscribe', subscription: 1, transport: 2, publication: 1, media: theirs, want: wantAll }, now)
 * router.receiveRtp(transport1, packet, now) // leaves through transport 2
 */
export class Router implements RtpReceiver {
  readonly #report: (message: FromMedia) => void
  readonly #random: () => number
  readonly #alarms = new Alarms()
  readonly #rtcp = new RtcpSender()
  readonly #counters = emptyCounters()
  readonly #senderSsrc: number
  readonly #cname: string
  readonly #legs = new Map<number, Leg>()
  readonly #publications = new Map<number, { readonly publication: Publication; readonly origin: Leg | IncomingPipe }>()
  readonly #pipes: Pipes
  readonly #speakers: SpeakerGroups
  readonly #subscriptions = new Map<number, { readonly subscription: Subscription; readonly leg: Leg }>()

  constructor({ report, carrier, random = Math.random }: RouterOptions) {
    this.#report = report
    this.#random = random
    this.#pipes = new Pipes({ carrier, alarms: this.#alarms, counters: this.#counters })
    this.#speakers = new SpeakerGroups({ alarms: this.#alarms, report })
    this.#senderSsrc = 1 + Math.floor(random() * 0xfffffffe)
    this.#cname = Math.floor(random() * 2 ** 48).toString(36)
  }

  publish({ publication: id, transport, media }: Row<'publish'>): void {
    const leg = this.#leg(transport)
    const feedback = new PublisherFeedback({
      rtcp: this.#rtcp,
      senderSsrc: this.#senderSsrc,
      transport: () => leg.transport,
      media: () => publication.media,
      counters: this.#counters,
    })
    const publication = new Publication({
      id,
      media,
      alarms: this.#alarms,
      feedback,
      counters: this.#counters,
      report: this.#report,
    })
    this.#publications.set(id, { publication, origin: leg })
    leg.publish(publication)
  }

  /** What was agreed has changed. */
  republish({ publication: id, media }: Row<'republish'>, now: number): void {
    const entry = this.#publications.get(id)
    if (!entry) return
    entry.origin.republished(entry.publication.republish(media, now))
  }

  /** Its subscriptions rest. */
  unpublish({ publication: id }: Row<'unpublish'>, now: number): void {
    const entry = this.#publications.get(id)
    if (!entry) return
    this.#speakers.leave(id, now)
    this.#publications.delete(id)
    entry.origin.unpublish(entry.publication)
    this.#pipes.closeOf(entry.publication, now)
    entry.publication.close()
  }

  /** Nothing happens if the publication has ended in the meantime. Throws without a carrier. */
  pipe({ pipe, publication: of, to }: Row<'pipe'>, now: number): void {
    const publication = this.#publications.get(of)?.publication
    if (publication) this.#pipes.open(pipe, to, publication, now)
  }

  unpipe({ pipe }: Row<'unpipe'>, now: number): void {
    this.#pipes.close(pipe, now)
  }

  /** Throws without a carrier. */
  piped({ pipe, from, publication, media }: Row<'piped'>, now: number): void {
    const origin = this.#pipes.accept(pipe, from, publication, media, now)
    this.#publications.set(publication, { publication: origin.publication, origin })
  }

  /** Takes what came from another router by the carrier. What makes no sense is counted. */
  receivePiped(from: number, bytes: Uint8Array, start: number, end: number, now: number): void {
    this.#pipes.receive(from, bytes, start, end, now)
  }

  voice({ publication: id, group }: Row<'voice'>, now: number): void {
    const publication = this.#publications.get(id)?.publication
    if (!publication) return
    publication.voice = group === undefined ? undefined : this.#speakers.join(id, group, now)
    if (group === undefined) this.#speakers.leave(id, now)
  }

  /** Nothing happens if the publication has ended in the meantime. */
  subscribe({ subscription: id, transport, publication: of, media, want }: Row<'subscribe'>, now: number): void {
    const publication = this.#publications.get(of)?.publication
    if (!publication) return
    const leg = this.#leg(transport)
    const subscription = new Subscription({
      id,
      publication,
      media,
      want,
      departures: leg.downlink.departures,
      counters: this.#counters,
      random: this.#random,
      onTimeline: at => leg.reportSoon(at),
      onLayers: at => leg.downlink.reconsider(subscription.follower, at),
    })
    this.#subscriptions.set(id, { subscription, leg })
    leg.subscribe(subscription, now)
    publication.subscribe(subscription.follower)
    this.#attend(subscription, now)
  }

  /** What was agreed has changed. */
  resubscribe({ subscription: id, media }: Row<'resubscribe'>, now: number): void {
    const entry = this.#subscriptions.get(id)
    if (!entry) return
    const { subscription, leg } = entry
    // Under another SSRC it begins anew.
    if (media.ssrc !== subscription.sink.media.ssrc) subscription.follower.leave()
    leg.resubscribe(subscription, media, now)
    this.#attend(subscription, now)
  }

  /** What the subscriber makes of it has changed. */
  want({ subscription: id, want }: Row<'want'>, now: number): void {
    const entry = this.#subscriptions.get(id)
    if (!entry) return
    entry.subscription.want = want
    this.#attend(entry.subscription, now)
  }

  unsubscribe({ subscription: id }: Row<'unsubscribe'>, now: number): void {
    const entry = this.#subscriptions.get(id)
    if (!entry) return
    this.#subscriptions.delete(id)
    entry.subscription.publication.unsubscribe(entry.subscription.follower, now)
    entry.leg.unsubscribe(entry.subscription, now)
  }

  receiveRtp(transport: RtpTransport, packet: RtpPacket, now: number): void {
    const leg = this.#legs.get(transport.id)
    if (leg) leg.receiveRtp(packet, now)
    else this.#counters.unknown++
  }

  receiveRtcp(transport: RtpTransport, bytes: Uint8Array, start: number, end: number, now: number): void {
    this.#legs.get(transport.id)?.receiveRtcp(bytes, start, end, now)
  }

  transportConnected(transport: RtpTransport, now: number): void {
    this.#leg(transport.id).connected(transport, now)
  }

  /** Ends what was published and subscribed over it. */
  transportClosed(transport: RtpTransport, now: number): void {
    const leg = this.#legs.get(transport.id)
    if (!leg) return
    for (const { id } of leg.finder.publications) this.unpublish({ is: 'unpublish', publication: id }, now)
    for (const { id } of leg.subscriptions) this.unsubscribe({ is: 'unsubscribe', subscription: id }, now)
    leg.close()
    this.#legs.delete(transport.id)
  }

  /** When {@link Router.handleTimeout} wants to be called; Infinity: nothing waits. */
  nextTimeout(): number {
    return this.#alarms.next()
  }

  handleTimeout(now: number): void {
    this.#alarms.ring(now)
  }

  /** A copy of the counters as they are. */
  counters(): RouterCounters {
    let historyBytes = 0
    for (const { publication } of this.#publications.values()) {
      for (const stream of publication.streams) historyBytes += stream?.historyBytes ?? 0
    }
    const counters = { ...this.#counters, historyBytes }
    counters.publications = this.#publications.size
    counters.subscriptions = this.#subscriptions.size
    counters.pipes = this.#pipes.size
    for (const { subscription } of this.#subscriptions.values()) subscription.count(counters)
    for (const { downlink } of this.#legs.values()) downlink.count(counters)
    return counters
  }

  /** What was measured of these transports, as far as they are known here. */
  statistics(transports: readonly number[]): TransportStatistics[] {
    return transports.flatMap(transport => this.#legs.get(transport)?.statistics(transport) ?? [])
  }

  /** Forgets everything; may be called twice. */
  close(): void {
    for (const { publication, origin } of this.#publications.values()) {
      origin.unpublish(publication)
      publication.close()
    }
    for (const leg of this.#legs.values()) leg.close()
    this.#speakers.close()
    this.#publications.clear()
    this.#subscriptions.clear()
    this.#legs.clear()
  }

  /** What a subscription wants, or can take, has changed. */
  #attend({ follower, publication }: Subscription, now: number): void {
    follower.reconsider(now)
    publication.attend(follower, now)
  }

  /** Known before it is connected, since rows may come first. */
  #leg(transport: number): Leg {
    const known = this.#legs.get(transport)
    if (known) return known
    const leg = new Leg({
      alarms: this.#alarms,
      rtcp: this.#rtcp,
      senderSsrc: this.#senderSsrc,
      cname: this.#cname,
      random: this.#random,
      counters: this.#counters,
      onQuality: quality => this.#report({ is: 'quality', transport, quality }),
    })
    this.#legs.set(transport, leg)
    return leg
  }
}
