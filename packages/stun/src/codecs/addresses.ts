import { byteAt } from '@parley/bytes'
import { type AddressFamily, IpAddress, type TransportAddress } from '@parley/net'
import type { Codec } from '../attributes/attribute.ts'
import { magicCookie } from '../message/header.ts'

/** The families' numbers (RFC 8489 §14.1). */
export const families = { 4: 0x01, 6: 0x02 } as const satisfies Record<AddressFamily, number>

const addressLength = { 4: 4, 6: 16 } as const satisfies Record<AddressFamily, number>

/** The family that a number stands for; undefined if it stands for none. */
export function familyOf(number: number): AddressFamily | undefined {
  return number === families[4] ? 4 : number === families[6] ? 6 : undefined
}

/** A transport address as it is (RFC 8489 §14.1). */
export const address: Codec<TransportAddress> = {
  decode(reader) {
    reader.skip(1)
    const family = familyOf(reader.uint8()) ?? reader.fail('unknown address family')
    const port = reader.uint16()
    return { address: IpAddress.from(reader.take(addressLength[family])), port }
  },
  encode(writer, { address, port }) {
    writer.uint8(0)
    writer.uint8(families[address.family])
    writer.uint16(port)
    writer.put(address.bytes)
  },
}

/** A transport address XORed with the cookie and the transaction ID, so that NATs do not rewrite it (RFC 8489 §14.2). */
export const xorAddress: Codec<TransportAddress> = {
  decode(reader, message) {
    const plain = address.decode(reader, message)
    return xor(plain, reader.bytes, message)
  },
  encode: (writer, value, message) => address.encode(writer, xor(value, writer.bytes, message), message),
}

/** Masks an address, or unmasks a masked one. */
function xor({ address, port }: TransportAddress, bytes: Uint8Array, message: number): TransportAddress {
  const mask = message + 4
  return {
    address: IpAddress.from(address.bytes.map((byte, i) => byte ^ byteAt(bytes, mask + i))),
    port: port ^ (magicCookie >>> 16),
  }
}

/** REQUESTED-ADDRESS-FAMILY and the like: an address family, then three bytes of padding (RFC 8656 §18.6). */
export const family: Codec<AddressFamily> = {
  decode(reader) {
    const value = familyOf(reader.uint8()) ?? reader.fail('unknown address family')
    reader.skip(3)
    return value
  },
  encode(writer, value) {
    writer.uint8(families[value])
    writer.zeros(3)
  },
}
