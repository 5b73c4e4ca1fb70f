import type { CipherSuite } from './cipher-suite.ts'
import { FrameKey, ratchet } from './frame-key.ts'
import { decodeHeader } from './header.ts'
import { ReplayWindow } from './replay-window.ts'
import { keyIdOf, placeOf, type SenderKey } from './sender-key.ts'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Why a frame was not decrypted. `malformed`: it is no SFrame ciphertext. `no-key`: it was encrypted with a key that we have not
 * been given, or have dropped. `not-authentic`: it was changed, or encrypted with another key. `replayed`: it has been decrypted
 * before, or is too old to tell.
 */
export type Undecrypted = 'malformed' | 'no-key' | 'not-authentic' | 'replayed'

export type Decrypted =
  | { readonly ok: true; readonly frame: Bytes }
  | { readonly ok: false; readonly reason: Undecrypted }

interface Step {
  readonly step: number
  readonly baseKey: Bytes
  readonly key: FrameKey
  readonly seen: ReplayWindow
}

/** How many generations, and how many steps of each, are kept for frames that are late. */
const kept = 2

/** Decrypts all frames of one sender, and follows the sender's ratchet (RFC 9605 §5.1). */
export class FrameDecryptor {
  readonly #suite: CipherSuite
  /** The newest first, as are the steps of each. */
  #generations: { readonly generation: number; steps: readonly Step[] }[] = []

  constructor(suite: CipherSuite) {
    this.#suite = suite
  }

  /** Accepts a key of the sender. An older key than those in use, or the same again, changes nothing. */
  async addKey({ generation, step, baseKey }: SenderKey): Promise<void> {
    const made = await this.#step(generation, step, baseKey)
    const known = this.#generations.find(candidate => candidate.generation === generation)
    if (known) {
      keep(known, made)
      return
    }
    this.#generations = [...this.#generations, { generation, steps: [made] }]
      .sort((a, b) => b.generation - a.generation)
      .slice(0, kept)
  }

  /** @param metadata What the sender authenticated besides the frame. */
  async open(metadata: Bytes, sealed: Bytes): Promise<Decrypted> {
    const header = decodeHeader(sealed)
    const place = header && placeOf(header.keyId)
    const counter = Number(header?.counter)
    if (!place || !Number.isSafeInteger(counter) || sealed.length < header.length + this.#suite.tagSize) {
      return { ok: false, reason: 'malformed' }
    }
    const known = this.#generations.find(({ generation }) => generation === place.generation)
    const using = known && (await this.#find(known.generation, known.steps, place.step))
    if (!using) return { ok: false, reason: 'no-key' }
    if (!using.seen.admits(counter)) return { ok: false, reason: 'replayed' }
    const frame = await using.key.open(metadata, sealed)
    if (!frame) return { ok: false, reason: 'not-authentic' }
    // Kept only now: a forged key id must not move the ratchet.
    const { seen } = keep(known, using)
    if (!seen.admits(counter)) return { ok: false, reason: 'replayed' } // The same came twice at once.
    seen.accept(counter)
    return { ok: true, frame }
  }

  /** A step that we have, or one that is reached from the newest by ratcheting. */
  async #find(generation: number, steps: readonly Step[], wanted: number): Promise<Step | undefined> {
    const [newest] = steps
    if (!newest || wanted <= newest.step) return steps.find(({ step }) => step === wanted)
    let { baseKey } = newest
    for (let step = newest.step; step < wanted; step++) baseKey = await ratchet(this.#suite, baseKey)
    return this.#step(generation, wanted, baseKey)
  }

  async #step(generation: number, step: number, baseKey: Bytes): Promise<Step> {
    const key = await FrameKey.derive(this.#suite, baseKey, keyIdOf({ generation, step }))
    return { step, baseKey, key, seen: new ReplayWindow() }
  }
}

/** Adds a step that is newer than the others. Returns the step that is kept in its place, which may have been there before. */
function keep(generation: { steps: readonly Step[] }, added: Step): Step {
  const [newest] = generation.steps
  if (!newest || added.step > newest.step) generation.steps = [added, ...generation.steps].slice(0, kept)
  return generation.steps.find(({ step }) => step === added.step) ?? added
}
