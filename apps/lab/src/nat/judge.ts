import { judgeNat, likelyCalls, type NatFindings, type Unasked as SentUnasked, type Untried } from '@parley/nat'

/** One destination, and the address at which it saw a port of ours. Addresses are text. */
export interface Sighting {
  readonly host: string
  readonly port: number
  /** `address:port` */
  readonly mapped: string
}

/** What happened when a relay that we had not sent anything to sent to our outside address. */
export type Unasked =
  | { readonly is: 'got-in' | 'kept-out'; readonly host: string; readonly whenAsked: boolean }
  | { readonly is: 'not-tried'; readonly why: 'no-relay' | 'relay-refuses' | 'no-way' }

/** Everything the browser observed. */
export interface Observed {
  /** The STUN and TURN servers that were asked over UDP, named in the text if none of them answered. */
  readonly servers: readonly string[]
  /** Whether anything came back over UDP; undefined if the browser does not say. */
  readonly udp: boolean | undefined
  /** Our port's address as this computer sees it; undefined if the browser hides it. */
  readonly local: string | undefined
  /** Whether a server saw the computer's own address, that is, there is no NAT. */
  readonly sameAddress: boolean
  readonly sightings: readonly Sighting[]
  /** Hosts we had already sent to before the relay sent unasked. */
  readonly spokenTo: readonly string[]
  readonly unasked: Unasked
}

/** Draws the conclusions: the reasoning of `parley nat`, applied to the tests that a browser can make. Pure. */
export function judge(observed: Observed): NatFindings {
  const { servers, udp, local, sameAddress } = observed
  const mapped = sameAddress ? local : observed.sightings[0]?.mapped
  const nat = sameAddress ? false : observed.sightings.length > 0 ? true : undefined
  const sightings = observed.sightings.map(({ host, port, mapped }) => ({ host, to: `${host}:${port}`, mapped }))
  const unasked = unaskedOf(observed)
  const findings = judgeNat({ servers: servers.join(', '), udp, nat, local, mapped, sightings, unasked })
  return { ...findings, calls: likelyCalls(findings, mapped) }
}

/** The relay acts as a server that answers from elsewhere: another port of a host we have sent to, or another host. */
function unaskedOf({ unasked, spokenTo }: Observed): SentUnasked | Untried {
  if (unasked.is === 'not-tried') return unasked.why
  const { is, host, whenAsked } = unasked
  const doubts = is === 'kept-out' && !whenAsked ? (['relay-silent'] as const) : []
  return spokenTo.includes(host) ? { otherPort: is, doubts } : { otherAddress: is, doubts }
}
