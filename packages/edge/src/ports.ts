// Who can be called from another process or thread, and with what. Each port is an interface and the table of its calls.
import type {
  MediaBody,
  MediaSeat,
  NetworkQuality,
  Speakers,
  SubscriptionWishes,
  UnservedTrack,
} from '@parley/protocol'
import type {
  FromMedia,
  RoomInspection,
  ToMedia,
  TransportStatistics,
  WhipAnswer,
  WhipPublished,
  WhipRestarted,
} from '@parley/sfu'
import type { LoopKind } from '@parley/udp'
import type { EdgeAddresses, EdgeConfig, Revocation } from './config.ts'
import type { EdgeCounters, ThreadCounters } from './counters.ts'
import type { ErrorRow } from './errors.ts'
import type { Port } from './mailbox.ts'

// In the media process, for the main process.

/** Where STUN, TURN and media are served. */
export interface EdgeInfo {
  /** UDP and TCP. */
  readonly port: number
  readonly loop: LoopKind
  /** Undefined: not asked for. */
  readonly sfu: SfuAvailability | undefined
}

/** Whether media can be served here. */
export type SfuAvailability =
  | { readonly is: 'ready'; readonly ports: readonly number[] }
  /** What this machine lacks, in words. */
  | { readonly is: 'missing'; readonly why: string }

/** The media process itself; the other ports are there once it has started. */
export interface ProcessCalls {
  /** Rejects with the system's code, such as `EADDRINUSE`, where a port cannot be had. */
  start(config: EdgeConfig): Promise<EdgeInfo>
  /** It ends. */
  stop(): void
}
export const processPort: Port<ProcessCalls> = { to: 'process', calls: { start: 'ask', stop: 'tell' } }

export interface ServerCalls {
  /** The machine's interfaces have changed. */
  setAddresses(addresses: EdgeAddresses): void
  revoke(revocation: Revocation): void
  counters(): Promise<EdgeCounters>
}
export const serverPort: Port<ServerCalls> = {
  to: 'server',
  calls: { setAddresses: 'tell', revoke: 'tell', counters: 'ask' },
}

/** The SFU, for those who have signalling. */
export interface SfuCalls {
  /** Somebody takes a seat, or what is known of them has changed. */
  seat(room: string, seat: MediaSeat): void
  unseat(room: string, id: string): void
  /** What a seated client says of its connections. */
  receive(room: string, id: string, body: MediaBody): void
  subscribe(room: string, id: string, wishes: SubscriptionWishes): void
  /** What the media of a room look like now; undefined: nobody has a seat in it. */
  inspect(room: string): Promise<RoomInspection | undefined>
}
export const sfuPort: Port<SfuCalls> = {
  to: 'sfu',
  calls: { seat: 'tell', unseat: 'tell', receive: 'tell', subscribe: 'tell', inspect: 'ask' },
}

/** The SFU, for those who come by HTTP: see `Whip`. Refuses with NegotiationError. */
export interface WhipCalls {
  publish(room: string, id: string, offer: string): Promise<WhipPublished>
  /** `of`: the participant to play; null: the first who sends. */
  play(room: string, id: string, offer: string, of: string | null): Promise<WhipAnswer>
  /** `mayRestart`: new credentials are to be taken, not only looked at. */
  patch(room: string, id: string, fragment: string, mayRestart: boolean): Promise<WhipRestarted | undefined>
}
export const whipPort: Port<WhipCalls> = { to: 'whip', calls: { publish: 'ask', play: 'ask', patch: 'ask' } }

// In the main process, for the media process.

/** Whoever started the media process. */
export interface SupervisorCalls {
  /** Something was thrown that nobody expected; service goes on. */
  mistake(error: ErrorRow): void
}
export const supervisorPort: Port<SupervisorCalls> = { to: 'supervisor', calls: { mistake: 'tell' } }

/** The way to clients who have signalling. */
export interface SignalingCalls {
  send(room: string, id: string, body: MediaBody): void
  /** How well somebody's media get through has changed. */
  quality(room: string, participant: string, quality: NetworkQuality): void
  /** Who speaks in a room has changed. */
  speakers(room: string, speakers: Speakers): void
}
export const signalingPort: Port<SignalingCalls> = {
  to: 'signaling',
  calls: { send: 'tell', quality: 'tell', speakers: 'tell' },
}

/** Hears of participants whom signalling does not hear: those who came by HTTP, and those who cannot be served. */
export interface GuestCalls {
  /** Somebody without signalling has connected, and may have a seat. */
  came(room: string, id: string): void
  /** Their connection has ended, or never came about. `why` is for people. */
  gone(room: string, id: string, why: string): void
  /** Anybody sends more than they may, and the rest is dropped. */
  excess(room: string, id: string): void
  /** What anybody wants and cannot decode; the whole list each time it changes. */
  unserved(room: string, id: string, tracks: readonly UnservedTrack[]): void
}
export const guestsPort: Port<GuestCalls> = {
  to: 'guests',
  calls: { came: 'tell', gone: 'tell', excess: 'tell', unserved: 'tell' },
}

// Between the main thread of the media process and its workers.

export interface WorkerCalls {
  /** Takes the UDP port; resolves with it. Rejects with the system's code, and nothing is open. */
  listen(port: number): Promise<number>
  /** The ports of all media workers, which relayed clients may reach. */
  setMediaPorts(ports: readonly number[]): void
  setAddresses(addresses: EdgeAddresses): void
  revoke(revocation: Revocation): void
  counters(): Promise<ThreadCounters>
  /** The port on the loopback where other workers hand on tracks. Rejects where nothing is forwarded, or by this worker alone. */
  pipePort(): Promise<number>
  /** Those of all workers, in their order. */
  setPipePorts(ports: readonly number[]): void
  /** What it has measured of these transports, as far as it has them. */
  statistics(transports: readonly number[]): Promise<readonly TransportStatistics[]>
  /** What the SFU's rooms say. */
  command(row: ToMedia): void
}
export const workerPort: Port<WorkerCalls> = {
  to: 'worker',
  calls: {
    listen: 'ask',
    setMediaPorts: 'tell',
    setAddresses: 'tell',
    revoke: 'tell',
    counters: 'ask',
    pipePort: 'ask',
    setPipePorts: 'tell',
    statistics: 'ask',
    command: 'tell',
  },
}

/** The SFU's rooms, for a worker. */
export interface RoomsCalls {
  report(row: FromMedia): void
}
export const roomsPort: Port<RoomsCalls> = { to: 'rooms', calls: { report: 'tell' } }
