export { createHoldings, type Holdings } from './holdings.ts'
export type { SignalingLimits } from './limits.ts'
export type * from './options.ts'
export type * from './ports.ts'
export type * from './rights/bans.ts'

export { createSignaling } from './signaling.ts'
