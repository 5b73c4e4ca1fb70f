import { flag, number, oneOf, settingsCodec } from '../report/permalink.ts'

/** How the channel treats lost or late messages (RFC 8831 §6.4). */
export const modes = ['reliable', 'unordered', 'retransmits', 'lifetime'] as const
export type Mode = (typeof modes)[number]

export const channelSettings = settingsCodec({
  mode: oneOf(modes, 'reliable'),
  /** For `retransmits`. */
  retransmits: number(0, { min: 0, max: 100 }),
  /** For `lifetime`, ms. */
  lifetime: number(100, { min: 1, max: 60_000 }),
  chunk: number(16_384, { min: 16, max: 262_144 }),
  seconds: number(3, { min: 1, max: 30 }),
  relayed: flag(false),
})
export type ChannelSettings = typeof channelSettings.fallback

/** The options for `createDataChannel` (RFC 8832 §5.1). */
export function channelInit({ mode, retransmits, lifetime }: ChannelSettings): RTCDataChannelInit {
  const inits: Readonly<Record<Mode, RTCDataChannelInit>> = {
    reliable: { ordered: true },
    unordered: { ordered: false },
    retransmits: { ordered: false, maxRetransmits: Math.round(retransmits) },
    lifetime: { ordered: false, maxPacketLifeTime: Math.round(lifetime) },
  }
  return inits[mode]
}
