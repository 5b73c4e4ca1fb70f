import type { Quotas } from '@parley/turn'

/** What changes with the interfaces of the machine. */
export interface EdgeAddresses {
  /** Where relays are opened; of each IP version the first one serves where the client does not decide it. */
  readonly relays: readonly EdgeRelay[]
  /** Every address that leads to this machine. */
  readonly own: readonly string[]
  /** Where clients find the threads that forward. */
  readonly mediaAddresses: readonly MediaAddress[]
}

/** What the media process is given; plain data, since it crosses to another process and to threads. */
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

interface EdgeMedia {
  /** Threads that forward; the first one serves STUN and TURN too, the others take the next ports. */
  readonly workers: number
  /** How many handshakes one source may have under way, in each thread. Default: that of `DtlsContext`. */
  readonly handshakesOfSource?: number
  /** See `SfuRooms`. Default: its own. */
  readonly enoughTracks?: number
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

/** Where a media worker can be reached: an address of this machine, and how the outside calls it if it has another name there. */
export interface MediaAddress {
  readonly inside: string
  readonly outside: string | undefined
}
