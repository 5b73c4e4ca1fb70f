import type { DtlsCertificate } from '@parley/dtls'
import type { FromMedia, ToMedia } from '@parley/sfu'
import type { Quotas, TurnCounters } from '@parley/turn'
import type { LoopKind, UdpStats } from '@parley/udp'
import type { MediaAddress } from './media-addresses.ts'
import type { FromSfu, MediaThreadCounters, SfuCounters, SfuPlace, ToSfu } from './media-control.ts'
import type { OutsideCounters } from './outside.ts'

/** What changes with the interfaces of the machine. */
export interface EdgeAddresses {
  /** Where relays are opened; of each IP version the first one serves where the client does not decide it. */
  readonly relays: readonly EdgeRelay[]
  /** Every address that leads to this machine. */
  readonly own: readonly string[]
  /** Where clients find the threads that forward. */
  readonly mediaAddresses: readonly MediaAddress[]
}

/** What the edge process is given; plain data, since it crosses to another process and to a thread. */
export interface EdgeConfig extends EdgeAddresses {
  /** The address to listen on. */
  readonly host: string
  /** Of STUN and TURN, UDP and TCP alike; 0: any free one. */
  readonly port: number
  /** A taken port may be replaced by the next free one. */
  readonly mayMove: boolean
  /** The local socket on which streams arrive whose TLS was taken off, each behind a PROXY header. */
  readonly handover: string | undefined
  /** Networks of proxies: TCP connections from there begin with a PROXY header. */
  readonly proxies: readonly string[]
  readonly realm: string
  /** The first one makes new credentials; all are accepted. */
  readonly secrets: readonly string[]
  /** Name and password. */
  readonly users: readonly (readonly [name: string, password: string])[]
  readonly quotas: Quotas
  /** First and last ports of peers to which TCP is relayed (RFC 6062); undefined: it is not. */
  readonly tcpPeerPorts: readonly (readonly [first: number, last: number])[] | undefined
  /** First and last port for relayed addresses. */
  readonly relayPorts: readonly [number, number]
  readonly allowPeers: readonly string[]
  readonly denyPeers: readonly string[]
  /** `address:port`: where clients are sent that want an allocation. */
  readonly alternateServers: readonly string[]
  /** Users who have lost their rights. */
  readonly revoked: readonly Revocation[]
  /** NAT behaviour discovery; undefined: off. */
  readonly discovery: EdgeDiscovery | undefined
  /** Undefined: STUN and TURN alone. */
  readonly media: EdgeMedia | undefined
}

/** A TURN user whose credentials count no longer, until these would have ended anyhow (ms since 1970). */
export interface Revocation {
  readonly user: string
  readonly untilMs: number
}

export interface EdgeMedia {
  /** Threads that forward; the first one serves STUN and TURN too, the others take the next ports. */
  readonly workers: number
  /** How many handshakes one source may have under way, in each thread. Default: that of `DtlsContext`. */
  readonly handshakesOfSource?: number
}

export interface EdgeDiscovery {
  readonly addresses: readonly [EdgeRelay, EdgeRelay]
  /** Undefined: the one behind the first. */
  readonly alternatePort: number | undefined
  /** On which STUN and TURN are served as well, without discovery. */
  readonly others: readonly string[]
}

export interface EdgeRelay {
  /** Local address to bind. */
  readonly bind: string
  /** What the world is told. */
  readonly announce: string
}

export interface EdgeCounters {
  readonly turn: TurnCounters
  readonly udp: UdpStats
  readonly outside: OutsideCounters
  /** Undefined without media. */
  readonly sfu: SfuCounters | undefined
}

/** What one thread counts. */
export interface ThreadCounters extends Omit<EdgeCounters, 'sfu'> {
  readonly media: MediaThreadCounters | undefined
}

/** Where a running edge is. */
export interface EdgePlace {
  /** UDP and TCP. */
  readonly port: number
  readonly loop: LoopKind
  /** Undefined: not asked for. */
  readonly sfu: SfuPlace | undefined
}

/** From the main process. */
export type ToEdge =
  | { readonly is: 'start'; readonly config: EdgeConfig }
  | { readonly is: 'count'; readonly id: number }
  /** The machine's interfaces have changed. */
  | ({ readonly is: 'addresses' } & EdgeAddresses)
  | ({ readonly is: 'revoke' } & Revocation)
  | { readonly is: 'sfu'; readonly message: ToSfu }
  | { readonly is: 'stop' }

/** To the main process. */
export type FromEdge =
  | ({ readonly is: 'started' } & EdgePlace)
  /** `code` is the system's, such as `EADDRINUSE`. */
  | { readonly is: 'failed'; readonly code: string | undefined; readonly message: string }
  | ({ readonly is: 'counted'; readonly id: number } & EdgeCounters)
  | { readonly is: 'sfu'; readonly message: FromSfu }
  | { readonly is: 'mistake'; readonly message: string; readonly stack: string | undefined }

/** To the thread that serves UDP. */
export type ToUdp =
  | { readonly is: 'listen'; readonly port: number }
  /** The ports of all media workers, which relayed clients may reach. */
  | { readonly is: 'media-ports'; readonly ports: readonly number[] }
  | { readonly is: 'count'; readonly id: number }
  | ({ readonly is: 'addresses' } & EdgeAddresses)
  | ({ readonly is: 'revoke' } & Revocation)
  | { readonly is: 'media'; readonly message: ToMedia }

/** From the thread that serves UDP. */
export type FromUdp =
  | { readonly is: 'listening'; readonly port: number }
  | { readonly is: 'refused'; readonly code: string; readonly message: string }
  | ({ readonly is: 'counted'; readonly id: number } & ThreadCounters)
  | { readonly is: 'media'; readonly message: FromMedia }

/** What the thread that serves UDP is started with. */
export interface UdpSetup {
  readonly config: EdgeConfig
  /** Forward media with it; undefined: do not. */
  readonly certificate: DtlsCertificate | undefined
  /** The same in every thread, for clients that change between UDP and TCP. */
  readonly nonceKey: Uint8Array
  /** Of a `RelayRegistry`, so that a client on UDP and one on TCP reach each other. */
  readonly relayMemory: SharedArrayBuffer
  /** Of `BridgePorts`, so that those who come by ICE-TCP are counted by their own addresses. */
  readonly bridgeMemory: SharedArrayBuffer
  /** Of a `QuotaBoard`, so that a user has one quota for all transports. */
  readonly quotaMemory: SharedArrayBuffer
}
