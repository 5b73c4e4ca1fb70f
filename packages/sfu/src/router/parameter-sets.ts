import { byteAt, setUint32At, uint16At } from '@parley/bytes'
import { fixedHeaderLength, RtpPacket } from '@parley/rtp'
import type { PublishedCodec } from '../control.ts'

interface NalSyntax {
  readonly headerLength: number
  readonly typeAt: (bytes: Uint8Array, at: number) => number
  /** Types of parameter sets, in the order in which a decoder needs them. */
  readonly sets: readonly number[]
  /** A slice of a picture that needs no other. */
  readonly isKey: (type: number) => boolean
  readonly aggregate: number
  readonly fragment: number
  /** Of the type in the header of a fragment. */
  readonly fragmentMask: number
  /** Where an offer tells parameter sets (RFC 6184 §8.1, RFC 7798 §7.1). */
  readonly parameters: readonly string[]
}

const syntaxes: Readonly<Record<string, NalSyntax>> = {
  h264: {
    headerLength: 1,
    typeAt: (bytes, at) => byteAt(bytes, at) & 0x1f,
    sets: [7, 8],
    isKey: type => type === 5,
    aggregate: 24,
    fragment: 28,
    fragmentMask: 0x1f,
    parameters: ['sprop-parameter-sets'],
  },
  h265: {
    headerLength: 2,
    typeAt: (bytes, at) => (byteAt(bytes, at) >> 1) & 0x3f,
    sets: [32, 33, 34],
    isKey: type => type >= 16 && type <= 21,
    aggregate: 48,
    fragment: 49,
    fragmentMask: 0x3f,
    parameters: ['sprop-vps', 'sprop-sps', 'sprop-pps'],
  },
}

/** So many of a type, and no longer than fits a packet. */
const most = { ofType: 8, bytes: 1000 } as const

interface Known {
  nals: Uint8Array[]
  /** Of the picture that they came with last; NaN: none, they were in the offer. */
  timestamp: number
}

/**
 * The parameter sets of a stream of H.264 or H.265. Encoders send them once, or tell them in the offer alone; whoever comes
 * later can decode nothing without them, so they are put before each key frame that comes without.
 */
export class ParameterSets {
  readonly #syntax: NalSyntax
  readonly #known: readonly Known[]
  #keyBegins = false

  private constructor(syntax: NalSyntax) {
    this.#syntax = syntax
    this.#known = syntax.sets.map(() => ({ nals: [], timestamp: Number.NaN }))
  }

  /** Undefined: the codec has none. */
  static of({ name, parameters }: PublishedCodec): ParameterSets | undefined {
    const syntax = Object.hasOwn(syntaxes, name) ? syntaxes[name] : undefined
    if (!syntax) return undefined
    const sets = new ParameterSets(syntax)
    for (const parameter of parameters.split(';')) {
      const at = parameter.indexOf('=')
      if (!syntax.parameters.includes(parameter.slice(0, at))) continue
      for (const written of parameter.slice(at + 1).split(',')) {
        const nal = new Uint8Array(Buffer.from(written, 'base64'))
        if (nal.length > syntax.headerLength) sets.#learn(syntax.typeAt(nal, 0), nal, 0, nal.length, Number.NaN)
      }
    }
    return sets
  }

  /** Learns what a payload brings. True: it begins a key frame that came without its parameter sets, which are known. */
  missing(bytes: Uint8Array, start: number, end: number, timestamp: number): boolean {
    const { typeAt, headerLength, aggregate, fragment, fragmentMask } = this.#syntax
    this.#keyBegins = false
    if (start + headerLength >= end) return false
    const type = typeAt(bytes, start)
    if (type === aggregate) {
      for (let at = start + headerLength; at + 2 < end; at += 2 + uint16At(bytes, at)) {
        this.#look(bytes, at + 2, Math.min(end, at + 2 + uint16At(bytes, at)), timestamp)
      }
    } else if (type === fragment) {
      const head = byteAt(bytes, start + headerLength)
      if (head & 0x80) this.#lookAtSlice(head & fragmentMask, bytes, start + headerLength + 1, end)
    } else this.#look(bytes, start, end, timestamp)
    return this.#keyBegins && this.#lacks(timestamp)
  }

  /** How many there are to be put before a key frame. */
  get count(): number {
    let count = 0
    for (const { nals } of this.#known) count += nals.length
    return count
  }

  /** Each as a packet of its own, with the time and the payload type of the key frame's first. */
  packets(keyFrame: RtpPacket): RtpPacket[] {
    return this.#known.flatMap(({ nals }) =>
      nals.map(nal => {
        const bytes = new Uint8Array(fixedHeaderLength + nal.length)
        bytes[0] = 0x80
        bytes[1] = keyFrame.payloadType
        setUint32At(bytes, 4, keyFrame.timestamp)
        setUint32At(bytes, 8, keyFrame.ssrc)
        bytes.set(nal, fixedHeaderLength)
        const packet = new RtpPacket()
        packet.parse(bytes, 0, bytes.length)
        return packet
      }),
    )
  }

  #look(bytes: Uint8Array, start: number, end: number, timestamp: number): void {
    const { typeAt, headerLength } = this.#syntax
    if (start + headerLength >= end) return
    const type = typeAt(bytes, start)
    this.#learn(type, bytes, start, end, timestamp)
    this.#lookAtSlice(type, bytes, start + headerLength, end)
  }

  /** The first bit of a slice that is its picture's first is set (H.264 §7.3.3, H.265 §7.3.6.1). */
  #lookAtSlice(type: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#syntax.isKey(type) && start < end && byteAt(bytes, start) >= 0x80) this.#keyBegins = true
  }

  #learn(type: number, bytes: Uint8Array, start: number, end: number, timestamp: number): void {
    const known = this.#known[this.#syntax.sets.indexOf(type)]
    if (!known || end - start > most.bytes) return
    const isOfSame = Object.is(known.timestamp, timestamp)
    known.timestamp = timestamp
    if (known.nals.some(nal => equal(nal, bytes, start, end))) return
    if (!isOfSame) known.nals = []
    if (known.nals.length < most.ofType) known.nals.push(bytes.slice(start, end))
  }

  #lacks(timestamp: number): boolean {
    let lacks = false
    for (const known of this.#known) {
      if (known.nals.length === 0) return false
      if (known.timestamp !== timestamp) lacks = true
    }
    return lacks
  }
}

function equal(nal: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (nal.length !== end - start) return false
  for (let i = 0; i < nal.length; i++) if (nal[i] !== bytes[start + i]) return false
  return true
}
