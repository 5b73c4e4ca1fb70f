import type { NoPath } from '../peer-connection/recovery.ts'
import type { PathFailure } from '../types.ts'

/** An attempt to find a path, and what came of it. */
export interface PathAttempt {
  readonly iceServers: readonly RTCIceServer[]
  readonly policy: RTCIceTransportPolicy
  /** The types of the candidates that were found on this side. */
  readonly localTypes: ReadonlySet<string>
  /** Whether the peer has sent anything for this connection. */
  readonly answered: boolean
}

type PeerFailure = Exclude<PathFailure, 'server-unreachable'>

const reasons: Readonly<Record<PeerFailure, string>> = {
  'no-answer': 'They have not answered yet: their own connection may be down.',
  'relay-only-not-offered': 'Only relayed media is allowed, and this server offers no relay (TURN).',
  'relay-only-unreachable': 'Only relayed media is allowed, and the relay (TURN) could not be reached.',
  'relay-only-no-path': 'No path was found between you through the relay (TURN).',
  'relay-not-offered': 'No path was found between you: no direct one, and this server offers no relay (TURN).',
  'relay-unreachable': 'No path was found between you: no direct one, and the relay (TURN) could not be reached.',
  'no-path': 'No path was found between you: neither a direct one nor one through the relay (TURN).',
}

/**
 * Remembers what was found out while no path worked. An attempt may begin with a new connection, of which nothing is known at
 * first; but that the peer has answered, or that a relay was reached, stays true.
 */
export class PathMemory {
  readonly #types = new Set<string>()
  #answered = false

  /** A path works: forgets everything. */
  worked(): void {
    this.#types.clear()
    this.#answered = false
  }

  /** Why no media gets through, by this attempt and the ones before it. */
  why({ localTypes, answered, ...now }: PathAttempt): NoPath {
    for (const type of localTypes) this.#types.add(type)
    this.#answered ||= answered
    return noPathReason({ ...now, localTypes: this.#types, answered: this.#answered })
  }
}

/** Why no media gets through. */
export function noPathReason(attempt: PathAttempt): NoPath {
  const code = failure(attempt)
  return { code, reason: reasons[code] }
}

function failure({ iceServers, policy, localTypes, answered }: PathAttempt): PeerFailure {
  if (!answered) return 'no-answer'
  const hasRelay = iceServers.flatMap(server => server.urls).some(url => url.startsWith('turn'))
  const reached = localTypes.has('relay')
  if (policy === 'relay') {
    if (!hasRelay) return 'relay-only-not-offered'
    return reached ? 'relay-only-no-path' : 'relay-only-unreachable'
  }
  if (!hasRelay) return 'relay-not-offered'
  return reached ? 'no-path' : 'relay-unreachable'
}
