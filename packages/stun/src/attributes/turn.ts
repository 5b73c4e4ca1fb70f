import { family, xorAddress } from '../codecs/addresses.ts'
import { addressErrorCode } from '../codecs/errors.ts'
import { flag, opaque, uint8Padded, uint16Padded, uint32 } from '../codecs/values.ts'
import type { Codec } from './attribute.ts'
import { attribute, attributeTable } from './attribute.ts'

/** The values of REQUESTED-TRANSPORT, which are IANA's protocol numbers. */
export const transportProtocols = { tcp: 6, udp: 17 } as const

/** EVEN-PORT: whether to reserve the next higher port too (RFC 8656 §18.7). */
const evenPort: Codec<boolean> = {
  decode: reader => (reader.uint8() & 0x80) !== 0,
  encode: (writer, reserve) => writer.uint8(reserve ? 0x80 : 0),
}

/** Why a datagram to a peer was dropped. If it was too big, `data` is the MTU of the next hop. */
export interface IcmpError {
  readonly type: number
  readonly code: number
  readonly data: number
}

/** Two bytes of padding, 7 bits of type, 9 of code, 32 of data (RFC 8656 §18.13). */
const icmp: Codec<IcmpError> = {
  decode(reader) {
    reader.skip(2)
    const both = reader.uint16()
    return { type: both >> 9, code: both & 0x1ff, data: reader.uint32() }
  },
  encode(writer, { type, code, data }) {
    if (!(type >= 0 && type <= 0x7f && code >= 0 && code <= 0x1ff)) writer.fail(`ICMP type ${type}, code ${code}`)
    writer.zeros(2)
    writer.uint16((type << 9) | code)
    writer.uint32(data)
  },
}

/** RFC 8656: Traversal Using Relays around NAT; RFC 6062 (TCP relaying); RFC 8016 (mobility). */
export const turn = attributeTable({
  channelNumber: attribute(0x000c, uint16Padded), // RFC 8656 §18.1
  lifetime: attribute(0x000d, uint32), // RFC 8656 §18.2
  xorPeerAddress: attribute(0x0012, xorAddress), // RFC 8656 §18.3
  data: attribute(0x0013, opaque()), // RFC 8656 §18.4
  xorRelayedAddress: attribute(0x0016, xorAddress), // RFC 8656 §18.5
  requestedAddressFamily: attribute(0x0017, family), // RFC 8656 §18.6
  evenPort: attribute(0x0018, evenPort), // RFC 8656 §18.7
  requestedTransport: attribute(0x0019, uint8Padded), // RFC 8656 §18.8
  dontFragment: attribute(0x001a, flag), // RFC 8656 §18.9
  reservationToken: attribute(0x0022, opaque({ min: 8, max: 8 })), // RFC 8656 §18.10
  connectionId: attribute(0x002a, uint32), // RFC 6062 §6.2.1
  additionalAddressFamily: attribute(0x8000, family), // RFC 8656 §18.11
  addressErrorCode: attribute(0x8001, addressErrorCode), // RFC 8656 §18.12
  icmp: attribute(0x8004, icmp), // RFC 8656 §18.13
  mobilityTicket: attribute(0x8030, opaque()), // RFC 8016 §3
})
