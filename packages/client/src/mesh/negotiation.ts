/** An `RTCSdpType`, where the connection stands, and who gives way. */
export interface Incoming {
  readonly type: RTCSdpType
  readonly signalingState: RTCSignalingState
  /** Of two that offer at once, the polite one takes its offer back (W3C WebRTC §10.7, “perfect negotiation”). */
  readonly polite: boolean
}

type Rule = (incoming: Incoming) => boolean

/** Descriptions are handled one at a time, so the signalling state alone shows a collision. */
const applies: Record<RTCSdpType, Rule> = {
  offer: ({ signalingState, polite }) => (signalingState === 'have-local-offer' ? polite : signalingState !== 'closed'),
  answer: answersOurOffer,
  pranswer: answersOurOffer,
  rollback: ({ signalingState }) => signalingState === 'have-remote-offer',
}

/** Whether to apply a description; the others came too late, or lost to our own offer. */
export function shouldApply(incoming: Incoming): boolean {
  return applies[incoming.type](incoming)
}

function answersOurOffer({ signalingState }: Incoming): boolean {
  return signalingState === 'have-local-offer' || signalingState === 'have-remote-pranswer'
}

/** Of two sessions exactly one is polite. */
export function isPolite(self: string, peer: string): boolean {
  return self < peer
}

/**
 * Whether a candidate belongs to a description: those of an offer that was taken back, or from before an ICE restart,
 * do not. A candidate that does not say its fragment may.
 */
export function candidateFits(candidate: RTCIceCandidateInit | null, sdp: string): boolean {
  const fragment = candidate?.usernameFragment
  return !fragment || sdp.split(/\r?\n/).includes(`a=ice-ufrag:${fragment}`)
}
