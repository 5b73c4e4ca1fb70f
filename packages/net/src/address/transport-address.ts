import { AddressError } from './address-error.ts'
import { formatHostPort, parseHostPort } from './host-port.ts'
import { IpAddress } from './ip-address.ts'

/** An IP address and a port, 0 to 65,535 (RFC 8489 §4). */
export interface TransportAddress {
  readonly address: IpAddress
  readonly port: number
}

/** `192.0.2.1:3478` or `[2001:db8::1]:3478` (RFC 5952 §6). */
export function formatTransportAddress({ address, port }: TransportAddress): string {
  return formatHostPort(String(address), port)
}

/** Reads what {@link formatTransportAddress} writes; throws {@link AddressError}. */
export function parseTransportAddress(text: string): TransportAddress {
  const { host, port } = parseHostPort(text) ?? {}
  if (host === undefined || port === undefined)
    throw new AddressError(`'${text}' is not address:port or [address]:port`)
  return { address: IpAddress.parse(host), port }
}
