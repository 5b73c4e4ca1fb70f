import { IpAddress } from '@parley/net'
import type { ChangeRequest } from '@parley/stun'
import { Address, type UdpSocket } from '@parley/udp'
import { UdpClients } from '../../edges/udp-clients.ts'
import type { TurnServer } from '../../server/turn-server.ts'
import type { DiscoveryRole } from './discovery-role.ts'

/** One of the two addresses; behind a 1:1 NAT the world knows it by another address. */
interface DiscoveryAddress {
  readonly bind: string
  readonly announce?: string
}

interface DiscoveryOptions {
  readonly addresses: readonly [DiscoveryAddress, DiscoveryAddress]
  readonly ports: readonly [number, number]
}

interface Corner {
  readonly socket: UdpSocket
  readonly announced: Address
}

/**
 * Opens the four sockets of a NAT discovery server (RFC 5780 §3): two addresses, two ports each. They serve STUN and TURN
 * like any other. Their answers to a spoofed request reach its victim and are up to 1.8 times as large as the request, so
 * discovery has to be asked for.
 * Throws RangeError if the addresses or the ports are not two, UdpError if one cannot be had; then none stays open.
 */
export function openDiscovery(
  open: (address: string, port: number, clients: UdpClients) => UdpSocket,
  server: TurnServer,
  { addresses, ports }: DiscoveryOptions,
): readonly UdpSocket[] {
  const [one, other] = addresses.map(({ bind, announce }) => IpAddress.parse(announce ?? bind))
  if (!one || !other || one.equals(other) || one.family !== other.family || ports[0] === ports[1]) {
    throw new RangeError('NAT discovery needs two addresses of one family and two ports')
  }
  const corners: Corner[] = []
  try {
    for (const [ip, { bind }] of addresses.entries()) {
      for (const [index, port] of ports.entries()) {
        const announced = Address.from((ip === 0 ? one : other).bytes, port)
        const clients = new UdpClients(server, role(corners, 2 * ip + index, announced))
        corners.push({ socket: open(bind, port, clients), announced })
      }
    }
  } catch (error) {
    for (const { socket } of corners) socket.close()
    throw error
  }
  return corners.map(({ socket }) => socket)
}

/** Corners are numbered by address and port: the bit of 2 is the address, that of 1 the port. */
function role(corners: readonly Corner[], index: number, origin: Address): DiscoveryRole {
  const corner = (at: number): { socket: UdpSocket; origin: Address } => {
    const found = corners[at]
    if (!found) throw new Error('asked before all sockets were open')
    return { socket: found.socket, origin: found.announced }
  }
  return {
    origin,
    get other() {
      return corner(index ^ 3).origin
    },
    from: ({ changeIp, changePort }: ChangeRequest) => corner(index ^ (changeIp ? 2 : 0) ^ (changePort ? 1 : 0)),
  }
}
