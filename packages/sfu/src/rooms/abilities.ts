import { codecKey, decodes, isUniversal, offeredCodecs } from '../sdp/codecs.ts'
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

  /** They list these codecs in an offer of their own. Whoever can send a codec can decode it too. */
  listed(kind: Kind, codecs: readonly Codec[]): void {
    this.#listed.set(kind, codecs)
  }

  /** They answered an offer of ours: we offered these codecs, and they took those. */
  answered(kind: Kind, offered: readonly Codec[], taken: readonly Codec[]): void {
    for (const codec of offered) this.#declined[kind].add(codecKey(codec, kind) ?? '')
    for (const codec of taken) {
      const key = codecKey(codec, kind) ?? ''
      this.#declined[kind].delete(key)
      this.#taken[kind].set(key, codec)
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
