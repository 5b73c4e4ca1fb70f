import { concat } from '../aead.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** AV1 §6.2.2. */
const obuType = { sequenceHeader: 1, frame: 6 } as const
/** Flags of an OBU's header (AV1 §5.3.2). */
const flag = { extension: 0x04, size: 0x02 } as const
const maxSizeBytes = 8

interface Obu {
  readonly type: number
  /** With its header. */
  readonly start: number
  readonly payload: number
  readonly end: number
}

/** The frame's sequence header, if it has one, then `hidden` as the payload of a frame OBU, in the low-overhead format (AV1 §5.2). */
export function wrapAv1(frame: Uint8Array, hidden: Uint8Array): Bytes | undefined {
  const obus = readObus(frame)
  if (!obus) return undefined
  const sequence = obus.find(({ type }) => type === obuType.sequenceHeader)
  const clear = sequence ? frame.subarray(sequence.start, sequence.end) : new Uint8Array(0)
  return concat(clear, [(obuType.frame << 3) | flag.size, ...leb128(hidden.length)], hidden)
}

/** What {@link wrapAv1} has hidden. */
export function unwrapAv1(frame: Uint8Array): Bytes | undefined {
  const hiding = readObus(frame)?.find(({ type }) => type === obuType.frame)
  return hiding && new Uint8Array(frame.subarray(hiding.payload, hiding.end))
}

/** Finds the OBUs of a frame; undefined if it does not consist of OBUs. Only the last may have no size: it is the rest. */
function readObus(frame: Uint8Array): readonly Obu[] | undefined {
  const obus: Obu[] = []
  for (let at = 0; at < frame.length; ) {
    const head = frame[at] ?? 0
    let payload = at + (head & flag.extension ? 2 : 1)
    let end = frame.length
    if (head & flag.size) {
      let size = 0
      for (let i = 0; ; i++) {
        const byte = frame[payload++]
        if (byte === undefined || i === maxSizeBytes) return undefined
        size += (byte & 0x7f) * 2 ** (7 * i)
        if (byte < 0x80) break
      }
      end = payload + size
    }
    if (head & 0x80 || payload > end || end > frame.length) return undefined
    obus.push({ type: (head >> 3) & 0x0f, start: at, payload, end })
    at = end
  }
  return obus
}

/** AV1 §4.10.5. */
function leb128(value: number): number[] {
  return value < 0x80 ? [value] : [0x80 | (value & 0x7f), ...leb128(value >> 7)]
}
