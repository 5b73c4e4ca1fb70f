import { Address } from './address/address.ts'
import { MAX_PAYLOAD, type OpenOptions } from './types.ts'

/** The address to bind to. Throws RangeError if it is not an address, or is IPv4 and `dual` is set. */
export function wantedAddress(options: OpenOptions): Address {
  const wanted = Address.parse(options.address, options.port ?? 0)
  if (options.dual && wanted.version === 4)
    throw new RangeError(`${wanted.host} cannot carry both IP versions; “::” can`)
  return wanted
}

interface Sending {
  readonly version: 4 | 6
  readonly dual: boolean
  readonly closed: boolean
}

/** Whether the datagram can be sent at all; see `UdpStats.refused`. Throws RangeError if the range is not within `bytes`. */
export function accepts(socket: Sending, bytes: Uint8Array, start: number, end: number, to: Address): boolean {
  if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= bytes.length)) {
    throw new RangeError(`bytes ${start} to ${end} of ${bytes.length} cannot be sent`)
  }
  const reachable = to.version === socket.version || (to.version === 4 && socket.dual)
  return !socket.closed && reachable && to.port !== 0 && end - start <= MAX_PAYLOAD
}
