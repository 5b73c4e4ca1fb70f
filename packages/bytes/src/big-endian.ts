/**
 * Numbers in network byte order, unchecked: for packet paths that have checked their bounds already. Outside the array, a
 * byte reads as 0 and a write is lost; nothing throws.
 */
export function uint16At(bytes: Uint8Array, offset: number): number {
  return (byteAt(bytes, offset) << 8) | byteAt(bytes, offset + 1)
}

export function uint32At(bytes: Uint8Array, offset: number): number {
  return ((uint16At(bytes, offset) << 16) | uint16At(bytes, offset + 2)) >>> 0
}

export function setUint16At(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 8
  bytes[offset + 1] = value
}

export function setUint32At(bytes: Uint8Array, offset: number, value: number): void {
  setUint16At(bytes, offset, value >>> 16)
  setUint16At(bytes, offset + 2, value)
}

/** One byte; 0 outside the array. */
export function byteAt(bytes: Uint8Array, offset: number): number {
  return bytes[offset] ?? 0
}
