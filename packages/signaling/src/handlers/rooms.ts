import { AppError } from '@parley/protocol'
import { requireTerm } from '../rights/term.ts'
import type { Session } from '../sessions/session.ts'
import type { Switchboard } from '../switchboard.ts'
import type { Handlers } from './handler.ts'

/** Requests about a room. */
export const roomHandlers: Handlers<
  'room' | 'participant' | 'signal' | 'key' | 'message' | 'media' | 'chat' | 'reaction'
> = {
  'room.join'({ board, session, now }, input) {
    if (!board.rooms.of(session.id).has(input.room)) requireRoomAccess(board, session, input.room, now)
    return board.join(session, input, now)
  },

  'room.peek'({ board, session, now }, { room }) {
    requireRoomAccess(board, session, room, now)
    return board.rooms.peek(room, session.id)
  },

  'room.leave'({ board, session, now }, { room }) {
    board.leave(session, room, 'left', now)
    return {}
  },

  'participant.update'({ board, session, now }, { room, ...changes }) {
    const { self } = board.rooms.seat(room, session.id)
    if (session.named && changes.name !== undefined && changes.name !== self.name) {
      throw new AppError('not-allowed', 'The token does not allow to take another name.')
    }
    if (!session.grants.chat && changes.metadata !== undefined && changes.metadata !== self.metadata) {
      throw new AppError('not-allowed', 'The token does not allow to write, and so not to set metadata.')
    }
    if (!session.grants.publish && changes.tracks?.length) {
      throw new AppError('not-allowed', 'The token does not allow to publish.')
    }
    return board.rooms.update(room, session.id, changes, now)
  },

  'signal.send'({ board, session, now }, { room, to, connection, seq, signal }) {
    if (!peer(board, session, room, to)) throw new AppError('no-such-participant')
    board.outbox.send(now, `session:${to}`, 'signal', { room, from: session.id, connection, seq, signal })
    return {}
  },

  'key.send'({ board, session, now }, { room, to, key }) {
    board.rooms.seat(room, session.id)
    if (to !== undefined && !peer(board, session, room, to)) throw new AppError('no-such-participant')
    const channel = to === undefined ? (`room:${room}` as const) : (`session:${to}` as const)
    board.outbox.send(now, channel, 'key', { room, from: session.id, key })
    return {}
  },

  'message.send'({ board, session, now }, { room, to, ...message }) {
    board.rooms.seat(room, session.id)
    if (!session.grants.chat) throw new AppError('not-allowed', 'The token does not allow to write.')
    const event = { room, from: session.id, ...message }
    if (to === undefined) {
      board.outbox.send(now, `room:${room}`, 'message', event, `session:${session.id}`)
    } else {
      if (!peer(board, session, room, to)) throw new AppError('no-such-participant')
      board.outbox.send(now, `session:${to}`, 'message', event)
    }
    return {}
  },

  'media.negotiate'({ board, session, now }, { room, ...body }) {
    board.rooms.seat(room, session.id)
    const { signal } = body
    const characters = signal.kind === 'description' ? signal.description.sdp.length : 0
    if (!session.budgets.descriptions.take(now, characters)) throw new AppError('rate-limited')
    if (body.side === 'publish' && !session.grants.publish) {
      throw new AppError('not-allowed', 'The token does not allow to publish.')
    }
    if (!board.media.receive(room, session.id, body)) throw new AppError('no-sfu')
    return {}
  },

  'media.subscribe'({ board, session }, { room, ...wishes }) {
    board.rooms.seat(room, session.id)
    if (!session.grants.subscribe) throw new AppError('not-allowed', 'The token does not allow to subscribe.')
    if (!board.media.subscribe(room, session.id, wishes)) throw new AppError('no-sfu')
    return {}
  },

  'media.report'({ board, session, now }, { room, topology, state }) {
    board.rooms.seat(room, session.id)
    board.media.report(room, session.id, topology, state, now)
    return {}
  },

  'chat.send'({ board, session, now }, { room, ...said }) {
    board.rooms.seat(room, session.id)
    if (!session.grants.chat) throw new AppError('not-allowed', 'The token does not allow to chat.')
    return board.rooms.write(room, session, said, now)
  },

  'reaction.send'({ board, session, now }, { room, emoji }) {
    board.rooms.seat(room, session.id)
    if (!session.grants.chat) throw new AppError('not-allowed', 'The token does not allow to chat or react.')
    board.outbox.send(now, `room:${room}`, 'reaction', { room, from: session.id, emoji })
    return {}
  },
}

/** Throws AppError if the session may not enter: its token is for another room or has expired, or it was removed. */
function requireRoomAccess(board: Switchboard, session: Session, room: string, now: number): void {
  const { onlyRoom, term } = session
  if (onlyRoom !== undefined && onlyRoom !== room) throw new AppError('not-allowed', 'The token opens another room.')
  requireTerm(term, now)
  board.bans.check({ ...session, room }, now)
}

/** Whether `to` is somebody else in the same room. Throws AppError `not-in-room`. */
function peer(board: Switchboard, session: Session, room: string, to: string): boolean {
  return board.rooms.seat(room, session.id).room.find(to) !== undefined && to !== session.id
}
