import type { AddressFamily } from '@parley/net'
import type { Address } from '@parley/udp'
import { AddressMap } from './address-map.ts'
import type { Flow } from './flow.ts'
import type { OwnService } from './own-services.ts'
import type { OpenedRelay } from './relay-ports.ts'
import type { PeerStream, TcpDoor } from './tcp-port.ts'
import type { User } from './users.ts'

/** A client's flow, and the allocation that the client has by it. */
export interface ClientFlow extends Flow {
  /** Set and cleared by the server. */
  allocation: Allocation | undefined
}

/** A relayed transport address: its socket, and the address that peers see. */
export interface Relay extends OpenedRelay {
  readonly allocation: Allocation
}

/** A relayed TCP address (RFC 6062). */
export interface TcpRelay {
  readonly allocation: Allocation
  readonly family: AddressFamily
  readonly announced: Address
  /** Where the kernel has it. */
  readonly kernel: Address
  readonly door: TcpDoor
  /** Open or being opened, by the peer's address. */
  readonly connections: AddressMap<PeerConnection>
  readonly streams: Set<PeerStream>
}

/** A connection between a relayed TCP address and a peer. */
export interface PeerConnection {
  readonly relay: TcpRelay
  readonly peer: Address
  /** Undefined while it is being opened. */
  stream: PeerStream | undefined
}

/** That an IP address may send to the client, until `expires` (RFC 8656 §9). */
export interface Permission {
  /** An address of this machine, at which only relays and {@link OwnService}s may be reached. */
  readonly own: boolean
  expires: number
}

/** A channel number bound to a peer, until `expires` (RFC 8656 §12). */
export interface Channel {
  readonly number: number
  readonly peer: Peer
  expires: number
}

/** A peer's address and port, with what is needed for each packet. */
export interface Peer {
  readonly address: Address
  /** The address alone: 4 or 16 bytes. */
  readonly ip: Uint8Array
  permission: Permission
  channel: Channel | undefined
}

/** How many peers without a channel are remembered; when there are more, all are forgotten and looked up again. */
const PEERS = 128

const MAX_PERMISSIONS = 1024
/** A browser binds one for each address of the one peer that an allocation is for. */
const MAX_CHANNELS = 256

/** What a client has been given: relayed addresses, and whom it lets in (RFC 8656 §3.2). Times are in milliseconds. */
export class Allocation {
  readonly user: User
  readonly username: string
  readonly key: Uint8Array
  /** Of the Allocate request, to recognize a retransmission. */
  readonly transactionId: string
  flow: ClientFlow
  expires: number
  relays: readonly Relay[] = []
  /** The relayed address of a TCP allocation (RFC 6062), which has no `relays`. */
  tcp: TcpRelay | undefined
  /** The service of this machine that the client has sent to last. */
  lastService: OwnService | undefined
  closed = false
  /** How many permissions and channels its user's source is charged with. */
  charged = 0
  /** RFC 8016: the client may take it along to another address. */
  mobile = false
  /** RFC 8016: what proves the right to move, in hexadecimal; and the one before, should the answer have been lost. */
  ticket: string | undefined
  ticketBefore: string | undefined
  /** What the first answer said, in case it was lost and the client asks again. */
  reservationToken: Uint8Array | undefined
  missingFamily: AddressFamily | undefined
  readonly channels = new Map<number, Channel>()
  readonly #permissions = new Map<string, Permission>()
  readonly #peers = new AddressMap<Peer>()

  constructor(flow: ClientFlow, user: User, username: string, key: Uint8Array, transactionId: string, expires: number) {
    this.flow = flow
    this.user = user
    this.username = username
    this.key = key
    this.transactionId = transactionId
    this.expires = expires
  }

  relay(family: AddressFamily): Relay | undefined {
    for (const relay of this.relays) if (relay.family === family) return relay
    return undefined
  }

  /** Whether peers of that IP version can be reached. */
  serves(family: AddressFamily): boolean {
    return this.tcp?.family === family || this.relay(family) !== undefined
  }

  /** The peer at that address, if it has a permission that has not ended. */
  peer(address: Address, now: number): Peer | undefined {
    const known = this.#peers.get(address)
    if (known) return this.permitted(known, now)
    const permission = this.#permissions.get(address.host)
    return permission && permission.expires > now ? this.#remember(address, permission) : undefined
  }

  /** The peer, if it has a permission that has not ended: the one it had, or a later one. */
  permitted(peer: Peer, now: number): Peer | undefined {
    if (peer.permission.expires > now) return peer
    const permission = this.#permissions.get(peer.address.host)
    if (!permission || permission.expires <= now) return undefined
    peer.permission = permission
    return peer
  }

  /** Whether it lets any peer in, or did so not long ago. */
  get used(): boolean {
    return this.#permissions.size > 0
  }

  /**
   * How many permissions and channels it would have with permissions for these hosts and, if `channel` says its number, with
   * that one; undefined if these would be too many. Forgets what has ended.
   */
  withMore(hosts: Iterable<string>, channel: number | undefined, now: number): number | undefined {
    this.#forgetEnded(now)
    let permissions = this.#permissions.size
    for (const host of hosts) if (!this.#permissions.has(host)) permissions++
    const channels = this.channels.size + (channel === undefined || this.channels.has(channel) ? 0 : 1)
    return permissions <= MAX_PERMISSIONS && channels <= MAX_CHANNELS ? permissions + channels : undefined
  }

  /** Installs or refreshes a permission; see {@link withMore}. */
  permit(host: string, own: boolean, expires: number): void {
    const known = this.#permissions.get(host)
    if (known) known.expires = expires
    else this.#permissions.set(host, { own, expires })
  }

  /** Whether neither the number nor the peer is bound to another (RFC 8656 §12.2). */
  channelIsFree(number: number, address: Address, now: number): boolean {
    const onPeer = this.#live(this.#peers.get(address)?.channel, now)
    return this.#live(this.channels.get(number), now) === onPeer
  }

  /** Binds a channel to a peer, or refreshes it; see {@link channelIsFree}. False without a permission. */
  bind(number: number, address: Address, expires: number, now: number): boolean {
    const peer = this.peer(address, now)
    if (!peer) return false
    if (peer.channel) peer.channel.expires = expires
    else {
      const channel = { number, peer, expires }
      peer.channel = channel
      this.channels.set(number, channel)
    }
    return true
  }

  /** The channel, unless it has expired: then its number and its peer are free to be bound again. */
  #live(channel: Channel | undefined, now: number): Channel | undefined {
    if (!channel || channel.expires > now) return channel
    channel.peer.channel = undefined
    this.channels.delete(channel.number)
    return undefined
  }

  #remember(address: Address, permission: Permission): Peer {
    if (this.#peers.size >= PEERS + this.channels.size) {
      this.#peers.clear()
      for (const { peer } of this.channels.values()) this.#peers.set(peer.address, peer)
    }
    const peer: Peer = { address, ip: address.bytes(), permission, channel: undefined }
    this.#peers.set(address, peer)
    return peer
  }

  #forgetEnded(now: number): void {
    let forgotten = false
    for (const [host, permission] of this.#permissions) {
      if (permission.expires > now) continue
      this.#permissions.delete(host)
      forgotten = true
    }
    for (const channel of this.channels.values()) this.#live(channel, now)
    if (!forgotten) return
    this.#peers.clear()
    for (const { peer } of this.channels.values()) this.#peers.set(peer.address, peer)
  }
}
