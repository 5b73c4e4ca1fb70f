import { PerSource } from '@parley/net'
import { AppError } from '@parley/protocol'
import { defaultLimits, type SignalingLimits } from './limits.ts'

/** What a source address can hold, through Socket.IO, the relay or HTTP. All are counts, but chat and whiteboards are in bytes. */
export type Held =
  | 'connections'
  | 'sockets'
  | 'sessions'
  | 'guests'
  | 'seats'
  | 'rooms'
  | 'calls'
  | 'chatBytes'
  | 'boardBytes'

/** What each source address holds; a server has one of these for all the ways in. */
export type Holdings = PerSource<Held>

export function createHoldings(given: Partial<SignalingLimits> = {}): Holdings {
  const limits = { ...defaultLimits, ...given }
  return new PerSource<Held>({
    connections: limits.tcpPerAddress,
    // An address over its limit is let in as far as being told so; over twice the limit it is not.
    sockets: 2 * limits.connectionsPerAddress,
    sessions: 2 * limits.connectionsPerAddress,
    guests: limits.guestsPerAddress,
    seats: limits.seatsPerAddress,
    rooms: limits.roomsPerAddress,
    calls: limits.callsPerAddress,
    chatBytes: limits.chatBytesPerAddress,
    boardBytes: limits.boardBytesPerAddress,
  })
}

const words: Readonly<Record<Held, string>> = {
  connections: 'connections',
  sockets: 'connections',
  sessions: 'sessions',
  guests: 'streams and viewers by HTTP',
  seats: 'seats in rooms',
  rooms: 'rooms',
  calls: 'calls',
  chatBytes: 'chat messages',
  boardBytes: 'bytes on whiteboards',
}

/** Throws AppError `over-quota` if a source already holds as many of a kind as it may. */
export function requireSpare(holdings: Holdings, source: string, kind: Held): void {
  if (!hasSpare(holdings, source, kind)) throw overQuota(kind)
}

export function hasSpare(holdings: Holdings, source: string, kind: Held): boolean {
  return holdings.held(source, kind) < holdings.limits[kind]
}

export function overQuota(kind: Held): AppError {
  return new AppError('over-quota', `There are too many ${words[kind]} from this address.`)
}
