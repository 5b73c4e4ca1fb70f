/** One ASN.1 value in Distinguished Encoding (X.690 §8.1): its tag, of one octet, and its content. */
export interface Element {
  readonly tag: number
  readonly content: Uint8Array
}

/** Encodes one element whose content is these parts, one after another. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts)
  return Buffer.concat([Uint8Array.of(tag, ...lengthOctets(content.length)), content])
}

/** The elements that these bytes consist of. Throws RangeError if one runs past the end. */
export function elements(bytes: Uint8Array): Element[] {
  const found: Element[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0
    const first = bytes[at + 1] ?? 0
    const more = first < 0x80 ? 0 : first & 0x7f
    const start = at + 2 + more
    const length = more === 0 ? first : bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0)
    if (start + length > bytes.length) throw new RangeError(`${length} bytes of DER at ${start} of ${bytes.length}`)
    found.push({ tag, content: bytes.subarray(start, start + length) })
    at = start + length
  }
  return found
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 | octets.length, ...octets]
}
