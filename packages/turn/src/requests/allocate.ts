import { randomBytes } from 'node:crypto'
import { toHex } from '@parley/bytes'
import type { AddressFamily } from '@parley/net'
import { type Encoder, stun, transportProtocols, turn } from '@parley/stun'
import { toTransportAddress } from '../server/addresses.ts'
import { Allocation, type Relay } from '../server/allocation.ts'
import type { Allocations } from '../server/allocations.ts'
import type { OpenedRelay, RelayPorts, RelayWish } from '../server/relay-ports.ts'
import type { TcpRelays } from '../server/tcp-relays.ts'
import type { User } from '../server/users.ts'
import { type Answer, type AuthenticatedRequest, type Later, refuse } from './answer.ts'
import { currentTicket } from './mobility.ts'

/** Allocate (RFC 8656 §7.2, in its order). */
export function allocate(request: AuthenticatedRequest, allocations: Allocations): Answer | Later {
  const { message, flow, requester, now } = request
  const { ports } = allocations
  const transactionId = toHex(message.transactionId)
  if (flow.allocation) {
    // A repeat of the request whose answer was lost is answered again.
    return flow.allocation.transactionId === transactionId
      ? granted(flow.allocation, now, allocations)
      : refuse('allocationMismatch')
  }
  const transport = message.get(turn.requestedTransport)
  if (transport === undefined) return refuse('badRequest')
  const tcp = transport === transportProtocols.tcp ? allocations.tcp : undefined
  if (transport !== transportProtocols.udp && !tcp) return refuse('unsupportedTransportProtocol')
  const udpOnly = [turn.dontFragment, turn.evenPort, turn.reservationToken, turn.additionalAddressFamily]
  if (tcp && (flow.transport === 'udp' || udpOnly.some(attribute => message.has(attribute))))
    return refuse('badRequest')

  if (message.has(turn.dontFragment) && !ports.dontFragment) {
    const add = (encoder: Encoder) => encoder.add(stun.unknownAttributes, [turn.dontFragment.type])
    return { ok: false, error: 'unknownAttribute', add }
  }
  const wanted = wantedRelays(request, ports)
  if ('ok' in wanted) return wanted
  const alternateServer = allocations.alternateServers.find(({ address }) => address.family === flow.client.version)
  if (alternateServer) {
    return { ok: false, error: 'tryAlternate', add: encoder => encoder.add(stun.alternateServer, alternateServer) }
  }
  const user = allocations.users.enter(requester.user, flow.client, now)
  if (!user) return refuse('allocationQuotaReached')

  const expires = now + allocations.lifetimeS(message.get(turn.lifetime)) * 1000
  const allocation = new Allocation(flow, user, requester.username, requester.key, transactionId, expires)
  if (tcp) return openTcp(allocation, tcp, wanted.families[0] ?? 4, allocations, now)
  allocation.mobile = message.has(turn.mobilityTicket)
  if (!open(allocation, wanted, allocations, now)) return giveUp(user, allocations)
  allocations.add(allocation, now)
  return granted(allocation, now, allocations)
}

/** RFC 6062 §5.1. The client waits for its answer, and what else it asks meanwhile is asked of an allocation without relay. */
function openTcp(
  allocation: Allocation,
  tcp: TcpRelays,
  family: AddressFamily,
  allocations: Allocations,
  now: number,
): Later {
  allocations.add(allocation, now)
  return {
    later(reply) {
      tcp.open(allocation, family, (relay, at) => {
        if (relay && !allocation.closed) {
          allocation.tcp = relay
          reply(granted(allocation, at, allocations), at)
          return
        }
        if (relay) tcp.close(relay)
        allocations.close(allocation)
        reply(refuse('insufficientCapacity'), at)
      })
    },
  }
}

function giveUp(user: User, { users }: Allocations): Answer {
  users.leave(user)
  return refuse('insufficientCapacity')
}

/** What relayed addresses were asked for, or why they cannot be had. */
interface Wanted {
  readonly families: readonly AddressFamily[]
  /** Of two one is enough; ADDRESS-ERROR-CODE says why the other is missing. */
  readonly evenPort: boolean | undefined
  readonly reservationToken: string | undefined
}

function wantedRelays({ message }: AuthenticatedRequest, ports: RelayPorts): Wanted | Answer {
  const evenPort = message.get(turn.evenPort)
  const token = message.get(turn.reservationToken)
  const requested = message.get(turn.requestedAddressFamily)
  const additional = message.get(turn.additionalAddressFamily)
  const tokenClashes = token && (evenPort !== undefined || requested !== undefined || additional !== undefined)
  const additionalClashes =
    additional !== undefined && (additional !== 6 || requested !== undefined || evenPort === true)
  if (tokenClashes || additionalClashes) return refuse('badRequest')
  const families = additional ? ([4, additional] as const) : [requested ?? 4]
  if (!token && !families.some(family => ports.serves(family))) return refuse('addressFamilyNotSupported')
  return {
    families,
    evenPort,
    reservationToken: token && toHex(token),
  }
}

function open(allocation: Allocation, wanted: Wanted, allocations: Allocations, now: number): boolean {
  const { ports } = allocations
  const opened: OpenedRelay[] = []
  const claim = { client: allocation.flow.client.bytes(), handlers: allocations.handlers(allocation) }
  if (wanted.reservationToken) {
    const relay = ports.claim(wanted.reservationToken, claim, now)
    if (!relay) return false
    opened.push(relay)
  } else {
    for (const [index, family] of wanted.families.entries()) {
      const wish = { ...claim, family, local: allocation.flow.local }
      const relay = openOne(allocation, wish, index === 0 ? wanted.evenPort : undefined, ports, now)
      if (relay) opened.push(relay)
    }
    if (opened.length === 0) return false
  }
  // Field by field: what is made with `...` gets a shape of its own, and every packet looks into a relay.
  allocation.relays = opened.map(({ side, family, socket, announced }): Relay => {
    return { side, family, socket, announced, allocation }
  })
  allocation.missingFamily = wanted.families.find(family => !wanted.reservationToken && !allocation.relay(family))
  return true
}

function openOne(
  allocation: Allocation,
  wish: RelayWish,
  evenPort: boolean | undefined,
  ports: RelayPorts,
  now: number,
): OpenedRelay | undefined {
  if (evenPort !== true) return ports.open(wish, evenPort === false)
  allocation.reservationToken = randomBytes(8)
  return ports.openPair(wish, toHex(allocation.reservationToken), now)
}

function granted(allocation: Allocation, now: number, allocations: Allocations): Answer {
  return {
    ok: true,
    add(encoder: Encoder) {
      const relays = allocation.tcp ? [allocation.tcp] : allocation.relays
      for (const { announced } of relays) encoder.add(turn.xorRelayedAddress, toTransportAddress(announced))
      encoder.add(turn.lifetime, Math.max(0, Math.round((allocation.expires - now) / 1000)))
      if (allocation.reservationToken) encoder.add(turn.reservationToken, allocation.reservationToken)
      encoder.add(stun.xorMappedAddress, toTransportAddress(allocation.flow.client))
      if (allocation.missingFamily) {
        const { missingFamily: family } = allocation
        const code = allocations.ports.serves(family) ? 508 : 440
        encoder.add(turn.addressErrorCode, { family, code, reason: '' })
      }
      if (allocation.mobile) encoder.add(turn.mobilityTicket, currentTicket(allocation, allocations))
    },
  }
}
