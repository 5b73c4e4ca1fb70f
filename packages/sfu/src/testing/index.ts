/** The other end: clients made of our own transports, and a network in virtual time. For tests and load alone. */
export { Call, type JoinOptions, rtpPacket, sendRtp } from './call.ts'
export { ClientGroup } from './client-group.ts'
export { FakeNet, FakeSocket, type Sent, type Timed } from './fake-net.ts'
export { overTcp, withoutDtls } from './over-tcp.ts'
export { type CheckOptions, makeCheck, Prober } from './prober.ts'
export { RelayRouter } from './relay-router.ts'
export { SfuClient, type SfuClientOptions } from './sfu-client.ts'
