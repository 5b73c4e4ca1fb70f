/** The SFU: transports, forwarding, and the rooms that negotiate them. */
export type * from './control.ts'
export { newIceCredentials } from './ice/credentials.ts'
export type { RtpReceiver, RtpTransport } from './ports.ts'
export * from './rooms/index.ts'
export { emptyCounters as emptyRouterCounters, type RouterCounters } from './router/counters.ts'
export { Router, type RouterOptions } from './router/router.ts'
export { NegotiationError, type NegotiationErrorCode, type ServerCandidate } from './sdp/index.ts'
export { streamKind } from './tcp/framing.ts'
export {
  emptyIceTcpCounters,
  IceTcpBridge,
  type IceTcpBridgeOptions,
  type IceTcpCounters,
} from './tcp/ice-tcp-bridge.ts'
export * from './whip/index.ts'
export { emptyMediaCounters, type MediaCounters } from './worker/counters.ts'
export { MediaCore, type MediaCoreOptions, type MediaRouter } from './worker/media-core.ts'
