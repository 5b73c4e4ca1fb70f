import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError, limits as protocolLimits } from '@parley/protocol'
import { Alarm } from './alarm.ts'
import { Gate } from './gate.ts'
import { createHoldings } from './holdings.ts'
import { defaultLimits } from './limits.ts'
import type { HttpGuest, RoomInfo, Signaling, SignalingOptions } from './options.ts'
import type { Clock, Observer } from './ports.ts'
import { RelayServer } from './relay/relay-server.ts'
import { Bans } from './rights/bans.ts'
import { requireTerm } from './rights/term.ts'
import type { MeetingRoom } from './rooms/meeting-room.ts'
import { SocketServer } from './socket-server.ts'
import { Spending } from './spending.ts'
import { Switchboard } from './switchboard.ts'
import { webSocketEngine } from './web-sockets.ts'

/** The machine's own time. */
const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

const noObserver: Observer = {
  request() {},
  relayed() {},
  callEnded() {},
  refused() {},
  arrived() {},
  connected() {},
  error: error => console.error(error),
}

/** What would become of somebody without a key in an encrypted room. */
const lacksKey: Readonly<Record<HttpGuest['via'], string>> = {
  whip: 'This meeting is end-to-end encrypted: an encoder has no key, so nobody would play what it sends.',
  whep: 'This meeting is end-to-end encrypted: a player has no key, so it would decode nothing.',
}

/** Puts the signalling server on an HTTP server: Socket.IO at `/socket.io`, the plain relay at `/relay/<room>`. */
export function createSignaling(options: SignalingOptions): Signaling {
  const {
    httpServer,
    clock = systemClock,
    observer = noObserver,
    roomSize = protocolLimits.roomCapacityDefault,
    topology = 'auto',
  } = options
  const limits = { ...defaultLimits, ...options.limits }
  const holdings = options.holdings ?? createHoldings(limits)
  const gate = new Gate({
    allowOrigin: (origin, host) => options.allowOrigin(origin, host),
    clientAddress: request => options.clientAddress(request),
    limits,
    holdings,
    clock,
    observer,
  })
  const spending = new Spending(limits.costs, limits.costsPerAddress)
  const bans = new Bans(options.bans)
  const edge = {
    ...options,
    bans,
    gate,
    clock,
    observer,
    limits,
    spending,
    WebSockets: webSocketEngine(clock),
  }
  const sockets = new SocketServer(edge)
  const relay = new RelayServer(edge)
  const alarm = new Alarm(clock, () => board.timeout(clock.now()))
  const board: Switchboard = new Switchboard(
    {
      wire: sockets,
      limits,
      holdings,
      spending,
      bans,
      tokenEnd: options.tokenEnd ?? 'stay',
      revoked: identity => options.iceServers.revoke?.(identity),
      settings: { capacity: roomSize, wish: topology },
      mediaPlane: options.mediaPlane?.({
        send: (room, id, body) => board.outbox.send(clock.now(), `session:${id}`, 'media.signal', { room, ...body }),
        quality: (room, participant, quality) => board.media.quality(room, participant, quality, clock.now()),
        speakers: (room, speakers) => board.media.speakers(room, speakers, clock.now()),
        lost: () => board.media.lost(clock.now()),
      }),
      newBoard: () => randomUUID(),
      newRoom: () => `call-${randomUUID()}`,
      callEnded: outcome => observer.callEnded(outcome),
      wake: at => alarm.set(at),
    },
    clock.now(),
  )
  sockets.open(board)
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => relay.upgrade(request, socket, head)
  httpServer.on('upgrade', upgrade)

  const describe = (room: MeetingRoom): RoomInfo => ({
    name: room.name,
    capacity: room.capacity,
    createdAt: room.createdAt,
    private: board.rooms.isPrivate(room.name),
    topology: room.topology,
    participants: room.participants().map(participant => {
      const quality = room.qualities.get(participant.id)
      return quality ? { ...participant, quality } : participant
    }),
  })
  const admissible = (room: string, guest: HttpGuest) => {
    requireTerm(guest, clock.now())
    bans.check({ ...guest, room }, clock.now())
    if (!board.spending.may(guest, clock.now())) throw new AppError('rate-limited')
    if (!board.media.available) throw new AppError('sfu-missing')
    const there = board.rooms.find(room)
    if ((there?.topology.wish ?? topology) === 'mesh') {
      throw new AppError('no-sfu', 'This room is a mesh by the wish of who made it.')
    }
    if (there?.participants().some(({ tracks }) => tracks.some(({ encrypted }) => encrypted))) {
      throw new AppError('room-encrypted', lacksKey[guest.via])
    }
    board.rooms.requireEntry(room, guest.id, guest.source)
  }
  const stop = async (reason: string) => {
    gate.close()
    alarm.close()
    await Promise.all([relay.close(reason), sockets.close(reason)])
    httpServer.off('upgrade', upgrade)
  }
  let stopped: Promise<void> | undefined

  return {
    rooms: () => [...board.rooms.all()].map(describe),
    room(name) {
      const room = board.rooms.find(name)
      return room && describe(room)
    },
    mute: (room, participant, source) => board.rooms.mute(room, participant, source, clock.now()),
    remove(room, participant) {
      board.removals.remove(room, participant, clock.now())
      relay.expel(clock.now())
    },
    bans: () => bans.all(clock.now()),
    ban(ban) {
      const made = board.removals.ban(ban, clock.now())
      relay.expel(clock.now())
      return made
    },
    check: newcomer => bans.check(newcomer, clock.now()),
    lift: id => bans.lift(id, clock.now()),
    admissible,
    admit(room, guest) {
      admissible(room, guest)
      const { id, identity, name, via, source } = guest
      const now = clock.now()
      const member = { id, identity, name, metadata: undefined, subscribe: via === 'whep', via, source }
      return board.cause({ source }, now, () => board.admit(room, guest, member, now))
    },
    announce: (room, id, tracks) => void board.rooms.update(room, id, { tracks: [...tracks] }, clock.now()),
    depart(session) {
      if (board.sessions.depart(session, clock.now())) sockets.dismiss(session)
    },
    dismiss: (room, id, reason) => void board.rooms.leave(room, id, reason, clock.now()),
    close(name) {
      board.close(board.rooms.get(name).name, clock.now())
    },
    counts: () => ({
      rooms: board.rooms.size,
      participants: board.rooms.participants,
      sockets: sockets.size + relay.size,
      calls: board.calls.active,
    }),
    stop(reason) {
      stopped ??= stop(reason)
      return stopped
    },
  }
}
