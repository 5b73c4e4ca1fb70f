import { uint16At, type Writer } from '@parley/bytes'

/** What became of a packet (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1.1). 3 is reserved. */
export const packetStatus = { notReceived: 0, smallDelta: 1, largeDelta: 2 } as const
export type PacketStatus = 1 | 2

const reserved = 3
const maxRun = 0x1fff

/**
 * Reads chunks until they cover `count` packets (§3.1.2 to §3.1.4), and calls back for each packet that arrived. Each of them
 * needs at least a byte later on for its time, which bounds the work. Returns where the chunks end, or -1 if they are
 * malformed.
 */
export function readStatusChunks(
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
  onReceived: (index: number, status: PacketStatus) => void,
): number {
  let at = start
  let budget = end - start
  const take = (index: number, status: number): boolean => {
    if (status === reserved || --budget < 0) return false
    onReceived(index, status as PacketStatus)
    return true
  }
  for (let index = 0; index < count; at += 2) {
    if (at + 2 > end) return -1
    const chunk = uint16At(bytes, at)
    const left = count - index
    if (chunk < 0x8000) {
      const status = chunk >> 13
      const run = Math.min(left, chunk & maxRun)
      if (run === 0) return -1
      if (status === reserved) return -1
      for (let i = 0; status !== packetStatus.notReceived && i < run; i++) if (!take(index + i, status)) return -1
      index += run
    } else {
      const bits = chunk & 0x4000 ? 2 : 1
      const symbols = Math.min(left, 14 / bits)
      for (let i = 0; i < symbols; i++) {
        const status = (chunk >> (14 - bits * (i + 1))) & (bits === 2 ? 3 : 1)
        if (status !== packetStatus.notReceived && !take(index + i, status)) return -1
      }
      index += symbols
    }
  }
  return at
}

/**
 * Writes chunks for these statuses: a run where that covers at least as many as a vector would, else a vector of 14 one-bit
 * symbols if none of them is a large delta, else a vector of 7 two-bit symbols.
 */
export function writeStatusChunks(writer: Writer, statuses: Uint8Array): void {
  for (let at = 0; at < statuses.length; ) {
    const oneBit = !statuses.subarray(at, at + 14).includes(packetStatus.largeDelta)
    const symbols = oneBit ? 14 : 7
    const run = runAt(statuses, at)
    if (run >= Math.min(symbols, statuses.length - at)) {
      writer.uint16(((statuses[at] as number) << 13) | run)
      at += run
    } else {
      writer.uint16(vector(statuses, at, symbols))
      at += symbols
    }
  }
}

function runAt(statuses: Uint8Array, start: number): number {
  let at = start + 1
  while (at < statuses.length && at - start < maxRun && statuses[at] === statuses[start]) at++
  return at - start
}

function vector(statuses: Uint8Array, start: number, symbols: number): number {
  const bits = 14 / symbols
  let chunk = bits === 2 ? 0xc000 : 0x8000
  for (let i = 0; i < symbols; i++) chunk |= (statuses[start + i] ?? 0) << (14 - bits * (i + 1))
  return chunk
}
