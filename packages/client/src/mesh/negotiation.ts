/** A description that has arrived, the state of our connection, and which side gives way. */
export interface Incoming {
  readonly type: RTCSdpType
  readonly signalingState: RTCSignalingState
  /** When both sides offer at once, the polite one rolls back its offer (W3C WebRTC §10.7, “perfect negotiation”). */
  readonly polite: boolean
}

type Rule = (incoming: Incoming) => boolean

/** Descriptions are handled one at a time, so the signalling state is enough to see a collision. */
const applies: Record<RTCSdpType, Rule> = {
  offer: ({ signalingState, polite }) => (signalingState === 'have-local-offer' ? polite : signalingState !== 'closed'),
  answer: answersOurOffer,
  pranswer: answersOurOffer,
  rollback: ({ signalingState }) => signalingState === 'have-remote-offer',
}

/** Whether to apply a description. If not, it came too late, or our own offer goes first. */
export function shouldApply(incoming: Incoming): boolean {
  return applies[incoming.type](incoming)
}

function answersOurOffer({ signalingState }: Incoming): boolean {
  return signalingState === 'have-local-offer' || signalingState === 'have-remote-pranswer'
}

/** Exactly one of two sessions is polite. */
export function isPolite(self: string, peer: string): boolean {
  return self < peer
}

/**
 * Whether a candidate belongs to a description. Candidates of an offer that was rolled back, or from before an ICE restart, do
 * not. One without a user name fragment may.
 */
export function candidateFits(candidate: RTCIceCandidateInit | null, sdp: string): boolean {
  const fragment = candidate?.usernameFragment
  return !fragment || sdp.split(/\r?\n/).includes(`a=ice-ufrag:${fragment}`)
}
