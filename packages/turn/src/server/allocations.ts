import type { AddressFamily, TransportAddress } from '@parley/net'
import type { Address, Datagram, IcmpError } from '@parley/udp'
import { AddressMap } from './address-map.ts'
import type { Allocation, ClientFlow, Relay } from './allocation.ts'
import { OwnServices } from './own-services.ts'
import type { PeerPolicy } from './peer-policy.ts'
import type { RelayHandlers, RelayPorts } from './relay-ports.ts'
import type { TcpRelays } from './tcp-relays.ts'
import type { Users } from './users.ts'

interface AllocationsOptions {
  readonly users: Users
  readonly ports: RelayPorts
  /** RFC 6062; undefined: not served. */
  readonly tcp: TcpRelays | undefined
  readonly policy: PeerPolicy
  readonly maxLifetimeS: number
  /**
   * Clients that want an allocation are sent to the first of these that has their IP version (RFC 8656 §7.2). Where none
   * has it, they get their allocation here.
   */
  readonly alternateServers: readonly TransportAddress[]
  /** What arrived from outside at a relayed address. */
  readonly onPeerDatagram: (allocation: Allocation, datagram: Datagram, now: number) => void
  /** What a router or a peer says about something that was relayed. */
  readonly onPeerIcmp: (allocation: Allocation, error: IcmpError, now: number) => void
}

const sweepMs = 1000
const defaultLifetimeS = 600

/** All allocations of one server, and the relayed addresses they own. */
export class Allocations {
  readonly users: Users
  readonly ports: RelayPorts
  readonly tcp: TcpRelays | undefined
  readonly policy: PeerPolicy
  readonly services = new OwnServices()
  readonly tickets = new Map<string, Allocation>()
  readonly alternateServers: readonly TransportAddress[]
  made = 0
  /** Of TCP relays. */
  streamedBytes = 0
  readonly #maxLifetimeS: number
  readonly #onPeerDatagram: AllocationsOptions['onPeerDatagram']
  readonly #onPeerIcmp: AllocationsOptions['onPeerIcmp']
  readonly #all = new Set<Allocation>()
  readonly #relays = new AddressMap<Relay>()
  #nextSweep = Number.POSITIVE_INFINITY

  constructor(options: AllocationsOptions) {
    this.users = options.users
    this.ports = options.ports
    this.tcp = options.tcp
    this.policy = options.policy
    this.#maxLifetimeS = options.maxLifetimeS
    this.alternateServers = options.alternateServers
    this.#onPeerDatagram = options.onPeerDatagram
    this.#onPeerIcmp = options.onPeerIcmp
  }

  get size(): number {
    return this.#all.size
  }

  /** How long an allocation lives: what was asked for, between ten minutes and the most we give (RFC 8656 §7.2). */
  lifetimeS(asked = defaultLifetimeS): number {
    return Math.min(this.#maxLifetimeS, Math.max(asked, defaultLifetimeS))
  }

  /** The relayed address that this is, if it is one of ours. */
  relayAt(address: Address): Relay | undefined {
    return this.#relays.get(address)
  }

  /** The handlers for the sockets of its relayed addresses. */
  handlers(allocation: Allocation): RelayHandlers {
    return {
      onDatagram: (datagram, now) => this.#onPeerDatagram(allocation, datagram, now),
      onIcmp: (error, now) => this.#onPeerIcmp(allocation, error, now),
    }
  }

  /** Takes over an allocation whose relays are open. */
  add(allocation: Allocation, now: number): void {
    this.made++
    this.#all.add(allocation)
    for (const relay of allocation.relays) this.#relays.set(relay.announced, relay)
    allocation.flow.allocation = allocation
    allocation.flow.keep(true)
    this.#nextSweep = Math.min(this.#nextSweep, now + sweepMs)
  }

  moveTo(allocation: Allocation, flow: ClientFlow): void {
    if (allocation.flow === flow) return
    allocation.flow.allocation = undefined
    allocation.flow.keep(false)
    allocation.flow = flow
    flow.allocation = allocation
    flow.keep(true)
  }

  /** How many of a stream's bytes may pass now (RFC 6062); counts them. */
  admit({ user }: Allocation, bytes: number, now: number): number {
    const passed = this.users.admit(user, bytes, now)
    this.streamedBytes += passed
    return passed
  }

  /**
   * Counts what an allocation is about to have: permissions for `hosts`, and a channel if a number is given. False if that is
   * too much for it, or for where its user comes from.
   */
  makeRoom(allocation: Allocation, hosts: Iterable<string>, channel: number | undefined, now: number): boolean {
    const peers = allocation.withMore(hosts, channel, now)
    if (peers === undefined || !this.users.hold(allocation.user, peers - allocation.charged)) return false
    allocation.charged = peers
    return true
  }

  closeRelay(allocation: Allocation, family: AddressFamily): void {
    const relay = allocation.relay(family)
    if (!relay) return
    this.#relays.delete(relay.announced)
    this.ports.release(relay)
    allocation.relays = allocation.relays.filter(other => other !== relay)
  }

  close(allocation: Allocation): void {
    if (allocation.closed) return
    allocation.closed = true
    for (const { family } of allocation.relays) this.closeRelay(allocation, family)
    if (allocation.tcp) this.tcp?.close(allocation.tcp)
    for (const ticket of [allocation.ticket, allocation.ticketBefore]) if (ticket) this.tickets.delete(ticket)
    allocation.flow.allocation = undefined
    allocation.flow.keep(false)
    this.#all.delete(allocation)
    this.users.hold(allocation.user, -allocation.charged)
    this.users.leave(allocation.user)
  }

  nextTimeout(): number {
    return this.#nextSweep
  }

  /** Closes what has expired. */
  sweep(now: number): void {
    if (now < this.#nextSweep) return
    for (const allocation of this.#all) if (allocation.expires <= now) this.close(allocation)
    if (this.users.owes()) this.#giveUp()
    this.tcp?.sweep(now)
    const reserved = this.ports.sweep(now)
    this.#nextSweep = this.#all.size + reserved > 0 ? now + sweepMs : Number.POSITIVE_INFINITY
  }

  /** Closes allocations of sources that owe some: those that nobody uses first, then the latest. */
  #giveUp(): void {
    const latestFirst = [...this.#all].reverse()
    for (const allocation of [...latestFirst.filter(({ used }) => !used), ...latestFirst]) {
      if (this.users.owes(allocation.user) && !allocation.closed) this.close(allocation)
    }
  }

  /** Closes all that one user has. */
  closeOf(user: string): void {
    for (const allocation of this.#all) if (allocation.user.name === user) this.close(allocation)
  }

  closeAll(): void {
    for (const allocation of this.#all) this.close(allocation)
    this.ports.close()
  }
}
