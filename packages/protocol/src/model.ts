import { z } from 'zod'
import { limits } from './limits.ts'
import { clientId, displayName, identity, metadata, participantId, roomName, timestamp } from './primitives.ts'

export const trackSource = z.enum(['camera', 'microphone', 'screen', 'screen-audio'])
export type TrackSource = z.output<typeof trackSource>

export const track = z.strictObject({
  id: z.string().min(1).max(64).describe('The id of the MediaStream that carries the track (`msid`, RFC 8830).'),
  source: trackSource,
  muted: z.boolean(),
  encrypted: z
    .literal(true)
    .optional()
    .describe('Its frames are encrypted end to end (SFrame, RFC 9605): only who was given the key can play it.'),
})
export type Track = z.output<typeof track>

/** A key that only the members of a room can unwrap; opaque to the server. */
export const wrappedKey = z
  .string()
  .min(1)
  .max(limits.wrappedKeyChars)
  .regex(/^[\w-]+$/, 'base64url')

export const participant = z.object({
  id: participantId,
  identity,
  name: displayName.describe('Belongs to one identity in the room: a second “Ann” becomes “Ann (2)”.'),
  metadata: metadata.optional(),
  hand: timestamp.optional().describe('When the hand was raised; absent: it is not.'),
  recording: timestamp
    .optional()
    .describe('Since when this participant records the meeting on their device; absent: they do not.'),
  tracks: z.array(track).max(limits.tracksPerParticipant),
  subscribe: z.boolean().describe('False: this participant is not to be sent media.'),
  joinedAt: timestamp.describe('Unique in the room, and later for whoever came later.'),
  via: z
    .enum(['whip', 'whep'])
    .optional()
    .describe('Came over HTTP (WHIP, RFC 9725, or WHEP) without signalling, and can be reached through the SFU only.'),
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

/** How media goes: directly between people (`mesh`), or once to the server, which forwards it (`sfu`). */
export const topology = z.enum(['mesh', 'sfu'])
export type Topology = z.output<typeof topology>

/** What a room is meant to use. `auto`: a mesh for two people, if they find a path, and the SFU from the third on. */
export const topologyWish = z.enum(['auto', 'mesh', 'sfu'])
export type TopologyWish = z.output<typeof topologyWish>

export const roomTopology = z.object({
  wish: topologyWish,
  now: topology,
})
export type RoomTopology = z.output<typeof roomTopology>

const participantIds = z.array(participantId).readonly()

/** What makes media bad, and on whose side: what somebody sends, or what they are sent. */
const qualityReason = z.enum(['uplink-loss', 'downlink-loss', 'downlink-bandwidth', 'delay'])
export type QualityReason = z.output<typeof qualityReason>

/** How well media get to the SFU from somebody, and from there to them. */
export const networkQuality = z.object({
  score: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).describe('4 is excellent, 1 poor.'),
  reason: qualityReason.optional().describe('What it is below 4 for.'),
})
export type NetworkQuality = z.output<typeof networkQuality>

/** Who speaks in a room. */
export const speakers = z.object({
  recent: participantIds.describe('Who speaks, or spoke last, and then those before: the latest first.'),
  speaking: participantIds.describe('Whose voice is heard now, in no order.'),
})
export type Speakers = z.output<typeof speakers>

export const roomSnapshot = z.object({
  room: roomName,
  capacity: z.number().int(),
  createdAt: timestamp,
  topology: roomTopology,
  self: participant,
  participants: z.array(participant).describe('Everybody else, in the order they joined.'),
  chat: z.array(chatMessage).describe('The last messages, oldest first.'),
  qualities: z
    .array(z.object({ participant: participantId, ...networkQuality.shape }))
    .readonly()
    .optional()
    .describe('As far as the SFU has measured them.'),
  speakers: speakers.optional().describe('Absent until the SFU has heard somebody.'),
  board: z.literal(true).optional().describe('There is something on the whiteboard.'),
})
export type RoomSnapshot = z.output<typeof roomSnapshot>

export const callMedia = z.enum(['audio', 'video'])
export type CallMedia = z.output<typeof callMedia>

/** How a call ended. */
const callOutcome = z
  .enum(['rejected', 'busy', 'cancelled', 'no-answer', 'hung-up', 'peer-lost', 'session-closed'])
  .describe('`session-closed` is never sent: the SDK uses it for calls whose session on this side has ended.')
export type CallOutcome = z.output<typeof callOutcome>

export const callState = z.discriminatedUnion('status', [
  z.object({ status: z.literal('ringing'), since: timestamp, until: timestamp }),
  z.object({
    status: z.literal('accepted'),
    since: timestamp,
    room: roomName.describe('The private room of the two sessions.'),
    media: callMedia.describe('How it was answered.'),
    callerSession: participantId,
    calleeSession: participantId.describe('The tab that answered; the others stop ringing.'),
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

const presenceStatus = z.enum(['available', 'in-call', 'away', 'offline'])
export type PresenceStatus = z.output<typeof presenceStatus>

export const presence = person.extend({ status: presenceStatus })
export type Presence = z.output<typeof presence>
