import { randomInt } from 'node:crypto'
import type { AddressFamily } from '@parley/net'
import { Address } from '@parley/udp'
import { AddressMap } from './address-map.ts'
import type { Allocation, PeerConnection, TcpRelay } from './allocation.ts'
import type { RelayAddresses, RelaySide } from './relay-addresses.ts'
import type { PeerStream, TcpPort } from './tcp-port.ts'

interface Waiting {
  readonly connection: PeerConnection
  readonly stream: PeerStream
  readonly expires: number
}

interface TcpRelaysOptions {
  readonly port: TcpPort
  readonly addresses: RelayAddresses
  /** First and last port, inclusive. */
  readonly range: readonly [number, number]
  readonly peerPorts: readonly (readonly [first: number, last: number])[]
  /** A permitted peer has connected and waits for the client to take the connection. */
  readonly onAttempt: (allocation: Allocation, id: number, peer: Address) => void
  /** The port of a relayed address was taken by another program. */
  readonly onLost: (allocation: Allocation) => void
}

/** RFC 6062 §5.2, §5.3: how long the client has to take a connection. */
const TAKE_MS = 30_000
/** Ports tried before a range counts as full. */
const ATTEMPTS = 20
/** Connections of one allocation. */
const MAX_CONNECTIONS = 256

type Connected =
  | { readonly ok: true; readonly id: number }
  | { readonly ok: false; readonly error: 'connectionAlreadyExists' | 'connectionTimeoutOrFailure' | 'forbidden' }

/** The relayed TCP addresses of one server and their connections (RFC 6062 §5). */
export class TcpRelays {
  readonly #options: TcpRelaysOptions
  readonly #byAnnounced = new AddressMap<TcpRelay>()
  readonly #byKernel = new AddressMap<TcpRelay>()
  readonly #waiting = new Map<number, Waiting>()

  constructor(options: TcpRelaysOptions) {
    this.#options = options
  }

  /** Peers' connections that no client has taken yet. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Opens a relayed address on a random port. `done` comes with undefined where none can be had. */
  open(allocation: Allocation, family: AddressFamily, done: (relay: TcpRelay | undefined, now: number) => void): void {
    const [side] = this.#options.addresses.of(family, allocation.flow.local)
    if (side) this.#tryOpen(allocation, side, ATTEMPTS, done)
    else done(undefined, 0)
  }

  /** Whether clients may connect to that port of a peer's. */
  reaches(port: number): boolean {
    return this.#options.peerPorts.some(([first, last]) => first <= port && port <= last)
  }

  /** Connects to a peer. `own`: the peer is at this machine, where only relays may be reached. */
  connect(
    relay: TcpRelay,
    peer: Address,
    own: boolean,
    done: (connected: Connected, now: number) => void,
    now: number,
  ) {
    const other = this.#byAnnounced.get(peer)
    if (own && !other) return done({ ok: false, error: 'forbidden' }, now)
    if (relay.connections.get(peer)) return done({ ok: false, error: 'connectionAlreadyExists' }, now)
    if (relay.connections.size >= MAX_CONNECTIONS) return done({ ok: false, error: 'connectionTimeoutOrFailure' }, now)
    const connection: PeerConnection = { relay, peer, stream: undefined }
    relay.connections.set(peer, connection)
    relay.door.connect(other?.kernel ?? peer, (stream, at) => {
      if (!stream || relay.allocation.closed) {
        stream?.stream.destroy()
        relay.connections.delete(peer)
        done({ ok: false, error: 'connectionTimeoutOrFailure' }, at)
      } else done({ ok: true, id: this.#wait(connection, stream, at) }, at)
    })
  }

  /** The connection of that number, if it waits to be taken. */
  find(id: number, now: number): PeerConnection | undefined {
    const found = this.#waiting.get(id)
    return found && found.expires > now ? found.connection : undefined
  }

  /** The client has taken the connection. */
  take(id: number): PeerStream | undefined {
    const found = this.#waiting.get(id)
    this.#waiting.delete(id)
    return found?.stream
  }

  /** Ends what nobody has taken in time. */
  sweep(now: number): void {
    for (const [id, { stream, expires }] of this.#waiting) {
      if (expires > now) continue
      this.#waiting.delete(id)
      stream.stream.destroy()
    }
  }

  close(relay: TcpRelay): void {
    this.#byAnnounced.delete(relay.announced)
    this.#byKernel.delete(relay.kernel)
    relay.door.close()
    for (const { stream } of relay.streams) stream.destroy()
    for (const [id, { connection }] of this.#waiting) if (connection.relay === relay) this.#waiting.delete(id)
  }

  #tryOpen(
    allocation: Allocation,
    side: RelaySide,
    attempts: number,
    done: (relay: TcpRelay | undefined, now: number) => void,
  ): void {
    const { port: system, range, onLost } = this.#options
    const port = randomInt(range[0], range[1] + 1)
    let relay: TcpRelay | undefined
    const listening = {
      address: side.bind,
      port,
      onConnection: (stream: PeerStream, now: number) => {
        if (relay) this.#accept(relay, stream, now)
        else stream.stream.destroy()
      },
      onLost: () => onLost(allocation),
    }
    system.listen(listening, (door, now) => {
      if (!door) {
        if (attempts > 1) this.#tryOpen(allocation, side, attempts - 1, done)
        else done(undefined, now)
        return
      }
      const { family } = side
      const [announced, kernel] = [Address.from(side.announced, port), Address.from(side.kernel, port)]
      relay = { allocation, family, announced, kernel, door, connections: new AddressMap(), streams: new Set() }
      this.#byAnnounced.set(announced, relay)
      this.#byKernel.set(kernel, relay)
      done(relay, now)
    })
  }

  /** From this machine itself only relays may connect, under the addresses by which the world knows them. */
  #accept(relay: TcpRelay, stream: PeerStream, now: number): void {
    const other = this.#byKernel.get(stream.peer)
    const address = other?.announced ?? stream.peer
    const peer = relay.allocation.peer(address, now)
    const unwanted = !peer || (peer.permission.own && !other) || relay.connections.size >= MAX_CONNECTIONS
    if (unwanted || relay.connections.get(address)) {
      stream.stream.destroy()
      return
    }
    const connection: PeerConnection = { relay, peer: address, stream: undefined }
    relay.connections.set(address, connection)
    this.#options.onAttempt(relay.allocation, this.#wait(connection, stream, now), address)
  }

  /** Gives the connection a number, by which the client takes it. */
  #wait(connection: PeerConnection, stream: PeerStream, now: number): number {
    const { relay, peer } = connection
    connection.stream = stream
    relay.streams.add(stream)
    let id: number
    do id = randomInt(1, 2 ** 32)
    while (this.#waiting.has(id))
    this.#waiting.set(id, { connection, stream, expires: now + TAKE_MS })
    stream.stream.once('close', () => {
      relay.streams.delete(stream)
      relay.connections.delete(peer)
      this.#waiting.delete(id)
    })
    return id
  }
}
