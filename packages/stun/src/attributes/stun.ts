import { address, xorAddress } from '../codecs/addresses.ts'
import { errorCode } from '../codecs/errors.ts'
import { passwordAlgorithm, passwordAlgorithms } from '../codecs/password-algorithms.ts'
import { opaque, text, text127, uint16List, uint32 } from '../codecs/values.ts'
import { attribute, attributeTable } from './attribute.ts'

/** RFC 8489: Session Traversal Utilities for NAT. */
export const stun = attributeTable({
  mappedAddress: attribute(0x0001, address), // §14.1
  username: attribute(0x0006, text(508)), // §14.3
  messageIntegrity: attribute(0x0008, opaque({ min: 20, max: 20 })), // §14.5
  errorCode: attribute(0x0009, errorCode), // §14.8
  unknownAttributes: attribute(0x000a, uint16List), // §14.13
  realm: attribute(0x0014, text127), // §14.9
  nonce: attribute(0x0015, text127), // §14.10
  messageIntegritySha256: attribute(0x001c, opaque({ min: 16, max: 32, multipleOf: 4 })), // §14.6
  passwordAlgorithm: attribute(0x001d, passwordAlgorithm), // §14.12
  userhash: attribute(0x001e, opaque({ min: 32, max: 32 })), // §14.4
  xorMappedAddress: attribute(0x0020, xorAddress), // §14.2
  passwordAlgorithms: attribute(0x8002, passwordAlgorithms), // §14.11
  alternateDomain: attribute(0x8003, text(255)), // §14.16
  software: attribute(0x8022, text127), // §14.14
  alternateServer: attribute(0x8023, address), // §14.15
  fingerprint: attribute(0x8028, uint32), // §14.7
})
