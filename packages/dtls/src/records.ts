/** Bytes of a DTLS record's header, the last two of which hold the length of what follows (RFC 6347 §4.1). */
const HEADER = 13
const LENGTH_AT = 11
const HANDSHAKE = 22
const CLIENT_HELLO = 1

/**
 * Packs a run of records into datagrams of at most `mtu` bytes, which `send` takes one by one. Never cuts a record: one that is
 * larger than `mtu` gets a datagram of its own.
 */
export function packRecords(
  records: Uint8Array,
  mtu: number,
  send: (bytes: Uint8Array, start: number, end: number) => void,
): void {
  let start = 0
  for (let at = 0; at < records.length; ) {
    const next = at + HEADER + (((records[at + LENGTH_AT] ?? 0) << 8) | (records[at + LENGTH_AT + 1] ?? 0))
    if (next - start > mtu && at > start) {
      send(records, start, at)
      start = at
    }
    at = next
  }
  if (start < records.length) send(records, start, records.length)
}

/** Whether a datagram may be the first of a handshake. */
export function beginsHandshake(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start > HEADER && bytes[start] === HANDSHAKE && bytes[start + HEADER] === CLIENT_HELLO
}
