/** The header of an SFrame ciphertext (RFC 9605 §4.3). */
export interface SFrameHeader {
  /** The key's id, KID: below 2^64. */
  readonly keyId: bigint
  /** CTR: below 2^64, and never twice with one key. */
  readonly counter: bigint
  /** How many bytes the header takes. */
  readonly length: number
}

const flag = { extended: 0x8, value: 0x7 } as const

/** Writes a header in its shortest form. @throws {RangeError} for numbers that do not fit into 64 bits. */
export function encodeHeader(keyId: bigint, counter: bigint): Uint8Array<ArrayBuffer> {
  const key = compact(keyId)
  const count = compact(counter)
  const header = new Uint8Array(1 + key.bytes.length + count.bytes.length)
  header[0] = (key.nibble << 4) | count.nibble
  header.set(key.bytes, 1)
  header.set(count.bytes, 1 + key.bytes.length)
  return header
}

/** Reads the header at the start of `bytes`; undefined if it is cut off, or longer than it needs to be. */
export function decodeHeader(bytes: Uint8Array): SFrameHeader | undefined {
  const config = bytes[0]
  if (config === undefined) return undefined
  const key = readCompact(bytes, config >> 4, 1)
  const count = key && readCompact(bytes, config & 0xf, key.end)
  return count && { keyId: key.value, counter: count.value, length: count.end }
}

function compact(value: bigint): { nibble: number; bytes: readonly number[] } {
  if (value < 0n || value >= 1n << 64n) throw new RangeError(`${value} is not a number of 64 bits`)
  if (value < 8n) return { nibble: Number(value), bytes: [] }
  const bytes: number[] = []
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn))
  return { nibble: flag.extended | (bytes.length - 1), bytes }
}

function readCompact(bytes: Uint8Array, nibble: number, start: number): { value: bigint; end: number } | undefined {
  const small = nibble & flag.value
  if (!(nibble & flag.extended)) return { value: BigInt(small), end: start }
  const end = start + small + 1
  if (end > bytes.length) return undefined
  let value = 0n
  for (let at = start; at < end; at++) value = (value << 8n) | BigInt(bytes[at] ?? 0)
  const shortest = small === 0 ? value >= 8n : value >> BigInt(8 * small) > 0n
  return shortest ? { value, end } : undefined
}
