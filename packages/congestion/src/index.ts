/** What a receiver's link carries, and what is sent over it: estimate, pacer, allocation. */
export { Allocation, classes, paused, type StreamDemand } from './allocation.ts'
export { LinkEstimate, type LinkEstimateOptions } from './link-estimate.ts'
export { type Lane, lanes, Pacer, type PacerOptions } from './pacer.ts'
