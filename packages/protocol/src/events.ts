import { z } from 'zod'
import { mediaBody } from './media.ts'
import { call, chatMessage, iceServer, participant, presence, roomSnapshot, trackSource } from './model.ts'
import { displayName, identity, participantId, roomName, timestamp } from './primitives.ts'
import { signalBody } from './signal.ts'
import { topology } from './topology.ts'

function event<const P extends z.ZodType>(doc: string, payload: P) {
  return { doc, payload }
}

export const leaveReason = z.enum(['left', 'lost', 'removed', 'closed'])
export type LeaveReason = z.output<typeof leaveReason>

/**
 * What the server tells a client. Every event but `welcome` carries, as a second argument, its place in the server's
 * log (a number that only rises): a client that comes back says the last one it saw and is sent what it missed.
 */
export const events = {
  welcome: event(
    'First on every connection: who one is, and whether the seat was kept.',
    z.object({
      session: participantId,
      identity,
      name: displayName.optional(),
      token: z
        .string()
        .describe('The access token in use; in open mode made by the server: keep it to stay the same person.'),
      ticket: z.string().describe('Proof of this session, to be shown on reconnecting.'),
      resumed: z.boolean().describe('True: seats were kept and what was missed follows. False: join your rooms again.'),
      calls: z.array(call).describe('Calls of this identity that are ringing or accepted.'),
      iceServers: z.array(iceServer),
      version: z.string().describe('The build of the server: another text after an update. It does not say which.'),
      until: timestamp
        .optional()
        .describe('When the rights of the token end; `session.renew` before that. Absent: they do not.'),
      at: timestamp,
    }),
  ),
  'session.ended': event(
    'The session is over, and why: an error of the table. The connection closes.',
    z.object({ code: z.string(), message: z.string(), remedy: z.string() }),
  ),
  'room.entered': event(
    'You were given a seat without asking: in the room of a call of yours that was accepted. Comes before that `call`.',
    roomSnapshot,
  ),
  'room.joined': event('Somebody else came.', z.object({ room: roomName, participant })),
  'room.left': event('Somebody else went.', z.object({ room: roomName, id: participantId, reason: leaveReason })),
  'room.changed': event(
    'Somebody else’s name, metadata, hand or tracks changed.',
    z.object({ room: roomName, participant }),
  ),
  'room.ended': event('Your own seat is gone.', z.object({ room: roomName, reason: z.enum(['removed', 'closed']) })),
  'room.muted': event(
    'A host muted one of your tracks: stop sending it.',
    z.object({ room: roomName, source: trackSource }),
  ),
  'room.topology': event(
    'Media takes another way from now on. The old one stays open until `room.settled`.',
    z.object({ room: roomName, topology }),
  ),
  'room.settled': event(
    'Everybody has everything by the way that media takes now (`media.report`): close the old one.',
    z.object({ room: roomName }),
  ),
  'media.signal': event('The SFU negotiates.', z.object({ room: roomName, ...mediaBody.shape })),
  'media.lost': event(
    'The SFU was started anew and knows nothing of your connections: open new ones.',
    z.object({ room: roomName }),
  ),
  signal: event('A peer negotiates.', z.object({ room: roomName, from: participantId, ...signalBody.shape })),
  chat: event('Somebody wrote.', chatMessage),
  reaction: event('Somebody shows an emoji.', z.object({ room: roomName, from: participantId, emoji: z.string() })),
  presence: event('Somebody came online, changed or went.', presence),
  call: event(
    'A call of yours rings, was accepted or ended. Every tab of both people hears it, but the ringing only those of the person called.',
    call,
  ),
  'server.stopping': event(
    'The server is about to stop; the connection will come back.',
    z.object({ reason: z.string() }),
  ),
} as const

export type Events = typeof events
export type EventName = keyof Events
export type EventPayload<K extends EventName> = z.output<Events[K]['payload']>
