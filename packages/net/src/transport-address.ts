import { AddressError } from './address-error.ts'
import { IpAddress } from './ip-address.ts'

/** An IP address and a port, 0 to 65,535 (RFC 8489 §4). */
export interface TransportAddress {
  readonly address: IpAddress
  readonly port: number
}

/** `192.0.2.1:3478` or `[2001:db8::1]:3478` (RFC 5952 §6). */
export function formatTransportAddress({ address, port }: TransportAddress): string {
  return address.family === 4 ? `${address}:${port}` : `[${address}]:${port}`
}

/** Reads what {@link formatTransportAddress} writes; throws {@link AddressError}. */
export function parseTransportAddress(text: string): TransportAddress {
  const { ipv6, ipv4, port } =
    /^(?:\[(?<ipv6>[^\]]*:[^\]]*)\]|(?<ipv4>[^:[\]]*)):(?<port>\d{1,5})$/.exec(text)?.groups ?? {}
  if (port === undefined) throw new AddressError(`'${text}' is not address:port or [address]:port`)
  if (Number(port) > 65_535) throw new AddressError(`'${text}' has a port that is more than 65535`)
  return { address: IpAddress.parse(ipv6 ?? ipv4 ?? ''), port: Number(port) }
}

export function equalTransportAddress(a: TransportAddress, b: TransportAddress): boolean {
  return a.port === b.port && a.address.equals(b.address)
}
