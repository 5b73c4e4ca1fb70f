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

const dependent: Readonly<Record<Filtering, ClassicName>> = {
  'endpoint-independent': 'full cone',
  'address-dependent': 'symmetric',
  'address-and-port-dependent': 'symmetric',
}

/** RFC 3489 §10.1, figure 2, behind a NAT: the same table as that of `parley nat`; a test compares them. */
export const classicNames: Readonly<Record<Mapping, Readonly<Record<Filtering, ClassicName>>>> = {
  'endpoint-independent': {
    'endpoint-independent': 'full cone',
    'address-dependent': 'restricted cone',
    'address-and-port-dependent': 'port-restricted cone',
  },
  'address-dependent': dependent,
  'address-and-port-dependent': dependent,
  dependent,
}

/** The same where no address is translated. */
export const classicNamesWithoutNat: Readonly<Record<Filtering, ClassicName>> = {
  'endpoint-independent': 'open',
  'address-dependent': 'symmetric firewall',
  'address-and-port-dependent': 'symmetric firewall',
}

/** Where the same mapping serves every destination. */
export const prospects: Readonly<Record<Filtering, Prospect>> = {
  'endpoint-independent': 'direct',
  'address-dependent': 'direct with most',
  'address-and-port-dependent': 'direct with most',
}
