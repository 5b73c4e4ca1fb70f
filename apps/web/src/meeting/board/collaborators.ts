import type { Collaborator, SocketId } from '@excalidraw/excalidraw/types'
import type { Board, Room } from '@parley/client'
import { readCursor } from './cursors.ts'

/**
 * Whoever points somewhere, with their names, as Excalidraw wants them; their colours follow from their ids, and so are the same for
 * everybody. Calls back at every change, until the function that it returns is called.
 */
export function watchCollaborators(
  room: Pick<Room, 'state' | 'on'> & { readonly board: Pick<Board, 'on'> },
  changed: (collaborators: Map<SocketId, Collaborator>) => void,
): () => void {
  const here = new Map<SocketId, Collaborator>()
  const forget = (id: string) => {
    if (here.delete(id as SocketId)) changed(new Map(here))
  }
  const stops = [
    room.board.on('cursor', ({ from, cursor: text }) => {
      const person = room.state.participants.find(({ id }) => id === from)
      const cursor = text === undefined ? undefined : readCursor(text)
      if (!person || !cursor) return forget(from)
      const { x, y, laser, down } = cursor
      here.set(from as SocketId, {
        id: from,
        socketId: from as SocketId,
        username: person.name,
        pointer: { x, y, tool: laser ? 'laser' : 'pointer', renderCursor: true },
        button: down ? 'down' : 'up',
      })
      changed(new Map(here))
    }),
    room.on('left', ({ participant: { id } }) => forget(id)),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
