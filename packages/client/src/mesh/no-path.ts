/** What was tried to find a path. */
export interface PathAttempt {
  readonly iceServers: readonly RTCIceServer[]
  readonly policy: RTCIceTransportPolicy
  /** Types of the candidates found on this side. */
  readonly localTypes: ReadonlySet<string>
  /** The peer has said something on this connection. */
  readonly answered: boolean
}

/** In plain words, why no media gets through. */
export function noPathReason({ iceServers, policy, localTypes, answered }: PathAttempt): string {
  if (!answered) return 'They have not answered yet: their own connection may be down.'
  const urls = iceServers.flatMap(server => server.urls)
  const hasRelay = urls.some(url => url.startsWith('turn'))
  if (policy === 'relay') {
    if (!hasRelay) return 'Only relayed media is allowed, and this server offers no relay (TURN).'
    if (!localTypes.has('relay')) return 'Only relayed media is allowed, and the relay (TURN) could not be reached.'
    return 'No path was found between you through the relay (TURN).'
  }
  if (!hasRelay) return 'No path was found between you: no direct one, and this server offers no relay (TURN).'
  if (!localTypes.has('relay')) {
    return 'No path was found between you: no direct one, and the relay (TURN) could not be reached.'
  }
  return 'No path was found between you: neither a direct one nor one through the relay (TURN).'
}
