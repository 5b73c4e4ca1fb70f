import { flag, uint32, uint64 } from '../codecs/values.ts'
import { attribute, attributeTable } from './attribute.ts'

/** RFC 8445: Interactive Connectivity Establishment. The two roles carry a tie-breaker of 64 bits. */
export const ice = attributeTable({
  priority: attribute(0x0024, uint32), // §16.1
  useCandidate: attribute(0x0025, flag), // §16.1
  iceControlled: attribute(0x8029, uint64), // §16.1
  iceControlling: attribute(0x802a, uint64), // §16.1
})
