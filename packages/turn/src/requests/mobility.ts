import { randomBytes } from 'node:crypto'
import { toHex } from '@parley/bytes'
import { turn } from '@parley/stun'
import type { Allocation } from '../server/allocation.ts'
import type { Allocations } from '../server/allocations.ts'
import { type Answer, type AuthenticatedRequest, refuse } from './answer.ts'

/** A new ticket for the allocation; the one before is void (RFC 8016 §3.2). */
export function mobilityTicket(allocation: Allocation, { tickets }: Allocations): Uint8Array {
  const ticket = randomBytes(16)
  if (allocation.ticket) tickets.delete(allocation.ticket)
  allocation.ticket = toHex(ticket)
  tickets.set(allocation.ticket, allocation)
  return ticket
}

/** Moves the allocation that the ticket is for to the address this request came from (RFC 8016 §3.2.2). */
export function move(request: AuthenticatedRequest, allocations: Allocations): Allocation | Answer {
  const { message, flow, requester } = request
  const ticket = message.get(turn.mobilityTicket)
  const allocation = ticket && allocations.tickets.get(toHex(ticket))
  if (!allocation || allocation.closed) return refuse('badRequest')
  if (allocation.username !== requester.username) return refuse('wrongCredentials')
  if (flow.allocation && flow.allocation !== allocation) return refuse('allocationMismatch')
  allocations.moveTo(allocation, flow)
  return allocation
}
