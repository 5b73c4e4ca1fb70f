import { type DependencyDescriptor, inspectors, PayloadInfo, type RtpPacket } from '@parley/rtp'

/** What begins with a packet of video: a key frame; nothing or another frame; or that cannot be read. */
export type FrameStart = 'key' | 'other' | 'opaque'

const info = new PayloadInfo()

/** What {@link frameStart} saw of the last packet besides: the picture's size in pixels, where it says; else 0. */
export const seen = { pixels: 0 }

/**
 * What begins with this packet, by its dependency descriptor, which is readable where the payload is encrypted, or else by
 * its payload.
 *
 * @param descriptor The stream's own, or undefined where none was agreed; `id` is its identifier.
 */
export function frameStart(
  packet: RtpPacket,
  codec: string,
  descriptor: DependencyDescriptor | undefined,
  id: number,
): FrameStart {
  seen.pixels = 0
  const offset = descriptor ? packet.findExtension(id) : -1
  if (descriptor && offset >= 0) {
    const readable = descriptor.parse(packet.bytes, offset, packet.extensionLength)
    const isKey = readable && descriptor.structureAttached && descriptor.startOfFrame
    if (isKey) look(packet, codec)
    return isKey ? 'key' : 'other'
  }
  if (!look(packet, codec)) return 'opaque'
  return info.keyFrame && info.startOfFrame ? 'key' : 'other'
}

function look(packet: RtpPacket, codec: string): boolean {
  const readable = inspectors.get(codec)?.(packet.bytes, packet.payloadStart, packet.payloadEnd, info) ?? false
  if (readable) seen.pixels = info.width * info.height
  return readable
}
