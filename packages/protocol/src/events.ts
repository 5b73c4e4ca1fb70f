import { z } from 'zod'
import { boardChanged, boardCursor, boardTouched } from './board.ts'
import { mediaBody } from './media.ts'
import {
  call,
  chatMessage,
  iceServer,
  networkQuality,
  participant,
  presence,
  roomSnapshot,
  speakers,
  topology,
  trackSource,
  wrappedKey,
} from './model.ts'
import { displayName, identity, participantId, roomName, timestamp } from './primitives.ts'
import { signalBody } from './signal.ts'

function event<const P extends z.ZodType>(doc: string, payload: P) {
  return { doc, payload }
}

const leaveReason = z.enum(['left', 'lost', 'removed', 'closed'])
export type LeaveReason = z.output<typeof leaveReason>

/**
 * What the server tells a client. Every event except `welcome` and those of the whiteboard has a second argument, its number in the
 * server's log, which only rises: a client that comes back says the last one that it saw, and is sent what it missed.
 */
export const events = {
  welcome: event(
    'The first event on every connection: who the client is, and whether its session was kept.',
    z.object({
      session: participantId,
      identity,
      name: displayName.optional(),
      token: z
        .string()
        .describe('The access token in use. In open mode the server made it: keep it to stay the same person.'),
      ticket: z.string().describe('Proves this session on reconnecting.'),
      resumed: z
        .boolean()
        .describe('True: the session was kept, and the events that it missed follow. False: join your rooms again.'),
      calls: z.array(call).describe('Ringing and accepted calls of this identity.'),
      iceServers: z.array(iceServer),
      version: z.string().describe('Changes when the server is updated; it need not be a version number.'),
      until: timestamp
        .optional()
        .describe('When the rights of the token end: send `session.renew` before that. Absent: they do not end.'),
      at: timestamp,
    }),
  ),
  'session.ended': event(
    'The session is over; why, is an error of the table. The connection closes.',
    z.object({ code: z.string(), message: z.string(), remedy: z.string() }),
  ),
  'room.entered': event(
    'You were put in a room without asking: in that of a call of yours that was accepted. Comes before that `call`.',
    roomSnapshot,
  ),
  'room.joined': event('Somebody else joined.', z.object({ room: roomName, participant })),
  'room.left': event('Somebody else left.', z.object({ room: roomName, id: participantId, reason: leaveReason })),
  'room.changed': event(
    'Somebody else’s name, metadata, hand, recording or tracks changed.',
    z.object({ room: roomName, participant }),
  ),
  'room.ended': event(
    'You are no longer in the room.',
    z.object({ room: roomName, reason: z.enum(['removed', 'closed']) }),
  ),
  'room.muted': event(
    'A host muted one of your tracks: stop sending it.',
    z.object({ room: roomName, source: trackSource }),
  ),
  'room.topology': event(
    'The room’s topology changes. Keep the old connections open until `room.settled`.',
    z.object({ room: roomName, topology }),
  ),
  'room.settled': event(
    'Everybody has everything through the new topology (`media.report`): close the old connections.',
    z.object({ room: roomName }),
  ),
  'room.quality': event(
    'How well somebody’s media get through has changed, as the SFU measures it. Not told of a room that is a mesh.',
    z.object({ room: roomName, participant: participantId, ...networkQuality.shape }),
  ),
  'room.speakers': event(
    'Who speaks has changed, as the SFU hears it. Not told of a room that is a mesh.',
    z.object({ room: roomName, ...speakers.shape }),
  ),
  'media.signal': event(
    'A message of the SFU about one of your connections.',
    z.object({ room: roomName, ...mediaBody.shape }),
  ),
  'media.lost': event(
    'The SFU has restarted and forgotten your connections: open new ones.',
    z.object({ room: roomName }),
  ),
  signal: event(
    'A message of a peer that negotiates with you.',
    z.object({ room: roomName, from: participantId, ...signalBody.shape }),
  ),
  key: event(
    'A key of a member’s end-to-end encryption (`key.send`).',
    z.object({ room: roomName, from: participantId, key: wrappedKey }),
  ),
  message: event(
    'A message of the application (`message.send`).',
    z.object({ room: roomName, from: participantId, topic: z.string(), body: z.string() }),
  ),
  chat: event('Somebody wrote a chat message.', chatMessage),
  reaction: event('Somebody shows an emoji.', z.object({ room: roomName, from: participantId, emoji: z.string() })),
  board: event(
    'Entries of the whiteboard have changed. Only for those who follow it. Not repeated after a lost connection: follow again.',
    boardChanged,
  ),
  'board.cursor': event(
    'Somebody points somewhere on the whiteboard. Only for those who follow it, and never repeated.',
    z.object({ room: roomName, from: participantId, cursor: boardCursor }),
  ),
  'board.touched': event(
    'Somebody has opened the whiteboard, or has drawn on it, which is told every now and then. Never repeated.',
    boardTouched,
  ),
  presence: event('Somebody came online, changed or went offline.', presence),
  call: event(
    'A call of yours rings, was accepted or has ended. Every tab of both people is told; of the ringing, only the tabs of the callee.',
    call,
  ),
  'server.stopping': event('The server is about to stop; reconnect in a moment.', z.object({ reason: z.string() })),
} as const

type Events = typeof events
export type EventName = keyof Events
export type EventPayload<K extends EventName> = z.output<Events[K]['payload']>
