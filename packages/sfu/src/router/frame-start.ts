import { codecOf, type DependencyDescriptor, PayloadInfo, type RtpPacket } from '@parley/rtp'

/** What begins with a packet of video: a key frame; nothing or another frame; or that cannot be read. */
export type FrameStart = 'key' | 'other' | 'opaque'

const info = new PayloadInfo()

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
  const offset = descriptor ? packet.findExtension(id) : -1
  if (descriptor && offset >= 0) {
    const readable = descriptor.parse(packet.bytes, offset, packet.extensionLength)
    return readable && descriptor.structureAttached && descriptor.startOfFrame ? 'key' : 'other'
  }
  const inspect = inspectors.get(codec)
  if (!inspect?.(packet.bytes, packet.payloadStart, packet.payloadEnd, info)) return 'opaque'
  return info.keyFrame && info.startOfFrame ? 'key' : 'other'
}

/** By name, so that no media type is put together for each packet. */
const inspectors = new Map(
  ['vp8', 'vp9', 'av1', 'h264'].flatMap(name => {
    const codec = codecOf(`video/${name}`)
    return codec ? [[name, codec.inspect] as const] : []
  }),
)
