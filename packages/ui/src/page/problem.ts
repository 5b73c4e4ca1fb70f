import type { ClientErrorCode } from '@parley/client'

/** Each has `problem.<words>.title` and `problem.<words>.hint`: what keeps this person out, and what to do about it. */
export type ProblemWords =
  | 'token-missing'
  | 'token-invalid'
  | 'token-expired'
  | 'not-allowed'
  | 'removed'
  | 'network-barred'
  | 'room-private'
  | 'too-many-rooms'
  | 'over-quota'
  | 'rate-limited'
  | 'too-many-connections'
  | 'sfu-missing'
  | 'e2ee-unsupported'
  | 'server-stopping'
  | 'too-slow'
  | 'no-answer'
  | 'outdated'
  | 'origin-refused'
  | 'closed'
  | 'unknown'

/** Every code is listed, so that a new one does not compile until it has a text. */
const words: Readonly<Record<ClientErrorCode, ProblemWords>> = {
  unauthorized: 'token-missing',
  'token-invalid': 'token-invalid',
  'token-expired': 'token-expired',
  'not-allowed': 'not-allowed',
  removed: 'removed',
  'network-barred': 'network-barred',
  'room-private': 'room-private',
  'too-many-rooms': 'too-many-rooms',
  'over-quota': 'over-quota',
  'rate-limited': 'rate-limited',
  'too-many-connections': 'too-many-connections',
  'sfu-missing': 'sfu-missing',
  'server-stopping': 'server-stopping',
  'too-slow': 'too-slow',
  'e2ee-unsupported': 'e2ee-unsupported',
  unreachable: 'no-answer',
  timeout: 'no-answer',
  // The page and the server are different versions: the server does not understand a request.
  'bad-request': 'outdated',
  'not-found': 'outdated',
  'bad-address': 'outdated',
  'origin-refused': 'origin-refused',
  closed: 'closed',
  internal: 'unknown',
  'token-failed': 'unknown',
  // The green room shows how many people the room can hold.
  'room-full': 'unknown',
  // These occur inside a meeting or a call, which has its own texts for them.
  'not-in-room': 'unknown',
  'no-such-room': 'unknown',
  'no-such-participant': 'unknown',
  'no-such-call': 'unknown',
  'no-sfu': 'unknown',
  'call-state': 'unknown',
  'call-self': 'unknown',
  'call-in-progress': 'unknown',
  'call-ended': 'unknown',
  'not-online': 'unknown',
  'board-full': 'unknown',
  // These occur only with WHIP and the HTTP API.
  'no-codec': 'unknown',
  'room-encrypted': 'unknown',
  'unsupported-type': 'unknown',
  'too-large': 'unknown',
  // Files have their own texts.
  'file-unreadable': 'unknown',
  'file-corrupted': 'unknown',
  'storage-full': 'unknown',
  'storage-unavailable': 'unknown',
  // Device errors have their own texts.
  'media-denied': 'unknown',
  'media-dismissed': 'unknown',
  'media-missing': 'unknown',
  'media-busy': 'unknown',
  'media-overconstrained': 'unknown',
  'media-insecure': 'unknown',
  'media-unsupported': 'unknown',
  'media-failed': 'unknown',
}

/** The texts that explain an error code. Codes of a newer server are `unknown`. */
export function problemWords(code: ClientErrorCode): ProblemWords {
  return words[code] ?? 'unknown'
}
