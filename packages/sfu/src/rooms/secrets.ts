import type { IceCredentials } from '../control.ts'

/** Everything that is random: credentials, SSRCs, names. */
export class Secrets {
  readonly #random: (bytes: number) => Uint8Array

  constructor(random: (bytes: number) => Uint8Array) {
    this.#random = random
  }

  /** ICE credentials of 48 and 192 random bits, in characters that RFC 8839 §5.4 allows. */
  ice(): IceCredentials {
    return { ufrag: this.text(6), password: this.text(24) }
  }

  /** Base64 of so many random bytes, of which multiples of three need no padding. */
  text(bytes: number): string {
    return Buffer.from(this.#random(bytes)).toString('base64')
  }

  /** A random name that fits into SDP and URLs. */
  name(bytes = 9): string {
    return Buffer.from(this.#random(bytes)).toString('base64url')
  }

  /** An SSRC that is not in `taken` (RFC 3550 §8.1), and not 0, which some stacks take for "none". */
  ssrc(taken: ReadonlySet<number>): number {
    for (;;) {
      const ssrc = Buffer.from(this.#random(4)).readUInt32BE()
      if (ssrc !== 0 && !taken.has(ssrc)) return ssrc
    }
  }

  /** The `sess-id` of a description: 62 random bits in decimal (RFC 9429 §5.2.1). */
  sessionId(): string {
    return String(Buffer.from(this.#random(8)).readBigUInt64BE() >> 2n)
  }
}
