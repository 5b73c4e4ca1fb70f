import { IpAddress, type TransportAddress } from '@parley/net'
import { Address } from '@parley/udp'

/** An address as STUN's codecs take it. */
export function toTransportAddress(address: Address): TransportAddress {
  return { address: IpAddress.from(address.bytes()), port: address.port }
}

/** An address as sockets take it; an IPv4-mapped one becomes IPv4. */
export function toAddress({ address, port }: TransportAddress): Address {
  return Address.from(address.bytes, port)
}
