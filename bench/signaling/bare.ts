import { randomUUID } from 'node:crypto'
import { Server } from 'socket.io'
import { serve } from './server-child.ts'

interface Person {
  readonly id: string
  readonly identity: string
  readonly name: string
}

type Ack = (reply: unknown) => void

/**
 * The least that puts the same messages on the wire with Socket.IO: no schemas, no limits, no log of events, no way to
 * come back after a lost connection. Its options are those of ours.
 */
serve(httpServer => {
  const io = new Server(httpServer, {
    transports: ['websocket'],
    perMessageDeflate: false,
    serveClient: false,
    pingInterval: 5_000,
    pingTimeout: 5_000,
  })
  const rooms = new Map<string, Map<string, object>>()
  let events = 0

  io.on('connection', socket => {
    const person: Person = { id: randomUUID(), identity: randomUUID(), name: String(socket.handshake.auth.name) }
    socket.emit('welcome', {
      session: person.id,
      identity: person.identity,
      name: person.name,
      token: person.identity,
      ticket: person.id,
      resumed: false,
      calls: [],
      iceServers: [],
      version: 'bench',
      at: Date.now(),
    })
    socket.on('room.join', ({ room }: { room: string }, ack: Ack) => {
      const inside = rooms.get(room) ?? new Map<string, object>()
      rooms.set(room, inside)
      const participants = [...inside.values()]
      const self = { ...person, tracks: [], subscribe: true, joinedAt: Date.now() }
      inside.set(person.id, self)
      io.to(room).emit('room.joined', { room, participant: self }, ++events)
      socket.join(room)
      ack({ ok: true, value: { room, capacity: 100, createdAt: Date.now(), self, participants, chat: [] } })
    })
    socket.on('room.leave', ({ room }: { room: string }, ack: Ack) => {
      rooms.get(room)?.delete(person.id)
      socket.leave(room)
      io.to(room).emit('room.left', { room, id: person.id, reason: 'left' }, ++events)
      ack({ ok: true, value: {} })
    })
    socket.on('chat.send', ({ room, id, text }: { room: string; id: string; text: string }, ack: Ack) => {
      const message = { id, room, from: person, text, at: Date.now() }
      io.to(room).emit('chat', message, ++events)
      ack({ ok: true, value: message })
    })
  })
})
