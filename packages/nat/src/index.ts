/** From what was observed of a network to findings about its NATs, as codes; sentences are put to them elsewhere. */
export { likelyCalls } from './calls.ts'
export type { Unasked } from './filtering.ts'
export {
  type ClassicName,
  type Doubt,
  type Evidence,
  type Filtering,
  type Finding,
  found,
  type Mapping,
  type Prospect,
  type Said,
  said,
  type Untried,
  untold,
  type Why,
} from './finding.ts'
export { judgeNat, type NatFindings } from './judge.ts'
export type { Sighting } from './mapping.ts'
export { connects, type Network, networkOf, networks } from './pairs.ts'
