import { address } from '../codecs/addresses.ts'
import { opaque, uint16Padded, uint32 } from '../codecs/values.ts'
import { attribute, attributeTable, type Codec } from './attribute.ts'

/** Whether the server is asked to answer from its other IP address, its other port, or both (RFC 5780 §7.2). */
export interface ChangeRequest {
  readonly changeIp: boolean
  readonly changePort: boolean
}

const changeIpBit = 0x04
const changePortBit = 0x02

const changeRequest: Codec<ChangeRequest> = {
  decode(reader) {
    const bits = reader.uint32()
    return { changeIp: (bits & changeIpBit) !== 0, changePort: (bits & changePortBit) !== 0 }
  },
  encode: (writer, { changeIp, changePort }) =>
    writer.uint32((changeIp ? changeIpBit : 0) | (changePort ? changePortBit : 0)),
}

/** RFC 5780: NAT behaviour discovery. */
export const natDiscovery = attributeTable({
  changeRequest: attribute(0x0003, changeRequest), // §7.2
  padding: attribute(0x0026, opaque()), // §7.6
  responsePort: attribute(0x0027, uint16Padded), // §7.5
  cacheTimeout: attribute(0x8027, uint32), // §9.1
  responseOrigin: attribute(0x802b, address), // §7.3
  otherAddress: attribute(0x802c, address), // §7.4
})
