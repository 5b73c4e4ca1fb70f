import { setUint16At, setUint32At } from '@parley/bytes'

export interface RtpFields {
  readonly ssrc?: number
  readonly sequenceNumber?: number
  readonly timestamp?: number
  readonly payloadType?: number
  readonly marker?: boolean
  /** In the one-byte form, by id. */
  readonly extensions?: Readonly<Record<number, readonly number[]>>
  readonly payload?: readonly number[]
}

/** Begins a key frame of VP8, and a frame that is none. */
export const vp8Key = [0x10, 0x00, 0x9d, 0x01, 0x2a] as const
export const vp8Delta = [0x10, 0x01, 0x00, 0x00, 0x00] as const

/** Begins a key frame of VP8 that says its size. */
export function vp8KeyOf(width: number, height: number): number[] {
  return [0x10, 0, 0, 0, 0x9d, 0x01, 0x2a, width & 0xff, width >> 8, height & 0xff, height >> 8]
}

/** The bytes of an RTP packet. */
export function rtp(fields: RtpFields): Uint8Array {
  const { ssrc = 1, sequenceNumber = 0, timestamp = 0, payloadType = 96, marker = false } = fields
  const { extensions = {}, payload = vp8Delta } = fields
  const elements = Object.entries(extensions).flatMap(([id, value]) => [
    (Number(id) << 4) | (value.length - 1),
    ...value,
  ])
  while (elements.length % 4) elements.push(0)
  const extension = elements.length ? [0xbe, 0xde, 0, elements.length / 4, ...elements] : []
  const bytes = new Uint8Array([...new Uint8Array(12), ...extension, ...payload])
  bytes[0] = 0x80 | (elements.length ? 0x10 : 0)
  bytes[1] = (marker ? 0x80 : 0) | payloadType
  setUint16At(bytes, 2, sequenceNumber)
  setUint32At(bytes, 4, timestamp)
  setUint32At(bytes, 8, ssrc)
  return bytes
}

export function ascii(text: string): number[] {
  return [...text].map(character => character.charCodeAt(0))
}
