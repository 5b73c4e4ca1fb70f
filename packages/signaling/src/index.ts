export { defaultLimits, type Rate, type SignalingLimits } from './limits.ts'
export type * from './options.ts'
export type * from './ports.ts'
export { createSignaling } from './signaling.ts'
