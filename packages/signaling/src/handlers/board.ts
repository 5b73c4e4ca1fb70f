import { AppError } from '@parley/protocol'
import type { Handlers } from './handler.ts'

/** The whiteboard of a room, for those who sit in it. */
export const boardHandlers: Handlers<'board'> = {
  'board.follow'({ board, session, now }, { room, known }) {
    board.rooms.seat(room, session.id)
    const channel = `board:${room}` as const
    const followed = board.outbox.channels(session.id).includes(channel)
    board.outbox.subscribe(session.id, channel)
    const told = { room, from: session.id, how: 'opened' } as const
    if (!followed) board.outbox.tell(now, `room:${room}`, 'board.touched', told, { except: `session:${session.id}` })
    return board.boards.page(room, known)
  },

  'board.unfollow'({ board, session }, { room }) {
    board.rooms.seat(room, session.id)
    board.outbox.unsubscribe(session.id, `board:${room}`)
    return {}
  },

  'board.put'({ board, session, now }, { room, entries }) {
    board.rooms.seat(room, session.id)
    if (!session.grants.chat)
      throw new AppError('not-allowed', 'The token does not allow to write, and so not to draw.')
    const { changed, ...change } = board.boards.put(room, session.source, entries)
    if (changed.length > 0) {
      const others = { except: `session:${session.id}` } as const
      const told = { room, from: session.id }
      board.outbox.tell(now, `board:${room}`, 'board', { ...told, ...change, entries: changed }, others)
      if (board.boards.touch(room, session.id, now)) {
        board.outbox.tell(now, `room:${room}`, 'board.touched', { ...told, how: 'drew' }, others)
      }
    }
    return change
  },

  'board.point'({ board, session, now }, { room, cursor }) {
    board.rooms.seat(room, session.id)
    if (!session.grants.chat)
      throw new AppError('not-allowed', 'The token does not allow to write, and so not to point.')
    const how = { except: `session:${session.id}`, droppable: true } as const
    board.outbox.tell(now, `board:${room}`, 'board.cursor', { room, from: session.id, cursor }, how)
    return {}
  },
}
