import { z } from 'zod'
import { limits } from './limits.ts'
import type { Participant, Track } from './model.ts'
import { participantId } from './primitives.ts'
import { candidate } from './signal.ts'

const carried = z
  .strictObject({
    mid: z.string().min(1).max(64).describe('The media section (`mid`, RFC 5888).'),
    participant: participantId,
    track: z.string().min(1).max(64).describe('The `id` that the participant announced.'),
  })
  .describe('The track that a media section of a subscribe offer carries.')
export type CarriedTrack = z.output<typeof carried>

const unserved = z
  .strictObject({
    participant: participantId,
    track: z.string().min(1).max(64),
    codecs: z.array(z.string().max(64)).describe('The codecs in which it is sent.'),
  })
  .describe('A track that the browser cannot decode.')
export type UnservedTrack = z.output<typeof unserved>

const unsent = z
  .strictObject({ participant: participantId, track: z.string().min(1).max(64) })
  .describe('A picture for which there is no room.')
export type UnsentTrack = z.output<typeof unsent>

const demanded = z
  .strictObject({
    track: z.string().min(1).max(64).describe('The `id` that you announced.'),
    encodings: z
      .array(
        z.strictObject({
          rid: z.string().max(64).optional().describe('Absent: the only one.'),
          active: z.boolean(),
        }),
      )
      .max(limits.encodings),
  })
  .describe('Which encodings of a track anybody wants.')
export type DemandedTrack = z.output<typeof demanded>

const answers = z.number().int().nonnegative().describe('The `seq` of the offer that this is about.')

/**
 * A message between a client and the SFU about one of the two connections between them. The client makes the offers for
 * `publish`, the server those for `subscribe`, so that offers never collide.
 */
export const mediaBody = z.object({
  side: z.enum(['publish', 'subscribe']),
  connection: z
    .string()
    .min(1)
    .max(64)
    .describe('Names the RTCPeerConnection, chosen by the side that offers; a new name means a new connection.'),
  seq: z.number().int().nonnegative().describe('Counts up within `connection`, separately at each end.'),
  signal: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('description'),
      description: z.strictObject({
        type: z.enum(['offer', 'answer']),
        sdp: z.string().max(limits.mediaSdpChars),
      }),
      answers: answers.optional(),
      tracks: z.array(carried).max(limits.mediaSections).optional(),
    }),
    z
      .strictObject({ kind: z.literal('candidate'), candidate: candidate.nullable() })
      .describe(
        'The server needs none: it answers connectivity checks with the right credentials, wherever they come from.',
      ),
    z.strictObject({ kind: z.literal('restart') }).describe('`subscribe`: asks for an offer with an ICE restart.'),
    z
      .strictObject({ kind: z.literal('reoffer') })
      .describe(
        '`publish`, from the server: asks for another offer, because more of the others can decode another codec.',
      ),
    z
      .strictObject({ kind: z.literal('demand'), tracks: z.array(demanded).max(limits.mediaSections) })
      .describe(
        '`publish`, from the server: which encodings of your tracks anybody wants at the moment; the others need not be sent. ' +
          'Whenever that changes, with all tracks about which there is something to say.',
      ),
    z
      .strictObject({ kind: z.literal('unserved'), tracks: z.array(unserved).max(limits.mediaSections) })
      .describe('`subscribe`, from the server: all tracks that you want and cannot decode, whenever that changes.'),
    z
      .strictObject({ kind: z.literal('unsent'), tracks: z.array(unsent).max(limits.mediaSections) })
      .describe(
        '`subscribe`, from the server: pictures that you want and are not sent, since the connection has no media section ' +
          'left; whenever that changes. Pausing others makes room.',
      ),
    z
      .strictObject({ kind: z.literal('refused'), answers: answers.optional(), reason: z.string() })
      .describe('From the server: it cannot use that offer or answer, and why.'),
    z.strictObject({ kind: z.literal('close') }),
  ]),
})
export type MediaBody = z.output<typeof mediaBody>
export type MediaSignal = MediaBody['signal']

/** Whether somebody wants a track. A `paused` one keeps its media section, so that it comes back without negotiating. */
const subscriptionState = z.enum(['on', 'paused', 'off'])
export type SubscriptionState = z.output<typeof subscriptionState>

const visiblePixels = z.number().int().min(1).max(limits.wishedPixels).optional()
const layerIndex = z.number().int().min(0).max(7).optional()

export const subscriptionWish = z.strictObject({
  participant: participantId,
  track: z.string().min(1).max(64),
  state: subscriptionState,
  width: visiblePixels.describe(
    'Of the picture as it is shown, in device pixels. Without `width` and `height` the best picture is sent.',
  ),
  height: visiblePixels,
  priority: z
    .enum(['low', 'normal', 'high'])
    .optional()
    .describe('Whose picture stays good for longest when not everything fits. Absent: `normal`.'),
  layer: z
    .strictObject({ spatial: layerIndex, temporal: layerIndex })
    .optional()
    .describe('At most these layers, counted from the lowest, 0, whatever would fit.'),
})
export type SubscriptionWish = z.output<typeof subscriptionWish>

export const subscriptionWishes = z.strictObject({
  auto: z.boolean().optional().describe('Whether tracks that are not listed are sent. Absent: as before.'),
  tracks: z
    .array(subscriptionWish)
    .max(limits.mediaSections)
    .optional()
    .describe('What changes; tracks that are not listed stay as they are.'),
})
/** A change to what somebody wants to receive; before the first one they receive everything. */
export interface SubscriptionWishes {
  /** Whether tracks that are not listed are sent. Absent: as before. */
  readonly auto?: boolean | undefined
  /** What changes; tracks that are not listed stay as they are. */
  readonly tracks?: readonly SubscriptionWish[] | undefined
}

/** A track as far as it concerns the SFU: whether it is muted does not. */
export type AnnouncedTrack = Pick<Track, 'id' | 'source' | 'encrypted'>

/** A participant as far as they concern the SFU. */
export interface MediaSeat extends Pick<Participant, 'id' | 'subscribe'> {
  readonly tracks: readonly AnnouncedTrack[]
}

/** How a topology works for somebody: everything that others send arrives (`settled`), or there is no path to somebody. */
export const mediaState = z.enum(['settled', 'failed'])
export type MediaState = z.output<typeof mediaState>
