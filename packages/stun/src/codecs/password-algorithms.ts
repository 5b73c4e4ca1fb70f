import type { Reader, Writer } from '@parley/bytes'
import type { Codec } from '../attributes/attribute.ts'
import { list } from './values.ts'

/** IANA's "STUN Password Algorithms" (RFC 8489 §18.5). */
const passwordAlgorithmCodes = { md5: 0x0001, sha256: 0x0002 } as const

export type PasswordAlgorithmName = keyof typeof passwordAlgorithmCodes

/** How a long-term key is made from a password. Both registered algorithms have no parameters. */
interface PasswordAlgorithm {
  readonly algorithm: number
  readonly parameters: Uint8Array
}

/** The registered name of an algorithm; undefined if its number is unknown, or if it has parameters, which neither may. */
export function nameOfAlgorithm({ algorithm, parameters }: PasswordAlgorithm): PasswordAlgorithmName | undefined {
  if (parameters.length > 0) return undefined
  if (algorithm === passwordAlgorithmCodes.sha256) return 'sha256'
  return algorithm === passwordAlgorithmCodes.md5 ? 'md5' : undefined
}

/** PASSWORD-ALGORITHM (RFC 8489 §14.12). */
export const passwordAlgorithm: Codec<PasswordAlgorithm> = {
  decode: decodeAlgorithm,
  encode: encodeAlgorithm,
}

/** PASSWORD-ALGORITHMS (RFC 8489 §14.11), the preferred one first. */
export const passwordAlgorithms: Codec<readonly PasswordAlgorithm[]> = {
  decode: reader => list(reader, () => decodeAlgorithm(reader)),
  encode(writer, algorithms) {
    for (const algorithm of algorithms) encodeAlgorithm(writer, algorithm)
  },
}

function decodeAlgorithm(reader: Reader): PasswordAlgorithm {
  const algorithm = reader.uint16()
  const length = reader.uint16()
  const parameters = reader.take(length)
  // Some implementations leave out the padding after the last one, as if it were an attribute's own.
  reader.skip(Math.min(paddingAfter(length), reader.remaining))
  return { algorithm, parameters }
}

function encodeAlgorithm(writer: Writer, { algorithm, parameters }: PasswordAlgorithm): void {
  writer.uint16(algorithm)
  writer.uint16(parameters.length)
  writer.put(parameters)
  writer.zeros(paddingAfter(parameters.length))
}

function paddingAfter(length: number): number {
  return -length & 3
}
