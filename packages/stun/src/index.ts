export * from './attributes/attribute.ts'
export * from './attributes/extensions.ts'
export * from './attributes/ice.ts'
export * from './attributes/nat-discovery.ts'
export * from './attributes/stun.ts'
export * from './attributes/turn.ts'
export * from './auth/credentials.ts'
export * from './auth/nonce-cookie.ts'
export * from './auth/prepare.ts'
export type { AddressFamilyError } from './codecs/errors.ts'
export {
  algorithmNamed,
  nameOfAlgorithm,
  type PasswordAlgorithm,
  type PasswordAlgorithmName,
  passwordAlgorithmCodes,
} from './codecs/password-algorithms.ts'
export * from './crypto.ts'
export * from './message/encoder.ts'
export * from './message/error-codes.ts'
export * from './message/header.ts'
export * from './message/inspect.ts'
export {
  checkFingerprint,
  type IntegrityKind,
  integrityKind,
  type VerifyOptions,
  verifyIntegrity,
} from './message/integrity.ts'
export { Message } from './message/message.ts'
export * from './message/transaction-id.ts'
export * from './relay/channel-data.ts'
export * from './relay/frame-splitter.ts'
export * from './relay/indication.ts'
export * from './relay/packet-kind.ts'
