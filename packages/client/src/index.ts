export { connect } from './connect.ts'
export { CallEndedError, ParleyError } from './error.ts'
export { createCamera, createMicrophone, createScreen } from './media/devices.ts'
export type * from './types.ts'
