/** What a receiver's link carries, and what is sent over it: estimate, pacer, allocation. */
export { Allocation, classes, type StreamDemand } from './allocation.ts'
export { LinkEstimate } from './link-estimate.ts'
export { type Lane, lanes, Pacer } from './pacer.ts'
