import type { IceCredentials, RemoteTransport } from '../control.ts'
import { acceptCodecs, answeredCodec, askedCodec, codecLabel, codecLabels, type Side } from '../sdp/codecs.ts'
import { acceptExtensions } from '../sdp/extensions.ts'
import { type Codec, type Description, isRtp, type RtpSection, type Section } from '../sdp/model.ts'
import { NegotiationError } from '../sdp/negotiation-error.ts'
import { writeDescription } from '../sdp/write.ts'
import {
  checkOrder,
  describeTransport,
  type LocalTransport,
  noTransport,
  type RemoteEnd,
  remoteEnd,
  sameCredentials,
  sameFingerprints,
} from './local-transport.ts'
import type { Secrets } from './secrets.ts'

/** A section of an offer that we accept. */
export interface Agreed {
  readonly offered: RtpSection
  /** The codecs of the offer that we can forward. The answer may name fewer. */
  readonly accepted: readonly Codec[]
  /** The section with only what both sides support of codecs, feedback and extensions, and without sources and streams. */
  readonly common: RtpSection
}

/** What was answered, and what it means for the transport. */
export interface Answered {
  readonly sdp: string
  readonly sections: readonly Agreed[]
  /** Undefined if no section was accepted, so that there is nothing to connect. */
  readonly transport: AnsweredTransport | undefined
}

export interface AnsweredTransport {
  readonly local: IceCredentials
  readonly remote: RemoteTransport
  readonly role: 'server' | 'client'
  /**
   * - `new`: open a transport, which replaces the one before, if any.
   * - `restart`: ICE is restarted (RFC 8839 §4.4.1.1).
   * - `same`: nothing has changed.
   */
  readonly change: 'new' | 'restart' | 'same'
}

/** A restart of ICE without an offer. `sdp` is our answer as it is now. */
export interface Restarted {
  readonly sdp: string
  readonly transport: AnsweredTransport
}

export interface Answering {
  /** Adds what this side decides about a section: direction, sources, rids. */
  readonly complete: (agreed: Agreed) => RtpSection
  /** Chooses the codecs to answer with. Absent: all that can be forwarded. */
  readonly choose?: (codecs: readonly Codec[], offered: RtpSection) => readonly Codec[]
  /** Whether a section must be accepted. If one of these cannot be, the whole offer is refused. */
  readonly needs?: (section: Section) => boolean
}

interface State {
  readonly local: IceCredentials
  readonly remote: RemoteEnd
  /** The mids of the sections on it. */
  readonly mids: ReadonlySet<string>
}

/**
 * Answers a client's offers, one after the other, with everything on one transport. Sections outside the bundle, without rtcp-mux,
 * or of no use are rejected and keep their position (RFC 9429 §5.3). An offer that throws changes nothing.
 */
export class Answerer {
  readonly #side: Side
  readonly #local: LocalTransport
  readonly #secrets: Secrets
  readonly #sessionId: string
  #version = 0
  #sections: readonly Section[] = []
  #bundle: readonly string[] = []
  /** Whether the offer has a group. If not, the answer has none either (RFC 5888 §9.2). */
  #grouped = false
  #extmapAllowMixed = false
  #state: State | undefined

  constructor(side: Side, local: LocalTransport, secrets: Secrets) {
    this.#side = side
    this.#local = local
    this.#secrets = secrets
    this.#sessionId = secrets.sessionId()
  }

  /** @throws {NegotiationError} */
  answer(offer: Description, answering: Answering): Answered {
    checkOrder(this.#sections, offer)
    const agreed = this.#agree(offer, answering)
    if (offer.iceLite && agreed.size > 0) {
      throw new NegotiationError(
        'not-usable',
        'The offer says a=ice-lite, as we do: neither side would send connectivity checks.',
      )
    }
    const [state, change] = this.#connect([...agreed.values()].map(({ offered }) => offered))
    const [first] = agreed.keys()
    const sections = offer.sections.map((section): Section => {
      const accepted = agreed.get(section.mid)
      if (!accepted || !state) return { ...section, rejected: true, transport: noTransport }
      const setup = state.remote.setup === 'passive' ? 'active' : 'passive'
      const transport = describeTransport(this.#local, state.local, setup, section.mid === first)
      const answered = answering.complete(accepted)
      return {
        ...answered,
        codecs: answered.codecs.map(this.#side === 'publish' ? askedCodec : answeredCodec),
        transport,
      }
    })
    this.#state = state ?? this.#state
    this.#sections = sections
    this.#bundle = [...agreed.keys()]
    this.#grouped = offer.bundle.length > 0
    this.#extmapAllowMixed = offer.extmapAllowMixed
    return {
      sdp: this.#write(),
      sections: sections.flatMap(({ mid }) => agreed.get(mid) ?? []),
      transport: state && describeChange(state, change),
    }
  }

  /**
   * Takes ICE credentials of the client without an offer. Returns undefined if there is no transport.
   * @throws {NegotiationError} `unconditional` if they are new, but must not be.
   */
  restart(ice: IceCredentials, mayBeNew: boolean): Restarted | undefined {
    const before = this.#state
    if (!before) return undefined
    if (sameCredentials(before.remote.ice, ice)) {
      return { sdp: this.#write(), transport: describeChange(before, 'same') }
    }
    if (!mayBeNew) throw new NegotiationError('unconditional', 'Restarting ICE takes a condition.')
    const state = { ...before, local: this.#secrets.ice(), remote: { ...before.remote, ice } }
    this.#state = state
    const [first] = this.#bundle
    this.#sections = this.#sections.map(section => {
      if (section.rejected) return section
      const candidates = section.mid === first ? this.#local.candidates : []
      return { ...section, transport: { ...section.transport, ice: state.local, candidates } }
    })
    return { sdp: this.#write(), transport: describeChange(state, 'restart') }
  }

  #write(): string {
    return writeDescription({
      sessionId: this.#sessionId,
      sessionVersion: ++this.#version,
      iceLite: true,
      bundle: this.#grouped ? this.#bundle : [],
      extmapAllowMixed: this.#extmapAllowMixed,
      sections: this.#sections,
    })
  }

  /** The accepted sections by mid, in the order of the bundle: the first one's transport is used (RFC 9143 §7.3.1). */
  #agree(offer: Description, { choose = codecs => codecs, needs = () => false }: Answering): Map<string, Agreed> {
    const sections = new Map(offer.sections.map(section => [section.mid, section]))
    const agreed = new Map<string, Agreed>()
    for (const mid of bundleOf(offer)) {
      const offered = sections.get(mid)
      const accepted = offered && this.#accept(offered)
      if (!offered || !isRtp(offered) || typeof accepted !== 'object') continue
      const codecs = choose(accepted, offered)
      const extensions = acceptExtensions(offered, this.#side)
      const common = { ...offered, codecs, extensions, sources: [], groups: [], rids: [], simulcast: [], msids: [] }
      agreed.set(mid, { offered, accepted, common })
    }
    for (const section of offer.sections) if (needs(section) && !agreed.has(section.mid)) throw this.#refusal(section)
    return agreed
  }

  /** The codecs that a section is accepted with, or why it is not. */
  #accept(section: Section): readonly Codec[] | string {
    if (!isRtp(section)) return `is ${section.protocol}, which is not RTP over DTLS`
    if (section.rejected) return 'has port 0'
    if (!section.rtcpMux) return 'has no a=rtcp-mux'
    const codecs = acceptCodecs(section.codecs, section.kind, this.#side)
    if (codecs.length > 0) return codecs
    const names = [...new Set(section.codecs.map(codec => describeRefused(codec)))].slice(0, 8)
    return `offers ${names.join(', ') || 'no codec'}, and what is forwarded here is ${codecLabels(section.kind).join(', ')}`
  }

  #refusal(section: Section): NegotiationError {
    const media = section.kind === 'other' ? section.media : section.kind
    const why = this.#accept(section)
    const reason =
      typeof why === 'string' ? why : 'stands outside the BUNDLE group, and everything goes over one transport'
    const place = section.unnamed ? `The ${media} section` : `Section ${section.mid} (${media})`
    return new NegotiationError('not-usable', `${place} cannot be taken: it ${reason}.`)
  }

  #connect(accepted: readonly Section[]): [State | undefined, AnsweredTransport['change']] {
    const [tagged] = accepted
    if (!tagged) return [undefined, 'same']
    const mids = new Set(accepted.map(({ mid }) => mid))
    const before = this.#state
    const remote = remoteEnd(accepted, before?.remote.setup ?? 'actpass')
    const restarts = !before || !sameCredentials(before.remote.ice, remote.ice)
    // If a new section comes first in the bundle, Chromium opens a new DTLS connection.
    const moved = restarts && !before?.mids.has(tagged.mid)
    if (!before || moved || !sameFingerprints(before.remote, remote)) {
      return [{ local: this.#secrets.ice(), remote, mids }, 'new']
    }
    const local = restarts ? this.#secrets.ice() : before.local
    const { setup } = before.remote
    return [{ local, remote: { ...remote, setup }, mids }, restarts ? 'restart' : 'same']
  }
}

function describeChange({ local, remote }: State, change: AnsweredTransport['change']): AnsweredTransport {
  const { ice, fingerprints, setup } = remote
  return { local, remote: { ice, fingerprints }, role: setup === 'passive' ? 'client' : 'server', change }
}

/** Describes a codec that was refused: by its name, and if we know that name, also by its parameters. */
function describeRefused({ name, clockRate, channels, parameters }: Codec): string {
  const described = [name, clockRate, ...(channels > 1 ? [channels] : [])].join('/')
  return codecLabel(name) === undefined || parameters === '' ? described : `${described} (${parameters})`
}

/**
 * The mids of the sections that share our transport. Without a bundle, only one section can.
 * @throws {NegotiationError} `not-usable`
 */
function bundleOf({ bundle, sections }: Description): readonly string[] {
  if (bundle.length > 0) return bundle
  const wanted = sections.filter(section => isRtp(section) && !section.rejected).map(({ mid }) => mid)
  if (wanted.length > 1) {
    throw new NegotiationError(
      'not-usable',
      'The offer does not bundle its sections (a=group:BUNDLE), and everything here goes over one transport: ' +
        'set the bundle policy to max-bundle.',
    )
  }
  return wanted
}
