import { type Encoder, turn } from '@parley/stun'
import { toAddress } from '../server/addresses.ts'
import type { Allocations } from '../server/allocations.ts'
import { type Answer, type AuthenticatedRequest, type Later, nothing, refuse } from './answer.ts'

/** Connect (RFC 6062 §5.2): the answer comes when the peer has accepted. */
export function connect(request: AuthenticatedRequest, { tcp, policy }: Allocations): Answer | Later {
  const { message, flow, now } = request
  const relay = flow.allocation?.tcp
  if (!tcp || !relay) return refuse('allocationMismatch')
  const peer = message.get(turn.xorPeerAddress)
  if (!peer || peer.port === 0) return refuse('badRequest')
  const verdict = policy.check(peer.address)
  if (verdict === 'denied' || !tcp.reaches(peer.port)) return refuse('forbidden')
  const address = toAddress(peer)
  if (address.version !== relay.family) return refuse('peerAddressFamilyMismatch')
  return {
    later(reply) {
      const done: Parameters<typeof tcp.connect>[3] = (connected, at) => {
        const add = (encoder: Encoder) => connected.ok && encoder.add(turn.connectionId, connected.id)
        reply(connected.ok ? { ok: true, add } : refuse(connected.error), at)
      }
      tcp.connect(relay, address, verdict === 'own', done, now)
    },
  }
}

/** ConnectionBind (RFC 6062 §5.4): from here on the stream is the peer's. */
export function connectionBind(
  { message, flow, requester, now }: AuthenticatedRequest,
  allocations: Allocations,
): Answer {
  const { tcp } = allocations
  const id = message.get(turn.connectionId)
  const connection = id === undefined ? undefined : tcp?.find(id, now)
  if (flow.transport === 'udp' || !flow.join || flow.allocation) return refuse('badRequest')
  if (!tcp || id === undefined || !connection) return refuse('badRequest')
  const { allocation } = connection.relay
  if (allocation.username !== requester.username) return refuse('wrongCredentials')
  return {
    ok: true,
    add: nothing,
    after() {
      const peer = tcp.take(id)
      if (peer) flow.join?.(peer.stream, (bytes, at) => allocations.admit(allocation, bytes, at))
    },
  }
}
