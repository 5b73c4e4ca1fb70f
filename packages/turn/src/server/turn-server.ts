import { byteAt, DecodeError, uint16At } from '@parley/bytes'
import type { TransportAddress } from '@parley/net'
import {
  attributeTypes,
  checkFingerprint,
  Encoder,
  errorCodes,
  type IntegrityKind,
  isChannelByte,
  Message,
  type Method,
  natDiscovery,
  sendIndication,
  stun,
  turn,
} from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import type { Address, UdpSocket } from '@parley/udp'
import type { CredentialSource } from '../credentials/credentials.ts'
import { discoveryAnswer } from '../discovery/server/discovery-role.ts'
import { allocate } from '../requests/allocate.ts'
import { type Answer, type AuthenticatedRequest, type Later, refuse } from '../requests/answer.ts'
import { channelBind, createPermission } from '../requests/peers.ts'
import { refresh } from '../requests/refresh.ts'
import { connect, connectionBind } from '../requests/tcp.ts'
import { toTransportAddress } from './addresses.ts'
import type { ClientFlow } from './allocation.ts'
import { Allocations } from './allocations.ts'
import { Authenticator, type AuthenticatorOptions } from './authenticator.ts'
import { emptyCounters, type TurnCounters } from './counters.ts'
import { Nonces } from './nonce.ts'
import type { OwnService } from './own-services.ts'
import type { PeerPolicy } from './peer-policy.ts'
import type { QuotaBoard } from './quota-board.ts'
import { ReflectionLimit } from './reflection-limit.ts'
import type { RelayAddress } from './relay-addresses.ts'
import { RelayPorts, type RelayPortsOptions } from './relay-ports.ts'
import { Relaying } from './relaying.ts'
import type { TcpPort } from './tcp-port.ts'
import { TcpRelays } from './tcp-relays.ts'
import { type Quotas, Users } from './users.ts'

export interface TurnServerOptions {
  readonly credentials: CredentialSource
  readonly policy: PeerPolicy
  readonly relays: RelayPortsOptions
  readonly quotas: Quotas
  /** Shared with the servers of other threads, so that quotas count for all of them together. */
  readonly quotaBoard?: QuotaBoard
  /** Milliseconds since 1970, by which ephemeral credentials end. */
  readonly wallClock: () => number
  /** 32 bytes, the same in every thread that serves one port; random if not given. */
  readonly nonceKey?: Uint8Array
  /** Short, so that challenges are; those of a name beyond eight characters are limited by source. Default `turn`. */
  readonly realm?: string
  /** The longest lifetime of an allocation, seconds. Default 3,600. */
  readonly maxLifetimeS?: number
  /** Serves RFC 6062 to clients that come over streams. Default: not, since that is a way to every server on the internet. */
  readonly tcp?: TcpRelaying
  /** Where clients are sent that want an allocation, by their IP version (RFC 8489 §10). Default: nowhere. */
  readonly alternateServers?: readonly TransportAddress[]
}

export interface TcpRelaying {
  readonly port: TcpPort
  /** First and last port of peers that clients may connect to, inclusive. */
  readonly peerPorts: readonly (readonly [first: number, last: number])[]
}

type Handler = (request: AuthenticatedRequest, allocations: Allocations) => Answer | Later

const handlers: Partial<Record<Method, Handler>> = {
  allocate,
  refresh,
  createPermission,
  channelBind,
  connect,
  connectionBind,
}

const understood = attributeTypes(stun, turn)
const { changeRequest, padding } = natDiscovery
/** Without RESPONSE-PORT, which would aim our answers at any port of whoever is named as the sender. */
const understoodInDiscovery = attributeTypes(stun, turn, { changeRequest, padding })
/** Room for the list of as many unknown attributes as the largest request can have. */
const largestReply = 8192

/**
 * A STUN and TURN server without sockets of its own (RFC 8489, 8656, 8016): messages come by `receive`, answers leave by
 * the flow they came from, relayed addresses are opened by `relays.open`. Pure but for those; `now` is in milliseconds.
 *
 * @example
 * server.receive(bytes, start, end, flow, now) // from each client's datagram or stream frame
 * server.nextTimeout() // when to call handleTimeout
 */
export class TurnServer {
  readonly #allocations: Allocations
  readonly #authenticator: Authenticator
  readonly #reflection = new ReflectionLimit()
  readonly #nonces: Nonces
  readonly #relaying: Relaying
  readonly #realm: string
  readonly #counters = emptyCounters()
  readonly #encoder = new Encoder(new Uint8Array(largestReply))

  constructor(options: TurnServerOptions) {
    const { credentials, wallClock } = options
    this.#realm = options.realm ?? 'turn'
    this.#nonces = new Nonces(options.nonceKey)
    this.#authenticator = new Authenticator({
      realm: this.#realm,
      credentials,
      nonces: this.#nonces,
      wallClock,
      refused: why => this.#refused(why),
    })
    const ports = new RelayPorts(options.relays)
    this.#allocations = new Allocations({
      users: new Users(options.quotas, options.quotaBoard),
      ports,
      tcp: options.tcp && this.#tcpRelays(options.tcp, ports, options.relays.range),
      policy: options.policy,
      maxLifetimeS: options.maxLifetimeS ?? 3600,
      alternateServers: options.alternateServers ?? [],
      onPeerDatagram: (allocation, datagram, now) => this.#relaying.fromOutside(allocation, datagram, now),
      onPeerIcmp: (allocation, error, now) => this.#relaying.icmp(allocation, error, now),
    })
    this.#relaying = new Relaying(this.#allocations, this.#counters)
  }

  /** One message of a client's, from `start` to `end`. What is not one is counted and dropped. */
  receive(bytes: Uint8Array, start: number, end: number, flow: ClientFlow, now: number): void {
    if (end - start < 4) this.#counters.malformed++
    else if (isChannelByte(byteAt(bytes, start))) this.#relaying.channelData(bytes, start, end, flow, now)
    else if (uint16At(bytes, start) === sendIndication) this.#relaying.send(bytes, start, end, flow, now)
    else this.#control(bytes, start, end, flow, now)
  }

  #refused(why: Parameters<AuthenticatorOptions['refused']>[0]): void {
    if (why.is === 'expired') {
      this.#counters.credentialsExpired++
      this.#counters.credentialsExpiredS += Math.round(why.forMs / 1000)
    } else if (why.is === 'revoked') this.#counters.credentialsRevoked++
    else this.#counters.credentialsWrong++
  }

  /** The client's stream has ended: so has its allocation (RFC 8656 §3.1). */
  disconnected(flow: ClientFlow): void {
    if (flow.allocation && !flow.allocation.mobile) this.#allocations.close(flow.allocation)
  }

  /** Who stands behind a relayed address of this machine that sends from there: an address of 16 bytes. Undefined: it is none. */
  clientBehind(from: Address): Uint8Array | undefined {
    const { ports, policy } = this.#allocations
    return ports.addresses.clientBehind(from, policy.isOwn(from.host))
  }

  nextTimeout(): number {
    return this.#allocations.nextTimeout()
  }

  handleTimeout(now: number): void {
    this.#allocations.sweep(now)
  }

  /** A copy of the counters as they are. */
  counters(): TurnCounters {
    const { size: allocations, made: allocationsMade, streamedBytes } = this.#allocations
    const relayedBytes = this.#counters.relayedBytes + streamedBytes
    return { ...this.#counters, relayedBytes, allocations, allocationsMade }
  }

  /**
   * The machine's addresses have changed: `own` are all that lead to it, on `relays` relayed addresses are opened from now
   * on. Allocations that exist stay as they are. Throws as the constructor does.
   */
  setAddresses(own: readonly string[], relays: readonly RelayAddress[]): void {
    this.#allocations.policy.setOwn(own)
    this.#allocations.ports.addresses.set(relays)
  }

  /**
   * Services of this machine that clients may reach over UDP, from now on: by their very addresses and ports, even where
   * these are private. Default: none. Of an address that is not this machine's own (`own`) it opens nothing.
   */
  setServices(services: readonly OwnService[]): void {
    this.#allocations.services.set(services)
  }

  /**
   * Somebody has lost their rights: their allocations end, and their credentials are refused until `untilMs` (since 1970),
   * when these would have ended anyhow. Users as credentials name them: of ephemeral ones what stands behind the expiry.
   */
  revoke(user: string, untilMs: number): void {
    this.#authenticator.revoke(user, untilMs)
    this.#allocations.closeOf(user)
  }

  /** Ends every allocation. May be called twice. */
  close(): void {
    this.#allocations.closeAll()
  }

  #control(bytes: Uint8Array, start: number, end: number, flow: ClientFlow, now: number): void {
    try {
      const message = Message.decode(bytes, start, end)
      if (checkFingerprint(message) === 'wrong') this.#counters.malformed++
      else if (message.class === 'request') this.#decodedRequest(message, flow, now)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#counters.malformed++
    }
  }

  /** A request whose frame is sound; if a value in it is not, the client is told so (RFC 8489 §6.3.1). */
  #decodedRequest(message: Message, flow: ClientFlow, now: number): void {
    try {
      this.#request(message, flow, now)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#counters.malformed++
      this.#answer(message, flow, refuse('badRequest'), undefined, now)
    }
  }

  #request(message: Message, flow: ClientFlow, now: number): void {
    this.#counters.requests++
    if (this.#comesByRelay(flow)) {
      this.#counters.unpermitted++
      return
    }
    if (message.method === 'binding') {
      this.#binding(message, flow, now)
      return
    }
    const handler = message.method && handlers[message.method]
    if (!handler) {
      this.#answer(message, flow, refuse('badRequest'), undefined, now)
      return
    }
    // The sweep comes once a second; nothing may be asked of an allocation that has ended in between.
    if (flow.allocation && flow.allocation.expires <= now) this.#allocations.close(flow.allocation)
    const authentication = this.#authenticator.check(message, flow, now)
    if (!authentication.ok) {
      const { error } = authentication
      const challenge = error === 'unauthenticated' || error === 'staleNonce'
      const add = (encoder: Encoder) => {
        encoder.add(stun.realm, this.#realm).add(stun.nonce, this.#nonces.make(flow, now))
      }
      this.#answer(message, flow, { ok: false, error, ...(challenge && { add }) }, undefined, now)
      return
    }
    const { requester, integrity } = authentication
    const answer = this.#unknownAttributes(message) ?? handler({ message, flow, requester, now }, this.#allocations)
    const protection = { key: requester.key, kind: integrity }
    if (!('later' in answer)) {
      this.#answer(message, flow, answer, protection, now)
      return
    }
    // The bytes of the request are good for this turn alone. (A Buffer's `slice` would be no copy.)
    const kept = Message.decode(new Uint8Array(message.bytes.subarray(message.start, message.end)))
    answer.later((given, at) => this.#answer(kept, flow, given, protection, at))
  }

  /**
   * A service on our own port lets relays reach that port: they are no clients of ours for that, else allocations could be
   * stacked until packets go in circles.
   */
  #comesByRelay({ transport, client }: ClientFlow): boolean {
    return transport === 'udp' && this.clientBehind(client) !== undefined
  }

  #tcpRelays(tcp: TcpRelaying, { addresses }: RelayPorts, range: readonly [number, number]): TcpRelays {
    return new TcpRelays({
      ...tcp,
      addresses,
      range,
      onAttempt: ({ flow }, id, peer) => this.#announce(flow, id, peer),
      onLost: allocation => this.#allocations.close(allocation),
    })
  }

  /** RFC 6062 §5.3: tells the client of a peer that has connected. */
  #announce(flow: ClientFlow, id: number, peer: Address): void {
    const indication = this.#encoder.message('indication', 'connectionAttempt')
    const bytes = indication.add(turn.connectionId, id).add(turn.xorPeerAddress, toTransportAddress(peer)).finish()
    flow.send(bytes, 0, bytes.length)
  }

  #binding(message: Message, flow: ClientFlow, now: number): void {
    this.#counters.bindings++
    const { discovery, client } = flow
    const refusal = this.#unknownAttributes(message, discovery && understoodInDiscovery)
    if (refusal) {
      this.#answer(message, flow, refusal, undefined, now)
    } else if (discovery) {
      const { socket, add } = discoveryAnswer(message, discovery, client)
      this.#answer(message, flow, { ok: true, add }, undefined, now, socket)
    } else {
      const add = (encoder: Encoder) => encoder.add(stun.xorMappedAddress, toTransportAddress(client))
      this.#answer(message, flow, { ok: true, add }, undefined, now)
    }
  }

  #unknownAttributes(message: Message, known = understood): Answer | undefined {
    const unknown = message.unknownRequired(known)
    if (unknown.length === 0) return undefined
    return { ok: false, error: 'unknownAttribute', add: encoder => encoder.add(stun.unknownAttributes, unknown) }
  }

  #answer(
    request: Message,
    flow: ClientFlow,
    answer: Answer,
    protection: { readonly key: Uint8Array; readonly kind: IntegrityKind } | undefined,
    now: number,
    from?: UdpSocket,
  ): void {
    const encoder = this.#encoder.reply(request, answer.ok ? 'success' : 'error')
    // Whoever has not proved to be somebody gets no phrase: the reply must stay small.
    if (!answer.ok) {
      const { code, reason } = errorCodes[answer.error]
      encoder.add(stun.errorCode, { code, reason: protection ? reason : '' })
    }
    answer.add?.(encoder)
    if (protection?.kind === 'sha1') encoder.integrity(protection.key, nodeCrypto)
    if (protection?.kind === 'sha256') encoder.integritySha256(protection.key, nodeCrypto)
    if (checkFingerprint(request) === 'right') encoder.fingerprint()
    const reply = encoder.finish()
    if (!answer.ok) {
      // Over a stream nobody asks in somebody else's name.
      const requestBytes = request.end - request.start
      if (flow.transport === 'udp' && !this.#reflection.allow(flow.client, requestBytes, reply.length, now)) {
        this.#counters.errorsLimited++
        return
      }
      this.#counters.errors++
    }
    if (from) from.send(reply, 0, reply.length, flow.client)
    else flow.send(reply, 0, reply.length)
    if (answer.ok) answer.after?.()
  }
}
