export { type Attribute, attributeTypes } from './attributes/attribute.ts'
export { ice } from './attributes/ice.ts'
export { type ChangeRequest, natDiscovery } from './attributes/nat-discovery.ts'
export { stun } from './attributes/stun.ts'
export { transportProtocols, turn } from './attributes/turn.ts'
export { nameOfAlgorithm } from './codecs/password-algorithms.ts'
export * from './credentials.ts'
export type { StunCrypto } from './crypto.ts'
export { Encoder } from './message/encoder.ts'
export * from './message/error-codes.ts'
export {
  type MessageClass,
  type Method,
  magicCookie,
  messageType,
  methodCodeOfType,
  methods,
} from './message/header.ts'
export { checkFingerprint, type IntegrityKind, integrityKind, verifyIntegrity } from './message/integrity.ts'
export { Message } from './message/message.ts'
export { newTransactionId } from './message/transaction-id.ts'
export * from './relay/channel-data.ts'
export { FrameSplitter } from './relay/frame-splitter.ts'
export * from './relay/indication.ts'
export * from './relay/packet-kind.ts'
