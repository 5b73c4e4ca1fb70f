export { canRecord } from './capture/formats.ts'
export { record } from './record.ts'
export { Recordings } from './recordings.ts'
export * from './types.ts'
