import { type ChangeRequest, type Encoder, type Message, natDiscovery, stun } from '@parley/stun'
import type { Address, UdpSocket } from '@parley/udp'
import { toTransportAddress } from '../../server/addresses.ts'

/** What one of a discovery server's four sockets knows of the others (RFC 5780 §3). */
export interface DiscoveryRole {
  /** The address of this socket, as the world knows it. */
  readonly origin: Address
  /** That with the other IP address and the other port. */
  readonly other: Address
  /** The socket to answer from, and its address as the world knows it. */
  from(change: ChangeRequest): { readonly socket: UdpSocket; readonly origin: Address }
}

const unchanged: ChangeRequest = { changeIp: false, changePort: false }

/** Where the answer to a Binding request leaves, and what it holds. */
interface DiscoveryAnswer {
  readonly socket: UdpSocket
  readonly add: (encoder: Encoder) => void
}

/**
 * The answer of RFC 5780 §6.1, with as much padding as was asked with: more would make small requests large. Throws
 * DecodeError for attributes that do not parse.
 */
export function discoveryAnswer(request: Message, role: DiscoveryRole, client: Address): DiscoveryAnswer {
  const { socket, origin } = role.from(request.get(natDiscovery.changeRequest) ?? unchanged)
  const padding = request.get(natDiscovery.padding)?.length
  return {
    socket,
    add(encoder) {
      encoder.add(stun.xorMappedAddress, toTransportAddress(client))
      encoder.add(natDiscovery.responseOrigin, toTransportAddress(origin))
      encoder.add(natDiscovery.otherAddress, toTransportAddress(role.other))
      if (padding !== undefined) encoder.add(natDiscovery.padding, new Uint8Array(padding))
    },
  }
}
