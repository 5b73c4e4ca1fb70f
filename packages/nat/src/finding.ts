/** RFC 4787 §4.1. `dependent`: on the address, or on address and port; the tests could not tell which. */
export type Mapping = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent' | 'dependent'

/** RFC 4787 §5. */
export type Filtering = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent'

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

/** What a finding rests on. */
export type Evidence =
  /** `{ servers }` */
  | 'nothing-came-back'
  /** `{ to, mapped }` */
  | 'seen-as'
  | 'no-translation'
  | 'other-address-got-in'
  | 'other-address-kept-out'
  | 'other-port-got-in'
  | 'other-port-kept-out'
  | Doubt
  | 'mapping-each'
  | 'filtering-unknown'
  | 'ports-agree'
  | 'same-network'
  | 'udp-blocked'
  | 'calls-direct'
  | 'calls-most'
  | 'calls-relay'
  | 'hairpin-came-back'
  | 'hairpin-lost'
  /** `{ seconds }` */
  | 'alive-after'
  /** `{ seconds }` */
  | 'gone-after'

/** Other reasons for silence than a filter. */
export type Doubt =
  /** The server's other address does not answer when asked directly, either. */
  | 'other-address-silent'
  /** The relay does not get through when spoken to, either. */
  | 'relay-silent'
  | 'packets-lost'

/** Why something is not known. */
export type Why =
  | 'no-answer'
  | 'udp-untold'
  | 'same-ports'
  | 'one-server'
  | 'hidden-ports'
  | 'other-port-got-in'
  | 'kept-out-elsewhere'
  | Untried
  | 'filtering-unknown'
  | 'mapping-unknown'
  | 'no-nat'
  | 'two-ports-unseen'
  | 'not-measured'
  | 'no-response-port'

/** Why nothing was sent that would show a filter. */
export type Untried =
  /** The server has no second address. */
  | 'no-second-address'
  /** The server does not answer from elsewhere when asked to. */
  | 'change-refused'
  | 'no-first-answer'
  /** A page has only a relay to send from, and got none. */
  | 'no-relay'
  | 'relay-refuses'
  | 'no-way'

/** A code, and what fills the holes of the sentence that somebody puts to it. */
export interface Said<Code extends string = Evidence> {
  readonly code: Code
  readonly params?: Readonly<Record<string, string>>
}

export type Sureness =
  /** Every step rests on an answer, or on silence where everything else was answered. */
  | 'certain'
  /** It rests on silence that has another possible reason, which the evidence names. */
  | 'likely'

/** One thing that was looked for. */
export type Finding<T> =
  | { readonly value: T; readonly sure: Sureness; readonly evidence: readonly Said[] }
  | { readonly value: undefined; readonly why: Why }

export function found<T>(value: T, sure: Sureness, evidence: readonly Said[]): Finding<T> {
  return { value, sure, evidence }
}

export function untold<T>(why: Why): Finding<T> {
  return { value: undefined, why }
}

export function said(code: Evidence, params?: Said['params']): Said {
  return { code, ...(params && { params }) }
}
