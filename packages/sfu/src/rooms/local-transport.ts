import type { Fingerprint } from '@parley/dtls'
import type { IceCredentials, RemoteTransport } from '../control.ts'
import type { Candidate, Description, Section, Setup, TransportDescription } from '../sdp/model.ts'
import { NegotiationError } from '../sdp/negotiation-error.ts'

/** Our end, as it is described in every section. */
export interface LocalTransport {
  readonly fingerprint: Fingerprint
  readonly candidates: readonly Candidate[]
}

/** Describes our transport in a section. Candidates are only in the first section of the bundle (RFC 9143 §7.1.3). */
export function describeTransport(
  local: LocalTransport,
  ice: IceCredentials,
  setup: Setup,
  first: boolean,
): TransportDescription {
  return {
    ice,
    fingerprints: [local.fingerprint],
    setup,
    candidates: first ? local.candidates : [],
    endOfCandidates: first,
  }
}

/** The transport of rejected sections. */
export const noTransport: TransportDescription = {
  ice: undefined,
  fingerprints: [],
  setup: undefined,
  candidates: [],
  endOfCandidates: false,
}

/** The other end of a bundle, with its DTLS role. */
export interface RemoteEnd extends RemoteTransport {
  readonly setup: Setup
}

/**
 * The other end, by the first section that describes it; what the others say does not count in a bundle (RFC 9143 §7.3.1).
 * @throws {NegotiationError} `not-usable` without ICE credentials or fingerprint, or with `a=setup:holdconn`.
 */
export function remoteEnd(sections: readonly Section[], fallback: Setup): RemoteEnd {
  const described = sections.find(({ transport }) => transport.ice && transport.fingerprints.length > 0)
  const { ice, fingerprints, setup } = described?.transport ?? noTransport
  if (!ice) throw new NegotiationError('not-usable', 'There is no section with ICE credentials and a fingerprint.')
  // RFC 5763 §5.
  if (setup === 'holdconn') throw new NegotiationError('not-usable', 'With a=setup:holdconn nobody would begin DTLS.')
  return { ice, fingerprints, setup: setup ?? fallback }
}

export function sameCredentials(one: IceCredentials, other: IceCredentials): boolean {
  return one.ufrag === other.ufrag && one.password === other.password
}

export function sameFingerprints(one: RemoteTransport, other: RemoteTransport): boolean {
  const values = (remote: RemoteTransport) => remote.fingerprints.map(({ algorithm, value }) => `${algorithm} ${value}`)
  return values(one).sort().join() === values(other).sort().join()
}

/**
 * Checks that sections kept their positions and mids. Only the position of a rejected section may be reused (RFC 9429 §5.2.2).
 * @throws {NegotiationError} `bad-sdp`
 */
export function checkOrder(before: readonly Section[], { sections }: Description): void {
  if (sections.length < before.length) throw new NegotiationError('bad-sdp', 'A media section has disappeared.')
  for (const [index, old] of before.entries()) {
    if (!old.rejected && sections[index]?.mid !== old.mid) {
      throw new NegotiationError('bad-sdp', `Section ${old.mid} has been replaced while it was in use.`)
    }
    if (!old.rejected && sections[index]?.kind !== old.kind) {
      throw new NegotiationError('bad-sdp', `Section ${old.mid} has become another kind of media.`)
    }
  }
}
