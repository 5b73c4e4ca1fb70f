/** What travels over the channel under test: one byte of kind, four of number, and filling. */
export type Kind = 'ping' | 'echo' | 'bulk'

const kinds: readonly Kind[] = ['ping', 'echo', 'bulk']
const headBytes = 5

/** A message of exactly that many bytes, at least the five of its head. */
export function encode(kind: Kind, number: number, bytes: number): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(Math.max(headBytes, bytes))
  message[0] = kinds.indexOf(kind)
  new DataView(message.buffer).setUint32(1, number)
  return message
}

/** Undefined for anything that {@link encode} did not write. */
export function decode(
  data: unknown,
): { readonly kind: Kind; readonly number: number; readonly bytes: number } | undefined {
  if (!(data instanceof ArrayBuffer) || data.byteLength < headBytes) return undefined
  const view = new DataView(data)
  const kind = kinds[view.getUint8(0)]
  return kind && { kind, number: view.getUint32(1), bytes: data.byteLength }
}
