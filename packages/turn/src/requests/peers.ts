import type { TransportAddress } from '@parley/net'
import { isChannelByte, turn } from '@parley/stun'
import { toAddress } from '../server/addresses.ts'
import type { Allocation } from '../server/allocation.ts'
import type { Allocations } from '../server/allocations.ts'
import { type Answer, type AuthenticatedRequest, done, refuse } from './answer.ts'

const permissionMs = 300_000
const channelMs = 600_000

/** CreatePermission (RFC 8656 §10.2): all the addresses, or none. */
export function createPermission({ message, flow, now }: AuthenticatedRequest, allocations: Allocations): Answer {
  const { allocation } = flow
  if (!allocation) return refuse('allocationMismatch')
  const peers = message.getAll(turn.xorPeerAddress)
  if (peers.length === 0) return refuse('badRequest')
  const hosts = new Map<string, boolean>()
  for (const peer of peers) {
    const verdict = check(peer, allocation, allocations)
    if (typeof verdict !== 'boolean') return verdict
    hosts.set(toAddress(peer).host, verdict)
  }
  if (!allocations.makeRoom(allocation, hosts.keys(), undefined, now)) return refuse('insufficientCapacity')
  for (const [host, own] of hosts) allocation.permit(host, own, now + permissionMs)
  return done
}

/** ChannelBind (RFC 8656 §12.2), with the channel numbers of RFC 5766, which deployed clients use. */
export function channelBind({ message, flow, now }: AuthenticatedRequest, allocations: Allocations): Answer {
  const { allocation } = flow
  if (!allocation) return refuse('allocationMismatch')
  const number = message.get(turn.channelNumber)
  const peer = message.get(turn.xorPeerAddress)
  if (number === undefined || peer === undefined || !isChannelByte(number >> 8)) return refuse('badRequest')
  if (allocation.tcp) return refuse('badRequest')
  const verdict = check(peer, allocation, allocations)
  if (typeof verdict !== 'boolean') return verdict
  const address = toAddress(peer)
  if (!allocation.channelIsFree(number, address, now)) return refuse('badRequest')
  if (!allocations.makeRoom(allocation, [address.host], number, now)) return refuse('insufficientCapacity')
  allocation.permit(address.host, verdict, now + permissionMs)
  return allocation.bind(number, address, now + channelMs, now) ? done : refuse('badRequest')
}

/** Whether the peer is an address of this machine, or why the client may not send to it. */
function check(peer: TransportAddress, allocation: Allocation, { policy }: Allocations): boolean | Answer {
  const verdict = policy.check(peer.address)
  if (verdict === 'denied') return refuse('forbidden')
  // An IPv4-mapped peer counts as the IPv4 address that it is.
  if (!allocation.serves(toAddress(peer).version)) return refuse('peerAddressFamilyMismatch')
  return verdict === 'own'
}
