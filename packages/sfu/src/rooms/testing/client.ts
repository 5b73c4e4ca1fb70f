import { offerExtensions } from '../../sdp/extensions.ts'
import {
  type Codec,
  type Description,
  type Direction,
  isRtp,
  type RtpSection,
  type Section,
  type TransportDescription,
} from '../../sdp/model.ts'
import { parseDescription } from '../../sdp/parse.ts'
import { writeDescription } from '../../sdp/write.ts'

const fingerprint = { algorithm: 'sha-256' as const, value: Array.from({ length: 32 }, () => 'CD').join(':') }

const vp8: Codec = {
  payloadType: 96,
  name: 'vp8',
  clockRate: 90_000,
  channels: 1,
  parameters: '',
  feedback: ['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb'],
  rtxPayloadType: 97,
}
const opus = {
  ...vp8,
  payloadType: 111,
  name: 'opus',
  clockRate: 48_000,
  channels: 2,
  parameters: 'minptime=10;useinbandfec=1',
  feedback: ['transport-cc'],
  rtxPayloadType: undefined,
} as const

export const codecs = {
  vp8,
  vp9: { ...vp8, name: 'vp9', parameters: 'profile-id=0', payloadType: 98, rtxPayloadType: 99 },
  vp9High: { ...vp8, name: 'vp9', parameters: 'profile-id=2', payloadType: 100, rtxPayloadType: 101 },
  h264: {
    ...vp8,
    name: 'h264',
    parameters: 'packetization-mode=1;profile-level-id=42e01f',
    payloadType: 102,
    rtxPayloadType: 103,
  },
  av1: { ...vp8, name: 'av1', parameters: 'level-idx=5;profile=0;tier=0', payloadType: 45, rtxPayloadType: 46 },
  opus,
  opusWithRed: { ...opus, red: { payloadType: 63, preferred: true } },
} as const satisfies Record<string, Codec>

/** What a client publishes in a section. */
export interface Sending {
  readonly kind: 'audio' | 'video'
  readonly track: string
  readonly codecs?: readonly Codec[]
}

/** An RTCPeerConnection as far as descriptions go: offers what it publishes, or answers what it is offered. */
export class ModelClient {
  readonly #sections: RtpSection[] = []
  #generation = 0
  #ssrc = 1000
  #mid = 0

  /** Restarts ICE with the next description. */
  restart(): void {
    this.#generation++
  }

  /** Adds a section, or uses a rejected one again; returns its mid. */
  add({ kind, track, codecs: sent }: Sending): string {
    const mid = `m${this.#mid++}`
    const ssrc = this.#ssrc++
    const rtx = kind === 'video' ? this.#ssrc++ : undefined
    const section: RtpSection = {
      kind,
      mid,
      protocol: 'UDP/TLS/RTP/SAVPF',
      rejected: false,
      transport: this.#transport('actpass'),
      direction: 'sendonly',
      rtcpMux: true,
      rtcpReducedSize: true,
      codecs: sent ?? (kind === 'audio' ? [codecs.opus] : [codecs.vp8, codecs.vp9]),
      extensions: offerExtensions({}, kind),
      sources: [ssrc, ...(rtx === undefined ? [] : [rtx])].map(source => ({ ssrc: source, cname: 'c' })),
      groups: rtx === undefined ? [] : [{ semantics: 'FID', ssrcs: [ssrc, rtx] }],
      rids: [],
      simulcast: [],
      msids: [{ stream: track, track }],
    }
    const free = this.#sections.findIndex(({ rejected }) => rejected)
    this.#sections.splice(free < 0 ? this.#sections.length : free, 1, section)
    return mid
  }

  change(mid: string, change: Partial<Pick<RtpSection, 'direction' | 'rejected' | 'codecs' | 'msids'>>): void {
    const index = this.#sections.findIndex(section => section.mid === mid)
    const section = this.#sections[index]
    if (section) this.#sections[index] = { ...section, ...change }
  }

  offer(): string {
    return this.#write(this.#sections.map(section => ({ ...section, transport: this.#transport('actpass') })))
  }

  /** Takes everything, but for what `accept` says otherwise. */
  answer(sdp: string, accept: (section: RtpSection) => boolean = () => true): string {
    const offer = parseDescription(sdp)
    const sections = offer.sections.map((section): Section => {
      if (!isRtp(section) || section.rejected || !accept(section)) return { ...section, rejected: true }
      const direction: Direction = section.direction === 'sendonly' ? 'recvonly' : 'inactive'
      const empty = { sources: [], groups: [], rids: [], simulcast: [], msids: [] }
      return { ...section, ...empty, direction, transport: this.#transport('active') }
    })
    return this.#write(sections)
  }

  #write(sections: readonly Section[]): string {
    const description: Description = {
      sessionId: '1',
      sessionVersion: 1,
      iceLite: false,
      bundle: sections.filter(({ rejected }) => !rejected).map(({ mid }) => mid),
      extmapAllowMixed: true,
      sections,
    }
    return writeDescription(description)
  }

  #transport(setup: 'actpass' | 'active'): TransportDescription {
    const ice = { ufrag: `client${this.#generation}`, password: 'a-password-of-the-client' }
    return { ice, fingerprints: [fingerprint], setup, candidates: [], endOfCandidates: false }
  }
}
