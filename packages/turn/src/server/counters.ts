/** What a TURN server counts; plain numbers, so that threads can add theirs up. */
export interface TurnCounters {
  bindings: number
  requests: number
  errors: number
  /** Error replies that were not sent: too large for what came from an unproved address. */
  errorsLimited: number
  allocations: number
  allocationsMade: number
  relayedPackets: number
  relayedBytes: number
  /** Of `relayedPackets`: from one relay to another of ours, without the kernel. */
  joinedPackets: number
  /** Not STUN, ChannelData of no channel, indications without what they need. */
  malformed: number
  /** No permission, or it has ended. */
  unpermitted: number
  /** More than the user's bandwidth. */
  overBandwidth: number
  /** The password was right, but its time was over; by how much altogether, in seconds. */
  credentialsExpired: number
  credentialsExpiredS: number
  /** No such user, or another password. */
  credentialsWrong: number
  /** The right ones, of somebody who has lost their rights. */
  credentialsRevoked: number
}

export function emptyCounters(): TurnCounters {
  return {
    bindings: 0,
    requests: 0,
    errors: 0,
    errorsLimited: 0,
    allocations: 0,
    allocationsMade: 0,
    relayedPackets: 0,
    relayedBytes: 0,
    joinedPackets: 0,
    malformed: 0,
    unpermitted: 0,
    overBandwidth: 0,
    credentialsExpired: 0,
    credentialsExpiredS: 0,
    credentialsWrong: 0,
    credentialsRevoked: 0,
  }
}
