/** STUN and TURN messages (RFC 8489, RFC 8656), and the packets that share a port with them. */
export { type Attribute, attributeTypes } from './attributes/attribute.ts'
export { ice } from './attributes/ice.ts'
export { type ChangeRequest, natDiscovery } from './attributes/nat-discovery.ts'
export { stun } from './attributes/stun.ts'
export { transportProtocols, turn } from './attributes/turn.ts'
export { nameOfAlgorithm } from './codecs/password-algorithms.ts'
export { longTermKey, opaqueString, shortTermKey } from './credentials.ts'
export { Encoder } from './message/encoder.ts'
export { type ErrorName, errorCodes } from './message/error-codes.ts'
export { type Method, magicCookie, messageType, methodCodeOfType, methods } from './message/header.ts'
export { checkFingerprint, type IntegrityKind, integrityKind, verifyIntegrity } from './message/integrity.ts'
export { Message } from './message/message.ts'
export { newTransactionId } from './message/transaction-id.ts'
export {
  channelDataLength,
  channelHeaderLength,
  channelNumber,
  channelPadding,
  isChannelByte,
  putChannelHeader,
} from './relay/channel-data.ts'
export { FrameSplitter } from './relay/frame-splitter.ts'
export {
  dataIndication,
  Indication,
  indicationHeaderLength,
  putIndicationHeader,
  sendIndication,
} from './relay/indication.ts'
export { packetKindAt } from './relay/packet-kind.ts'
