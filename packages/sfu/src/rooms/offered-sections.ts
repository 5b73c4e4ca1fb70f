import { type Want, wantAll } from '../control.ts'
import { codecKey } from '../sdp/codecs.ts'
import { offerExtensions } from '../sdp/extensions.ts'
import type { Wanted } from './negotiated-track.ts'
import type { OfferedSection } from './offered-section.ts'
import { PayloadTypes } from './payload-types.ts'
import type { Secrets } from './secrets.ts'

/** The media sections of a subscribe connection, and what each of them is used for. */
export class OfferedSections {
  /** All sections, in the order of the description. */
  readonly all: OfferedSection[] = []
  readonly #maxSections: number
  readonly #secrets: Secrets
  readonly #payloadTypes = new PayloadTypes()
  readonly #ssrcs = new Set<number>()
  #mids = 0

  constructor(maxSections: number, secrets: Secrets) {
    this.#maxSections = maxSections
    this.#secrets = secrets
  }

  /** Finds a section for a publication: a free one, a new one in the position of a dead one, or a new one. Returns false if there is no room. */
  place({ publication, cname, encrypted, want }: Wanted): boolean {
    const { kind, codecs: published, extensions } = publication.media
    const position = this.#vacancy(kind)
    const codecs = position === undefined ? [] : this.#payloadTypes.offer(published, kind, !encrypted)
    if (position === undefined || codecs.length === 0) return false
    Object.assign(this.#take(position, kind), {
      state: 'carrying',
      publication,
      media: publication.media,
      cname,
      encrypted,
      want,
      ssrc: this.#ssrc(),
      rtxSsrc: kind === 'video' ? this.#ssrc() : undefined,
      codecs,
      extensions: offerExtensions(extensions, kind),
      offered: false,
    } satisfies Partial<OfferedSection>)
    return true
  }

  /** The position of a free section, or else where there may be a new one. */
  #vacancy(kind: 'audio' | 'video'): number | undefined {
    const free = this.all.findIndex(section => section.state === 'free' && section.kind === kind)
    if (free >= 0) return free
    const maxSections = this.#maxSections
    const videos = this.all.filter(section => section.kind === 'video' && section.state !== 'dead').length
    const dead = this.all.findIndex(({ state }) => state === 'dead')
    if ((kind === 'video' && videos >= maxSections / 2) || (dead < 0 && this.all.length >= maxSections)) {
      return undefined
    }
    return dead < 0 ? this.all.length : dead
  }

  #take(position: number, kind: 'audio' | 'video'): OfferedSection {
    const there = this.all[position]
    if (there?.state === 'free') return there
    const fresh = newSection(kind, String(this.#mids))
    this.#mids++
    this.all[position] = fresh
    return fresh
  }

  /** Of the sections that carry this kind, the one whose publication is wanted least; undefined: none carries any. */
  leastWanted(kind: 'audio' | 'video'): OfferedSection | undefined {
    let least: OfferedSection | undefined
    for (const section of this.all) {
      if (section.kind !== kind || section.state !== 'carrying') continue
      if (!least || weightOf(section) < weightOf(least)) least = section
    }
    return least
  }

  /** Adds codecs that the publication has begun to send since it was offered. Returns whether there are any. */
  widen(section: OfferedSection): boolean {
    const { publication, kind } = section
    if (!publication || publication.media === section.media) return false
    section.media = publication.media
    const codecs = this.#payloadTypes.offer(publication.media.codecs, kind, !section.encrypted)
    const before = new Set(section.codecs.map(codec => codecKey(codec, kind)))
    if (codecs.every(codec => before.has(codecKey(codec, kind)))) return false
    section.codecs = codecs
    return true
  }

  #ssrc(): number {
    const ssrc = this.#secrets.ssrc(this.#ssrcs)
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
    encrypted: false,
    want: wantAll,
    ssrc: 0,
    rtxSsrc: undefined,
    codecs: [],
    extensions: {},
    offered: false,
    agreed: undefined,
    subscription: undefined,
  }
}

const weights: Readonly<Record<Want['priority'], number>> = { low: 1, normal: 2, high: 3 }

/** How much something is wanted, where not everything has a section: what is paused gives way to what is not. */
export function weightOf({ want }: { readonly want: Want }): number {
  return want.paused ? 0 : weights[want.priority]
}
