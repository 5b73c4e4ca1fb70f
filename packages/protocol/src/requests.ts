import { z } from 'zod'
import type { WireError } from './errors.ts'
import { limits } from './limits.ts'
import { mediaBody, mediaState, subscriptionWishes } from './media.ts'
import { call, callMedia, chatMessage, iceServer, participant, presence, roomSnapshot, track } from './model.ts'
import {
  clientId,
  displayName,
  emoji,
  identity,
  metadata,
  participantId,
  roomName,
  timestamp,
  writing,
} from './primitives.ts'
import { signalBody } from './signal.ts'
import { topology, topologyWish } from './topology.ts'

const none = z.strictObject({})

function request<const I extends z.ZodType, const O extends z.ZodType>(doc: string, input: I, output: O) {
  return { doc, input, output }
}

/**
 * What a client may ask. Each is acknowledged with a {@link Reply}. Each may be sent again after a lost connection: doing
 * it twice is doing it once.
 */
export const requests = {
  'room.join': request(
    'Take a seat in a room; the first one in makes it. Joining again returns a fresh snapshot; its chat is empty where this connection was sent it already.',
    z.strictObject({
      room: roomName,
      name: displayName
        .optional()
        .describe('For this room; the session’s name otherwise. The token’s name, where it has one, comes first.'),
      metadata: metadata.optional(),
      capacity: z
        .number()
        .int()
        .min(limits.roomCapacityMin)
        .max(limits.roomCapacityMax)
        .optional()
        .describe('Counts for whoever makes the room; at most the server’s --room-size.'),
      topology: topologyWish
        .optional()
        .describe('Counts for whoever makes the room; otherwise the server’s --topology.'),
      topologyNow: topology
        .optional()
        .describe(
          'The way that media takes already, in a room that outlived its server. Counts for whoever makes the room, if it is one that the room may take.',
        ),
    }),
    roomSnapshot,
  ),
  'room.peek': request(
    'Who is inside, without joining. A room that does not exist yet is empty; throws `room-private`, `not-allowed`.',
    z.strictObject({ room: roomName }),
    z.strictObject({
      participants: z.array(displayName).describe('Names, in the order they joined.'),
      capacity: z.number().int(),
    }),
  ),
  'room.leave': request('Give up the seat.', z.strictObject({ room: roomName }), none),
  'participant.update': request(
    'Say what has changed about oneself: `tracks` is the whole list, absent fields stay. Who is named by the token keeps that name.',
    z.strictObject({
      room: roomName,
      name: displayName.optional(),
      metadata: metadata.optional(),
      hand: z.boolean().optional(),
      tracks: z.array(track).max(limits.tracksPerParticipant).optional(),
      mutesHeard: z
        .number()
        .int()
        .nonnegative()
        .optional()
        .describe(
          'How many `room.muted` this seat has heard. A track that a host has muted since stays muted, whatever `tracks` says of it. Absent: all.',
        ),
    }),
    participant,
  ),
  'signal.send': request(
    'Pass a description or a candidate to another member of the same room.',
    z.strictObject({ room: roomName, to: participantId, ...signalBody.shape }),
    none,
  ),
  'media.negotiate': request(
    'Negotiate with the SFU: offer what one publishes, answer what it offers. What it says comes as `media.signal`.',
    z.strictObject({ room: roomName, ...mediaBody.shape }),
    none,
  ),
  'media.subscribe': request(
    'Say which tracks the SFU is to send. At first it sends all; `auto: false` leaves it to the list.',
    z.strictObject({ room: roomName, ...subscriptionWishes.shape }),
    none,
  ),
  'media.report': request(
    'Say how the way that media takes serves oneself. `settled`, after a change: all that came by the old way comes by this one; once everybody has said so, `room.settled` follows. `failed`: there is no path to somebody; a room that may take another way does.',
    z.strictObject({
      room: roomName,
      topology: topology.describe('The way that this is about; by now the room may have left it.'),
      state: mediaState,
    }),
    none,
  ),
  'chat.send': request(
    'Write to everybody in the room, oneself included. The answer is the message as kept.',
    z.strictObject({ room: roomName, id: clientId, text: writing(limits.chatTextChars) }),
    chatMessage,
  ),
  'reaction.send': request(
    'Show an emoji to everybody for a moment, oneself included.',
    z.strictObject({ room: roomName, emoji }),
    none,
  ),
  'presence.set': request(
    'Appear among the people who are online, and so be callable, or stop to.',
    z.strictObject({ status: z.enum(['available', 'away', 'offline']), name: displayName.optional() }),
    none,
  ),
  'presence.watch': request(
    'Start or stop to hear who is online. The answer lists everybody else who is.',
    z.strictObject({ watch: z.boolean() }),
    z.strictObject({ people: z.array(presence) }),
  ),
  'call.invite': request(
    'Call a person who is online; somebody who is in a call or a room is `busy` at once. Two people who invite each other at once are in one call: the answer is then that call.',
    z.strictObject({ call: clientId, to: identity, media: callMedia }),
    call,
  ),
  'call.accept': request(
    'Answer in this tab; `audio` answers a video call without video.',
    z.strictObject({ call: clientId, media: callMedia }),
    call,
  ),
  'call.reject': request(
    'Decline, with or without a message.',
    z.strictObject({ call: clientId, message: z.string().trim().max(limits.declineMessageChars).optional() }),
    call,
  ),
  'call.cancel': request('Stop calling before an answer.', z.strictObject({ call: clientId }), call),
  'call.hangup': request('End an accepted call.', z.strictObject({ call: clientId }), call),
  'session.renew': request(
    'Show a newer token of the same person, before the one in use ends. A token that has ended closes doors (rooms, calls, ICE servers), and none that one is through.',
    z.strictObject({ token: z.string().max(4096) }),
    z.strictObject({
      token: z.string().describe('The access token in use.'),
      until: timestamp.optional().describe('When its rights end.'),
      iceServers: z.array(iceServer),
    }),
  ),
  'ice.servers': request(
    'STUN and TURN servers with fresh credentials.',
    none,
    z.strictObject({ iceServers: z.array(iceServer) }),
  ),
} as const

export type Requests = typeof requests
export type RequestName = keyof Requests
export type RequestInput<K extends RequestName> = z.output<Requests[K]['input']>
export type RequestOutput<K extends RequestName> = z.output<Requests[K]['output']>

/** The acknowledgement of a request. */
export type Reply<K extends RequestName = RequestName> =
  | { readonly ok: true; readonly value: RequestOutput<K> }
  | { readonly ok: false; readonly error: WireError }
