import { judgeNat, likelyCalls, type NatFindings, type Unasked as SentUnasked, type Untried } from '@parley/nat'

/** One destination, and as what it saw a port of ours. Addresses are text. */
export interface Sighting {
  readonly host: string
  readonly port: number
  /** `address:port` */
  readonly mapped: string
}

/** What came of sending to our outside address from a relay that we had not sent anything to. */
export type Unasked =
  | { readonly is: 'got-in' | 'kept-out'; readonly host: string; readonly whenAsked: boolean }
  | { readonly is: 'not-tried'; readonly why: 'no-relay' | 'relay-refuses' | 'no-way' }

/** All that a browser saw. */
export interface Observed {
  /** The STUN and TURN servers that were asked over UDP, for the sentence that none answered. */
  readonly servers: readonly string[]
  /** Whether anything came back over UDP; undefined: the browser does not say. */
  readonly udp: boolean | undefined
  /** As this computer knows its port; undefined where the browser hides it. */
  readonly local: string | undefined
  /** A server saw the address that this computer has. */
  readonly sameAddress: boolean
  readonly sightings: readonly Sighting[]
  /** Hosts that were sent to before the relay sent unasked. */
  readonly spokenTo: readonly string[]
  readonly unasked: Unasked
}

/** What follows from what a browser saw: the reasoning of `parley nat`, on the tests that a browser can make. Pure. */
export function judge(observed: Observed): NatFindings {
  const { servers, udp, local, sameAddress } = observed
  const mapped = sameAddress ? local : observed.sightings[0]?.mapped
  const nat = sameAddress ? false : observed.sightings.length > 0 ? true : undefined
  const sightings = observed.sightings.map(({ host, port, mapped }) => ({ host, to: `${host}:${port}`, mapped }))
  const unasked = unaskedOf(observed)
  const findings = judgeNat({ servers: servers.join(', '), udp, nat, local, mapped, sightings, unasked })
  return { ...findings, calls: likelyCalls(findings, mapped) }
}

/** The relay stands for a server that answers from elsewhere: from another port of a host that knows us, or from another host. */
function unaskedOf({ unasked, spokenTo }: Observed): SentUnasked | Untried {
  if (unasked.is === 'not-tried') return unasked.why
  const { is, host, whenAsked } = unasked
  const doubts = is === 'kept-out' && !whenAsked ? (['relay-silent'] as const) : []
  return spokenTo.includes(host) ? { otherPort: is, doubts } : { otherAddress: is, doubts }
}
