import { turn } from '@parley/stun'
import type { Allocations } from '../server/allocations.ts'
import { type Answer, type AuthenticatedRequest, refuse } from './answer.ts'
import { move, nextTicket } from './mobility.ts'

/** Refresh (RFC 8656 §8.2); with a ticket it also moves the allocation (RFC 8016 §3.2). */
export function refresh(request: AuthenticatedRequest, allocations: Allocations): Answer {
  const { message, flow, now } = request
  const ticket = message.get(turn.mobilityTicket)
  const moved = ticket?.length ? move(request, ticket, allocations) : undefined
  if (moved && 'ok' in moved) return moved
  const allocation = moved ?? flow.allocation
  if (!allocation) return refuse('allocationMismatch')
  const family = message.get(turn.requestedAddressFamily)
  if (family !== undefined && !allocation.serves(family)) return refuse('peerAddressFamilyMismatch')

  const asked = message.get(turn.lifetime)
  const lifetimeS = asked === 0 ? 0 : allocations.lifetimeS(asked)
  if (lifetimeS > 0) allocation.expires = now + lifetimeS * 1000
  else if (family !== undefined && allocation.relays.length > 1) allocations.closeRelay(allocation, family)
  else allocations.close(allocation)
  return {
    ok: true,
    add(encoder) {
      encoder.add(turn.lifetime, lifetimeS)
      if (ticket && allocation.mobile && !allocation.closed)
        encoder.add(turn.mobilityTicket, nextTicket(allocation, ticket, allocations))
    },
  }
}
