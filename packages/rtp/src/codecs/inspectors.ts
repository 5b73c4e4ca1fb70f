import { inspectAv1 } from './av1.ts'
import { inspectH264 } from './h264.ts'
import { inspectH265 } from './h265.ts'
import type { Inspector } from './payload-info.ts'
import { inspectVp8 } from './vp8.ts'
import { inspectVp9 } from './vp9.ts'

/**
 * The video codecs that can be told by their payload, by encoding name in lower case. A new codec is a row here and a file
 * with its inspector.
 */
export const inspectors: ReadonlyMap<string, Inspector> = new Map([
  ['vp8', inspectVp8],
  ['vp9', inspectVp9],
  ['av1', inspectAv1],
  ['h264', inspectH264],
  ['h265', inspectH265],
])
