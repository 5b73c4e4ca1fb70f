import { randomUUID } from 'node:crypto'
import type { Rate } from '@parley/net'
import { tokenClaims } from '@parley/protocol'
import { createSignaling, type SignalingLimits } from '@parley/signaling'
import { serve } from './server-child.ts'

const unlimited: Rate = { perSecond: 1e9, burst: 1e9 }

/** All load comes from one address and never pauses: limits by rate and by source are raised, all others are the default. */
const limits: Partial<SignalingLimits> = {
  requests: unlimited,
  chat: unlimited,
  wireMessages: unlimited,
  wireBytes: unlimited,
  costs: unlimited,
  costsPerAddress: unlimited,
  connectionsPerAddress: 1e9,
  queuePerAddress: 1e9,
  seatsPerAddress: 1e9,
  roomsPerAddress: 1e9,
  chatBytesPerAddress: 1e9,
}

const guest = (sub: string) => ({ token: sub, claims: tokenClaims.parse({ sub, guest: true }) })

serve(httpServer => {
  createSignaling({
    httpServer,
    authenticator: {
      authenticate: async () => guest(randomUUID()),
      recognize: async token => guest(token),
      issueTicket: async session => session,
      verifyTicket: async () => undefined,
    },
    iceServers: { iceServers: () => [] },
    version: 'bench',
    allowOrigin: () => true,
    clientAddress: request => request.socket.remoteAddress ?? '',
    limits,
  })
})
