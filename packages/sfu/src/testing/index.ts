/** The other end: clients made of our own transports, by UDP and by TCP. For tests and benches. */
export { ArrivalReporter } from './arrival-reporter.ts'
export { ClientGroup } from './client-group.ts'
export { overTcp, withoutDtls } from './over-tcp.ts'
export { makeCheck } from './prober.ts'
export { SfuClient, type SfuClientOptions } from './sfu-client.ts'
