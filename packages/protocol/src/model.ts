import { z } from 'zod'
import { limits } from './limits.ts'
import { clientId, displayName, identity, metadata, participantId, roomName, timestamp } from './primitives.ts'
import { roomTopology } from './topology.ts'

export const trackSource = z.enum(['camera', 'microphone', 'screen', 'screen-audio'])
export type TrackSource = z.output<typeof trackSource>

export const track = z.strictObject({
  id: z.string().min(1).max(64).describe('The id of the MediaStream that carries the track (`msid`, RFC 8830).'),
  source: trackSource,
  muted: z.boolean(),
})
export type Track = z.output<typeof track>

export const participant = z.object({
  id: participantId,
  identity,
  name: displayName.describe('Unique in the room for each identity: a second “Ann” becomes “Ann (2)”.'),
  metadata: metadata.optional(),
  hand: timestamp.optional().describe('Since when the hand is up.'),
  tracks: z.array(track).max(limits.tracksPerParticipant),
  subscribe: z.boolean().describe('False: do not send media to this participant.'),
  joinedAt: timestamp.describe('Later for each who came later.'),
  via: z
    .enum(['whip', 'whep'])
    .optional()
    .describe('Came by HTTP (RFC 9725) without signalling: reached through the SFU alone.'),
})
export type Participant = z.output<typeof participant>

export const chatMessage = z.object({
  id: clientId,
  room: roomName,
  from: z.object({ id: participantId, identity, name: displayName }),
  text: z.string().min(1).max(limits.chatTextChars),
  at: timestamp,
})
export type ChatMessage = z.output<typeof chatMessage>

export const iceServer = z.object({
  urls: z.array(z.string()).min(1),
  username: z.string().optional(),
  credential: z.string().optional(),
})
export type IceServer = z.output<typeof iceServer>

export const roomSnapshot = z.object({
  room: roomName,
  capacity: z.number().int(),
  createdAt: timestamp,
  topology: roomTopology,
  self: participant,
  participants: z.array(participant).describe('Everybody else, in the order they joined.'),
  chat: z.array(chatMessage).describe('The last messages, oldest first.'),
})
export type RoomSnapshot = z.output<typeof roomSnapshot>

export const callMedia = z.enum(['audio', 'video'])
export type CallMedia = z.output<typeof callMedia>

/** Why a call is over. */
export const callOutcome = z
  .enum(['rejected', 'busy', 'cancelled', 'no-answer', 'hung-up', 'peer-lost', 'session-closed'])
  .describe('`session-closed` is never sent: the SDK says it of calls whose session, on this side, came to its end.')
export type CallOutcome = z.output<typeof callOutcome>

export const callState = z.discriminatedUnion('status', [
  z.object({ status: z.literal('ringing'), since: timestamp, until: timestamp }),
  z.object({
    status: z.literal('accepted'),
    since: timestamp,
    room: roomName.describe('The private room of the two sessions.'),
    media: callMedia.describe('How it was answered.'),
    callerSession: participantId,
    calleeSession: participantId.describe('The tab that answered; any other tab stops ringing.'),
  }),
  z.object({
    status: z.literal('ended'),
    outcome: callOutcome,
    message: z.string().max(limits.declineMessageChars).optional(),
    at: timestamp,
    durationMs: z.number().int().nonnegative().optional().describe('Time since it was accepted, if it was.'),
  }),
])
export type CallState = z.output<typeof callState>

export const person = z.object({ identity, name: displayName })
export type Person = z.output<typeof person>

export const call = z.object({ id: clientId, media: callMedia, caller: person, callee: person, state: callState })
export type Call = z.output<typeof call>

export const presenceStatus = z.enum(['available', 'in-call', 'away', 'offline'])
export type PresenceStatus = z.output<typeof presenceStatus>

export const presence = person.extend({ status: presenceStatus })
export type Presence = z.output<typeof presence>
