import { z } from 'zod'
import { boardChange, boardCursor, boardEntries, boardPage, boardPlace } from './board.ts'
import type { WireError } from './errors.ts'
import { limits } from './limits.ts'
import { mediaBody, mediaState, subscriptionWishes } from './media.ts'
import {
  call,
  callMedia,
  chatMessage,
  iceServer,
  participant,
  presence,
  roomSnapshot,
  topology,
  topologyWish,
  track,
  wrappedKey,
} from './model.ts'
import {
  clientId,
  displayName,
  emoji,
  identity,
  metadata,
  participantId,
  roomName,
  timestamp,
  topic,
  writing,
} from './primitives.ts'
import { signalBody } from './signal.ts'

const none = z.strictObject({})

function request<const I extends z.ZodType, const O extends z.ZodType>(doc: string, input: I, output: O) {
  return { doc, input, output }
}

/** What a client may ask. Each request is acknowledged with a {@link Reply}, and may be sent again after a lost connection. */
export const requests = {
  'room.join': request(
    'Join a room; the first to join makes it. Joining again returns a fresh snapshot, without the chat if this connection has been sent it already.',
    z.strictObject({
      room: roomName,
      name: displayName
        .optional()
        .describe('The name in this room; default: the session’s. A name in the token takes precedence.'),
      metadata: metadata.optional(),
      capacity: z
        .number()
        .int()
        .min(limits.roomCapacityMin)
        .max(limits.roomCapacityMax)
        .optional()
        .describe('Used only if this makes the room; at most the server’s --room-size.'),
      topology: topologyWish.optional().describe('Used only if this makes the room. Default: the server’s --topology.'),
      topologyNow: topology
        .optional()
        .describe(
          'The topology in use already, if the room outlives a restart of its server. Used only if this makes the room, and the room may have that topology.',
        ),
    }),
    roomSnapshot,
  ),
  'room.peek': request(
    'See who is inside without joining. A room that does not exist yet is empty. Throws `room-private`, `not-allowed`.',
    z.strictObject({ room: roomName }),
    z.strictObject({
      participants: z.array(displayName).describe('Their names, in the order in which they joined.'),
      capacity: z.number().int(),
    }),
  ),
  'room.leave': request('Leave a room.', z.strictObject({ room: roomName }), none),
  'participant.update': request(
    'Change something about yourself. `tracks` is the whole list; absent fields stay as they are. A name set by the token cannot be changed.',
    z.strictObject({
      room: roomName,
      name: displayName.optional(),
      metadata: metadata.optional(),
      hand: z.boolean().optional(),
      recording: z
        .boolean()
        .optional()
        .describe('You record the meeting on your device, or do not any more: everybody is told. Ends with your seat.'),
      tracks: z.array(track).max(limits.tracksPerParticipant).optional(),
      mutesHeard: z
        .number()
        .int()
        .nonnegative()
        .optional()
        .describe(
          'How many `room.muted` you have received in this room. A track that a host has muted since stays muted, whatever `tracks` says. Absent: all.',
        ),
    }),
    participant,
  ),
  'signal.send': request(
    'Pass a description or a candidate to another member of the same room.',
    z.strictObject({ room: roomName, to: participantId, ...signalBody.shape }),
    none,
  ),
  'key.send': request(
    'Pass a key for end-to-end encryption on, encrypted with a secret that this server does not know: to one other member of the room, or to all. The server does not read it, and keeps no key for those who come later.',
    z.strictObject({
      room: roomName,
      to: participantId.optional().describe('Absent: everybody in the room, including yourself.'),
      key: wrappedKey,
    }),
    none,
  ),
  'message.send': request(
    'Pass a message of the application on: to one other member of the room, or to all others. The server does not read it, and keeps none for those who come later.',
    z.strictObject({
      room: roomName,
      to: participantId.optional().describe('Absent: everybody else in the room.'),
      topic,
      body: z.string().max(limits.messageBodyChars),
    }),
    none,
  ),
  'media.negotiate': request(
    'Negotiate with the SFU: offer what you publish, and answer what it offers. Its messages come as `media.signal`.',
    z.strictObject({ room: roomName, ...mediaBody.shape }),
    none,
  ),
  'media.subscribe': request(
    'Choose which tracks the SFU sends. At first it sends all; with `auto: false`, only those that are listed.',
    z.strictObject({ room: roomName, ...subscriptionWishes.shape }),
    none,
  ),
  'media.report': request(
    'Say how a topology works for you. `settled`, after a change: everything that came through the old topology comes through this one; once everybody has said so, `room.settled` follows. `failed`: there is no path to somebody; the room changes its topology if it may.',
    z.strictObject({
      room: roomName,
      topology: topology.describe('The topology that this is about; the room may have left it already.'),
      state: mediaState,
    }),
    none,
  ),
  'chat.send': request(
    'Write to everybody in the room, including yourself. The answer is the message as kept.',
    z.strictObject({ room: roomName, id: clientId, text: writing(limits.chatTextChars) }),
    chatMessage,
  ),
  'reaction.send': request(
    'Show an emoji to everybody for a moment, including yourself.',
    z.strictObject({ room: roomName, emoji }),
    none,
  ),
  'board.follow': request(
    'Follow the whiteboard of a room: be sent what is on it, in pages, and from now on what others change (`board`) and where they point (`board.cursor`). Go on with `known` set to where the last page ended while there are more. Whoever comes back, or has missed something, does the same.',
    z.strictObject({
      room: roomName,
      known: boardPlace.optional().describe('Up to where you know the board; absent: nothing of it.'),
    }),
    boardPage,
  ),
  'board.unfollow': request('Be told no more of the whiteboard.', z.strictObject({ room: roomName }), none),
  'board.put': request(
    'Put entries on the whiteboard of a room. What is older than what is there changes nothing. All are taken, or, if there is no space for them (`board-full`), none. The answer tells which change this was, as `board` does.',
    z.strictObject({ room: roomName, entries: boardEntries }),
    boardChange,
  ),
  'board.point': request(
    'Point somewhere on the whiteboard, for those who follow it.',
    z.strictObject({
      room: roomName,
      cursor: boardCursor.describe('In the clients’ words, encrypted where the room is. Empty: nowhere any more.'),
    }),
    none,
  ),
  'presence.set': request(
    'Go online, so that others can see and call you, or offline.',
    z.strictObject({ status: z.enum(['available', 'away', 'offline']), name: displayName.optional() }),
    none,
  ),
  'presence.watch': request(
    'Start or stop being told who is online. The answer lists everybody else who is.',
    z.strictObject({ watch: z.boolean() }),
    z.strictObject({ people: z.array(presence) }),
  ),
  'call.invite': request(
    'Call a person who is online. If they are in a call or a room, the call ends as `busy` at once. If two people call each other at the same time, both are in one call, and the answer is that call.',
    z.strictObject({ call: clientId, to: identity, media: callMedia }),
    call,
  ),
  'call.accept': request(
    'Answer in this tab; `audio` answers a video call without video.',
    z.strictObject({ call: clientId, media: callMedia }),
    call,
  ),
  'call.reject': request(
    'Decline a call, with or without a message.',
    z.strictObject({ call: clientId, message: z.string().trim().max(limits.declineMessageChars).optional() }),
    call,
  ),
  'call.cancel': request('Stop calling before the call is answered.', z.strictObject({ call: clientId }), call),
  'call.hangup': request('End an accepted call.', z.strictObject({ call: clientId }), call),
  'session.renew': request(
    'Send a newer token of the same person before the one in use expires. An expired token opens nothing new (rooms, calls, ICE servers), but closes nothing either.',
    z.strictObject({ token: z.string().max(4096) }),
    z.strictObject({
      token: z.string().describe('The access token in use.'),
      until: timestamp.optional().describe('When its rights end; absent: never.'),
      iceServers: z.array(iceServer),
    }),
  ),
  'ice.servers': request(
    'STUN and TURN servers with fresh credentials.',
    none,
    z.strictObject({ iceServers: z.array(iceServer) }),
  ),
} as const

type Requests = typeof requests
export type RequestName = keyof Requests
export type RequestInput<K extends RequestName> = z.output<Requests[K]['input']>
export type RequestOutput<K extends RequestName> = z.output<Requests[K]['output']>

/** The acknowledgement of a request. */
export type Reply<K extends RequestName = RequestName> =
  | { readonly ok: true; readonly value: RequestOutput<K> }
  | { readonly ok: false; readonly error: WireError }
