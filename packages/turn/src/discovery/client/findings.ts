/** RFC 4787 §4.1. `dependent`: on the address, or on address and port; the tests could not tell which. */
export type Mapping = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent' | 'dependent'

/** RFC 4787 §5. */
export type Filtering = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent'

export type Sureness =
  /** Every step rests on an answer, or on silence where everything else was answered. */
  | 'certain'
  /** It rests on silence that has another possible reason; `evidence` names it. */
  | 'likely'

/** One thing that was looked for. `evidence` and `why` are sentences for people. */
export type Finding<T> =
  | { readonly value: T; readonly sure: Sureness; readonly evidence: readonly string[] }
  | { readonly value: undefined; readonly why: string }

/** The names of RFC 3489 §5 and §10.1. */
export type ClassicName =
  | 'open'
  | 'full cone'
  | 'restricted cone'
  | 'port-restricted cone'
  | 'symmetric'
  | 'symmetric firewall'
  | 'UDP blocked'

/** What it means for calls. */
export type Prospect = 'direct' | 'direct with most' | 'relay needed'

/** Seconds that an unused binding lives: it was alive after `atLeastS`, and gone after `lessThanS` if that is given. */
export interface Lifetime {
  readonly atLeastS: number
  readonly lessThanS: number | undefined
}

/** What is known about the network between this machine and a STUN server. Addresses are text with their port. */
export interface NatFindings {
  readonly server: string
  /** Whether any UDP came back. */
  readonly udp: boolean
  /** Whether addresses are translated on the way; undefined where nothing came back. */
  readonly nat: boolean | undefined
  /** Of one port of this machine: as the machine knows it, and as the server saw it. */
  readonly local: string | undefined
  readonly mapped: string | undefined
  readonly mapping: Finding<Mapping>
  readonly filtering: Finding<Filtering>
  /** Whether two machines behind the same NAT can talk by their outside addresses (RFC 4787 §6). */
  readonly hairpinning: Finding<boolean>
  readonly lifetime: Finding<Lifetime>
  readonly classic: Finding<ClassicName>
  readonly calls: Finding<Prospect>
}

export function found<T>(value: T, sure: Sureness, evidence: readonly string[]): Finding<T> {
  return { value, sure, evidence }
}

export function untold<T>(why: string): Finding<T> {
  return { value: undefined, why }
}
