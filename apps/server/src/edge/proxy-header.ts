import { DecodeError } from '@parley/bytes'
import { Address } from '@parley/udp'

/** Who a connection is from and to, as a PROXY header says it. */
export interface ProxiedConnection {
  readonly from: Address
  readonly to: Address
}

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')
const prefixLength = 16
const version2Proxy = 0x21
const families = { 4: { code: 0x11, addressLength: 4 }, 6: { code: 0x21, addressLength: 16 } } as const

/** A PROXY protocol header, version 2, for TCP: what goes before the first byte of a connection that is passed on. */
export function proxyHeader({ from, to }: ProxiedConnection): Buffer {
  const version = from.version === 4 && to.version === 4 ? 4 : 6
  const { code, addressLength } = families[version]
  const header = Buffer.alloc(prefixLength + 2 * addressLength + 4)
  signature.copy(header)
  header[12] = version2Proxy
  header[13] = code
  header.writeUInt16BE(2 * addressLength + 4, 14)
  header.set(wide(from, addressLength), prefixLength)
  header.set(wide(to, addressLength), prefixLength + addressLength)
  header.writeUInt16BE(from.port, prefixLength + 2 * addressLength)
  header.writeUInt16BE(to.port, prefixLength + 2 * addressLength + 2)
  return header
}

/** IPv4 in 16 bytes is IPv4-mapped. */
function wide(address: Address, length: number): Uint8Array {
  const bytes = address.bytes()
  return bytes.length === length ? bytes : Uint8Array.of(...new Array(10).fill(0), 0xff, 0xff, ...bytes)
}

/**
 * The header at the beginning of `bytes`, and its length; undefined while it is not all there.
 * Throws DecodeError for anything that is not a version 2 header of a proxied TCP connection.
 */
export function readProxyHeader(bytes: Buffer): (ProxiedConnection & { readonly length: number }) | undefined {
  const begun = Math.min(bytes.length, signature.length)
  if (!bytes.subarray(0, begun).equals(signature.subarray(0, begun))) throw new DecodeError('proxy/signature', 'wrong')
  if (bytes.length < prefixLength) return undefined
  if (bytes[12] !== version2Proxy) throw new DecodeError('proxy/version', `0x${bytes[12]?.toString(16)}`)
  const family = Object.values(families).find(({ code }) => code === bytes[13])
  const length = prefixLength + bytes.readUInt16BE(14)
  if (!family || length < prefixLength + 2 * family.addressLength + 4 || length > prefixLength + 512) {
    throw new DecodeError('proxy/address', `family 0x${bytes[13]?.toString(16)}, ${length - prefixLength} bytes`)
  }
  if (bytes.length < length) return undefined
  const { addressLength } = family
  const fromEnd = prefixLength + addressLength
  const toEnd = fromEnd + addressLength
  return {
    from: Address.from(bytes.subarray(prefixLength, fromEnd), bytes.readUInt16BE(toEnd)),
    to: Address.from(bytes.subarray(fromEnd, toEnd), bytes.readUInt16BE(toEnd + 2)),
    length,
  }
}
