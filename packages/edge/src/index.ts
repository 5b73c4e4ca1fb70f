/** The media process: STUN, TURN and the SFU in a supervised child, and the mailbox by which it is directed. */
export type { EdgeAddresses, EdgeConfig, EdgeDiscovery, EdgeRelay, MediaAddress } from './config.ts'
export type { EdgeCounters } from './counters.ts'
export { ClosedError, RemoteError } from './errors.ts'
export { createHandover, type Handover } from './handover.ts'
export { type Letter, Mailbox, remote } from './mailbox.ts'
export {
  type EdgeInfo,
  type GuestCalls,
  guestsPort,
  processPort,
  type SfuAvailability,
  type SfuCalls,
  sfuPort,
  signalingPort,
  supervisorPort,
  type WhipCalls,
  whipPort,
} from './ports.ts'
export {
  type Edge,
  type EdgeOptions,
  type Ending,
  smallHeap,
  startEdge,
} from './supervisor.ts'
export { within } from './within.ts'
