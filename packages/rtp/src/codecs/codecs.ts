import { inspectAv1 } from './av1.ts'
import { inspectH264 } from './h264.ts'
import { inspectH265 } from './h265.ts'
import { type Inspector, inspectStandalone } from './payload-info.ts'
import { inspectVp8 } from './vp8.ts'
import { inspectVp9 } from './vp9.ts'

/** What a codec is to a server that forwards it. */
export interface Codec {
  readonly kind: 'audio' | 'video'
  /** As SDP writes it. */
  readonly name: string
  /** In Hz, where nothing else was negotiated. */
  readonly clockRate: number
  /** Of audio; as SDP writes it, not as it sounds: Opus always says 2 (RFC 7587 §4.1). */
  readonly channels?: number
  readonly inspect: Inspector
}

/** By media type in lower case. A new codec is a row here and a file with its inspector. */
export const codecs = {
  'audio/opus': { kind: 'audio', name: 'opus', clockRate: 48_000, channels: 2, inspect: inspectStandalone }, // RFC 7587
  'audio/red': { kind: 'audio', name: 'red', clockRate: 48_000, channels: 2, inspect: inspectStandalone }, // RFC 2198
  'audio/pcmu': { kind: 'audio', name: 'PCMU', clockRate: 8000, channels: 1, inspect: inspectStandalone }, // RFC 3551
  'audio/pcma': { kind: 'audio', name: 'PCMA', clockRate: 8000, channels: 1, inspect: inspectStandalone },
  'video/vp8': { kind: 'video', name: 'VP8', clockRate: 90_000, inspect: inspectVp8 },
  'video/vp9': { kind: 'video', name: 'VP9', clockRate: 90_000, inspect: inspectVp9 },
  'video/av1': { kind: 'video', name: 'AV1', clockRate: 90_000, inspect: inspectAv1 },
  'video/h264': { kind: 'video', name: 'H264', clockRate: 90_000, inspect: inspectH264 },
  'video/h265': { kind: 'video', name: 'H265', clockRate: 90_000, inspect: inspectH265 },
} as const satisfies Readonly<Record<string, Codec>>

export type CodecMimeType = keyof typeof codecs

/** The codec of a media type in any case: `video/VP8`; undefined if it is not known. */
export function codecOf(mimeType: string): Codec | undefined {
  const key = mimeType.toLowerCase()
  return Object.hasOwn(codecs, key) ? codecs[key as CodecMimeType] : undefined
}
