import { byKey, codecKey, decodes, isUniversal, offeredCodecs } from '../sdp/codecs.ts'
import type { Codec } from '../sdp/model.ts'

type Kind = 'audio' | 'video'

/**
 * What a participant can decode, as far as we know: from their answers to our offers; else from what they offer to send; else what
 * every client can decode.
 */
export class Abilities {
  readonly #listed = new Map<Kind, readonly Codec[]>()
  readonly #taken: Record<Kind, Map<string, Codec>> = { audio: new Map(), video: new Map() }
  readonly #declined: Record<Kind, Set<string>> = { audio: new Set(), video: new Set() }
  #lessons = 0

  /** How often something new was learnt from their answers. */
  get lessons(): number {
    return this.#lessons
  }

  /** They list these codecs in an offer of their own. Whoever can send a codec can decode it too. */
  listed(kind: Kind, codecs: readonly Codec[]): void {
    this.#listed.set(kind, codecs)
  }

  /** They answered an offer of ours: we offered these codecs, and they took those. */
  answered(kind: Kind, offered: readonly Codec[], taken: readonly Codec[]): void {
    const known = this.#taken[kind]
    const declined = this.#declined[kind]
    const takes = byKey(taken, kind)
    for (const key of byKey(offered, kind).keys()) {
      if (takes.has(key) || declined.has(key)) continue
      declined.add(key)
      this.#lessons++
    }
    for (const [key, codec] of takes) {
      if (!declined.delete(key) && known.has(key)) continue
      known.set(key, codec)
      this.#lessons++
    }
  }

  decodes(codec: Codec, kind: Kind): boolean {
    const taken = this.#taken[kind].values()
    for (const decoder of taken) if (decodes(decoder, codec, kind)) return true
    const forms = offeredCodecs(codec).map(form => codecKey(form, kind) ?? '')
    if (forms.every(form => this.#declined[kind].has(form))) return false
    const listed = this.#listed.get(kind)
    return listed ? listed.some(decoder => decodes(decoder, codec, kind)) : isUniversal(codec, kind)
  }
}
