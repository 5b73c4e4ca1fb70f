import type { NetworkQuality, QualityReason } from '@parley/protocol'
import type { RoomInspection } from '@parley/sfu'

/** Where the cause lies, as seen from the participant: on the way from them, to them, or either. */
const sides: Readonly<Record<QualityReason, 'uplink' | 'downlink' | 'either'>> = {
  'uplink-loss': 'uplink',
  'downlink-loss': 'downlink',
  'downlink-bandwidth': 'downlink',
  delay: 'either',
}

/** A quality with the side that its reason lies on. */
export function withSide(quality: NetworkQuality) {
  return quality.reason === undefined ? quality : { ...quality, side: sides[quality.reason] }
}

/** What the admin API tells of a room's media. */
export function describeMedia(room: string, { participants, ...inspected }: RoomInspection) {
  return {
    room,
    ...inspected,
    participants: participants.map(({ quality, ...participant }) => ({
      ...participant,
      ...(quality && { quality: withSide(quality) }),
    })),
  }
}
