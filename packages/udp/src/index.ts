/** Datagram sockets behind one interface, batched on Linux and on `node:dgram` elsewhere, and the loop that drives them. */
export { Address } from './address/address.ts'
export { chooseLoop, createLoop, type LoopKind } from './create-loop.ts'
export { UdpError } from './errors.ts'
export type { UdpStats } from './stats.ts'
export {
  type Datagram,
  HEADROOM,
  type IcmpError,
  type Loop,
  type OpenOptions,
  type Program,
  TAILROOM,
  type UdpSocket,
} from './types.ts'
export { workerEntry } from './worker/launch.ts'
export { type LoopContext, type ServedProgram, serveLoop } from './worker/serve-loop.ts'
export { type LoopWorker, startLoopWorker } from './worker/start-loop-worker.ts'
