export { type DiscoverOptions, discoverNat } from './discover.ts'
export type * from './findings.ts'
export { NatDiscovery, type NatDiscoveryOptions } from './nat-discovery.ts'
export { discoveryRetransmission, type Retransmission } from './retransmission.ts'
