/** What ERROR-CODE holds: a code from 300 to 699, and a phrase for people, which may be empty (RFC 8489 §14.8). */
export interface StunError {
  readonly code: number
  readonly reason: string
}

/** All error codes registered with IANA ("STUN Error Codes"), with their recommended phrases. */
export const errorCodes = {
  tryAlternate: { code: 300, reason: 'Try Alternate' }, // RFC 8489
  badRequest: { code: 400, reason: 'Bad Request' }, // RFC 8489
  unauthenticated: { code: 401, reason: 'Unauthenticated' }, // RFC 8489
  forbidden: { code: 403, reason: 'Forbidden' }, // RFC 8656
  mobilityForbidden: { code: 405, reason: 'Mobility Forbidden' }, // RFC 8016
  unknownAttribute: { code: 420, reason: 'Unknown Attribute' }, // RFC 8489
  allocationMismatch: { code: 437, reason: 'Allocation Mismatch' }, // RFC 8656
  staleNonce: { code: 438, reason: 'Stale Nonce' }, // RFC 8489
  addressFamilyNotSupported: { code: 440, reason: 'Address Family not Supported' }, // RFC 8656
  wrongCredentials: { code: 441, reason: 'Wrong Credentials' }, // RFC 8656
  unsupportedTransportProtocol: { code: 442, reason: 'Unsupported Transport Protocol' }, // RFC 8656
  peerAddressFamilyMismatch: { code: 443, reason: 'Peer Address Family Mismatch' }, // RFC 8656
  connectionAlreadyExists: { code: 446, reason: 'Connection Already Exists' }, // RFC 6062
  connectionTimeoutOrFailure: { code: 447, reason: 'Connection Timeout or Failure' }, // RFC 6062
  allocationQuotaReached: { code: 486, reason: 'Allocation Quota Reached' }, // RFC 8656
  roleConflict: { code: 487, reason: 'Role Conflict' }, // RFC 8445
  serverError: { code: 500, reason: 'Server Error' }, // RFC 8489
  insufficientCapacity: { code: 508, reason: 'Insufficient Capacity' }, // RFC 8656
} as const satisfies Record<string, StunError>

export type ErrorName = keyof typeof errorCodes
