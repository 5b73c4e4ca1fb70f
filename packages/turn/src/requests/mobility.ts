import { randomBytes } from 'node:crypto'
import { fromHex, toHex } from '@parley/bytes'
import type { Allocation } from '../server/allocation.ts'
import type { Allocations } from '../server/allocations.ts'
import { type Answer, type AuthenticatedRequest, refuse } from './answer.ts'

/** The allocation's ticket (RFC 8016 §3.1.2): the one it has, if a request is only repeated. */
export function currentTicket(allocation: Allocation, { tickets }: Allocations): Uint8Array {
  allocation.ticket ??= toHex(randomBytes(16))
  tickets.set(allocation.ticket, allocation)
  return fromHex(allocation.ticket)
}

/**
 * A new ticket (RFC 8016 §3.2.2). The one before stays good until the new one is shown: should the answer be lost, the
 * client will ask again with what it has, and gets the same answer.
 */
export function nextTicket(allocation: Allocation, shown: Uint8Array, allocations: Allocations): Uint8Array {
  const repeated = allocation.ticketBefore !== undefined && toHex(shown) === allocation.ticketBefore
  if (repeated) return currentTicket(allocation, allocations)
  if (allocation.ticketBefore) allocations.tickets.delete(allocation.ticketBefore)
  allocation.ticketBefore = allocation.ticket
  allocation.ticket = undefined
  return currentTicket(allocation, allocations)
}

/** Moves the allocation that the ticket is for to the address this request came from (RFC 8016 §3.2.2). */
export function move(
  { flow, requester }: AuthenticatedRequest,
  ticket: Uint8Array,
  allocations: Allocations,
): Allocation | Answer {
  const allocation = allocations.tickets.get(toHex(ticket))
  if (!allocation || allocation.closed) return refuse('badRequest')
  if (allocation.username !== requester.username) return refuse('wrongCredentials')
  if (flow.allocation && flow.allocation !== allocation) return refuse('allocationMismatch')
  allocations.moveTo(allocation, flow)
  return allocation
}
