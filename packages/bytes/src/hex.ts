const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower-case hexadecimal, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += digits[byte]
  return text
}

/** Reads hexadecimal digits and ignores white space. Throws RangeError for anything else, or an odd number of digits. */
export function fromHex(text: string): Uint8Array {
  const compact = text.replace(/\s+/g, '')
  if (!/^(?:[0-9a-f]{2})*$/i.test(compact)) throw new RangeError('not an even number of hexadecimal digits')
  return Uint8Array.from({ length: compact.length / 2 }, (_, i) => Number.parseInt(compact.slice(2 * i, 2 * i + 2), 16))
}
