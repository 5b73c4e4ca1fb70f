import type { IceCredentials } from '../control.ts'

/** What is made by chance: credentials, sources, names. */
export class Secrets {
  readonly #random: (bytes: number) => Uint8Array

  constructor(random: (bytes: number) => Uint8Array) {
    this.#random = random
  }

  /** 48 and 192 bits, in characters that ICE allows (RFC 8839 §5.4). */
  ice(): IceCredentials {
    return { ufrag: this.text(6), password: this.text(24) }
  }

  /** Base64 of so many bytes; multiples of three need no padding. */
  text(bytes: number): string {
    return Buffer.from(this.#random(bytes)).toString('base64')
  }

  /** For names in SDP and URLs. */
  name(bytes = 9): string {
    return Buffer.from(this.#random(bytes)).toString('base64url')
  }

  /** A source that is not among those `taken` (RFC 3550 §8.1), nor zero, which some stacks take for none. */
  ssrc(taken: ReadonlySet<number>): number {
    for (;;) {
      const ssrc = Buffer.from(this.#random(4)).readUInt32BE()
      if (ssrc !== 0 && !taken.has(ssrc)) return ssrc
    }
  }

  /** `sess-id` of a description: 62 bits in decimal (RFC 9429 §5.2.1). */
  sessionId(): string {
    return String(Buffer.from(this.#random(8)).readBigUInt64BE() >> 2n)
  }
}
