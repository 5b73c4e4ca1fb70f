import { Address } from './address/address.ts'
import { MAX_PAYLOAD, type OpenOptions } from './types.ts'

/** The address to bind to. Throws RangeError when it is none, or when `dual` does not go with it. */
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

/** Whether the datagram can go out at all; see `UdpStats.refused`. Throws RangeError if the range is not in `bytes`. */
export function accepts(socket: Sending, bytes: Uint8Array, start: number, end: number, to: Address): boolean {
  if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= bytes.length)) {
    throw new RangeError(`bytes ${start} to ${end} of ${bytes.length} cannot be sent`)
  }
  const reachable = to.version === socket.version || (to.version === 4 && socket.dual)
  return !socket.closed && reachable && to.port !== 0 && end - start <= MAX_PAYLOAD
}
