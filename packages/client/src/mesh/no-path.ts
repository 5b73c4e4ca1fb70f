import type { NoPath } from '../peer-connection/recovery.ts'
import type { PathFailure } from '../types.ts'

/** What was tried to find a path. */
export interface PathAttempt {
  readonly iceServers: readonly RTCIceServer[]
  readonly policy: RTCIceTransportPolicy
  /** Types of the candidates found on this side. */
  readonly localTypes: ReadonlySet<string>
  /** The peer has said something on this connection. */
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
 * What was found out while no path worked. Each attempt may begin with a new connection, of which nothing is known at first:
 * that the peer answered, and which relay was reached, stays true.
 */
export class PathMemory {
  readonly #types = new Set<string>()
  #answered = false

  /** A path works: what comes later is another story. */
  worked(): void {
    this.#types.clear()
    this.#answered = false
  }

  /** Why no media gets through, with what this attempt adds to the ones before. */
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
