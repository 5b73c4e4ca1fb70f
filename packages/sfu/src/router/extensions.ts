import { type HeaderRewrite, headerExtensions, tokenBytes } from '@parley/rtp'
import type { ExtensionIds } from '../control.ts'

/** Those that say the same to the subscriber as they did to us. What tells of one hop, such as times of sending, does not. */
const passedOn: readonly string[] = [
  headerExtensions.audioLevel,
  headerExtensions.videoOrientation,
  headerExtensions.absCaptureTime,
  headerExtensions.playoutDelay,
  headerExtensions.dependencyDescriptor,
]

/** Lets a header carry what is passed on, from one side's ids to the other's, and the receiver's mid. */
export function mapExtensions(rewrite: HeaderRewrite, from: ExtensionIds, to: ExtensionIds, mid: string): void {
  for (const uri of passedOn) {
    const source = from[uri]
    const target = to[uri]
    if (source !== undefined && target !== undefined) rewrite.mapExtension(source, target)
  }
  const midId = to[headerExtensions.mid]
  if (midId !== undefined) rewrite.setExtension(midId, tokenBytes(mid))
}
