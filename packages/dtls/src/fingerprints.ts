import { timingSafeEqual } from 'node:crypto'
import type { Fingerprint } from './types.ts'

const strongestFirst = ['sha-512', 'sha-384', 'sha-256'] as const
const hexBytes = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 } as const

/** The hashes of the certificates that a peer may have. */
export class Fingerprints {
  /** The strongest hash function among those given: the others do not count (RFC 8122 §5). */
  readonly algorithm: Fingerprint['algorithm']
  readonly #values: readonly Buffer[]

  /** Throws RangeError if there are none, or one is malformed. */
  constructor(fingerprints: readonly Fingerprint[]) {
    const algorithm = strongestFirst.find(name => fingerprints.some(given => given.algorithm === name))
    if (!algorithm) throw new RangeError('at least one fingerprint is needed: sha-256, sha-384 or sha-512')
    this.algorithm = algorithm
    this.#values = fingerprints.filter(given => given.algorithm === algorithm).map(parse)
  }

  /** Whether the hash is one of them. Takes the same time wherever they differ. */
  include(digest: Uint8Array): boolean {
    return this.#values.some(value => timingSafeEqual(value, digest))
  }
}

function parse({ algorithm, value }: Fingerprint): Buffer {
  const bytes = Buffer.from(value.replaceAll(':', ''), 'hex')
  const wellFormed = /^[0-9a-f]{2}(?::[0-9a-f]{2})*$/i.test(value)
  if (!wellFormed || bytes.length !== hexBytes[algorithm])
    throw new RangeError(`“${value}” is not a ${algorithm} fingerprint`)
  return bytes
}
