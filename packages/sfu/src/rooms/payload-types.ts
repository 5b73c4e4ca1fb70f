import {
  feedbackOf,
  mayBeRedundant,
  offeredCodecs,
  parameterSetsOf,
  staticPayloadTypes,
  withoutRedundancy,
} from '../sdp/codecs.ts'
import type { Codec } from '../sdp/model.ts'

/** First the dynamic range, then what RFC 3551 leaves unassigned and cannot be mistaken for RTCP (RFC 5761 §4). */
const numbers: readonly number[] = [...range(96, 127), ...range(35, 63)]

/** Codecs with a fixed payload type, by which alone browsers know them. */
const fixed: ReadonlyMap<string, number> = new Map(
  Object.entries(staticPayloadTypes.audio).map(([payloadType, name]) => [name, Number(payloadType)]),
)

interface Assigned {
  readonly payloadType: number
  readonly rtx: number | undefined
  readonly red: number | undefined
}

/**
 * The payload types of a subscribe connection. Each has one meaning in the whole bundle (RFC 9143 §9.1), which never changes while
 * the connection exists.
 */
export class PayloadTypes {
  readonly #assigned = new Map<string, Assigned>()
  readonly #free = [...numbers]

  /**
   * The codecs of a publication as we offer them: each in the forms under which receivers may know it, with the parameter sets that
   * the publisher stated. A codec for which no payload type is left is not offered.
   * @param redundant RED may be made of it, whether or not the publisher sends that.
   */
  offer(published: readonly Codec[], kind: 'audio' | 'video', redundant: boolean): Codec[] {
    const offered = new Map<number, Codec>()
    for (const codec of published) {
      for (const form of offeredCodecs(codec)) {
        const described = this.#describe(form, parameterSetsOf(codec))
        const assigned = this.#assign(described, kind)
        if (!assigned || offered.has(assigned.payloadType)) continue
        const { payloadType, rtx, red } = assigned
        const feedback = feedbackOf(kind, 'subscribe')
        offered.set(payloadType, {
          ...withoutRedundancy(described),
          payloadType,
          rtxPayloadType: rtx,
          feedback,
          ...(redundant && red !== undefined && { red: { payloadType: red, preferred: false } }),
        })
      }
    }
    return [...offered.values()]
  }

  /** Stating parameter sets takes a payload type for each stream. When these run short, we rely on those in the media. */
  #describe(codec: Codec, sets: string): Codec {
    if (sets === '' || this.#isShort) return codec
    return { ...codec, parameters: codec.parameters === '' ? sets : `${codec.parameters};${sets}` }
  }

  get #isShort(): boolean {
    return this.#free.length < numbers.length / 2
  }

  #assign(codec: Codec, kind: 'audio' | 'video'): Assigned | undefined {
    const { name, clockRate, channels, parameters } = codec
    const always = fixed.get(name)
    if (always !== undefined) return { payloadType: always, rtx: undefined, red: undefined }
    const key = `${name}/${clockRate}/${channels} ${parameters}`
    const before = this.#assigned.get(key)
    if (before) return before
    if (this.#free.length < (kind === 'video' ? 2 : 1)) return undefined
    const payloadType = this.#free.shift()
    if (payloadType === undefined) return undefined
    const assigned = {
      payloadType,
      rtx: kind === 'video' ? this.#free.shift() : undefined,
      red: mayBeRedundant(codec) && !this.#isShort ? this.#free.shift() : undefined,
    }
    this.#assigned.set(key, assigned)
    return assigned
  }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
