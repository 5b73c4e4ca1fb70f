import { isIPv4, isIPv6 } from 'node:net'
import type { EdgeRelay } from '@parley/edge'
import type { MappedIp } from '../config/addresses.ts'

export interface RelaySurroundings {
  readonly publicIps: readonly string[]
  /** Where a NAT maps them. */
  readonly mapped: readonly MappedIp[]
  /** Addresses under which others reach this machine, the likeliest first. */
  readonly addresses: readonly string[]
  /** Every address of this machine. */
  readonly local: readonly string[]
}

/**
 * The addresses on which relays are opened, and how the world calls them: those of `--nat-ip` and `--public-ip`, or the one
 * that we listen on, or where we listen everywhere the best of the machine.
 */
export function relayAddresses(host: string, around: RelaySurroundings): readonly EdgeRelay[] {
  return [
    ...ofFamily(host === '::' ? '0.0.0.0' : host, '0.0.0.0', isIPv4, [...around.addresses, '127.0.0.1'], around),
    ...ofFamily(host, '::', isIPv6, around.addresses, around),
  ]
}

function ofFamily(
  bind: string,
  everywhere: string,
  isFamily: (address: string) => boolean,
  addresses: readonly string[],
  { publicIps, mapped, local }: RelaySurroundings,
): EdgeRelay[] {
  if (!isFamily(bind)) return []
  const anywhere = bind === everywhere
  const ours = publicIps.filter(isFamily)
  const here = ours.map(address => ({ outside: address, inside: address }))
  const placed = [...mapped, ...here].filter(
    ({ inside }) => isFamily(inside) && local.includes(inside) && (anywhere || inside === bind),
  )
  if (placed.length > 0) return placed.map(({ outside, inside }) => ({ bind: inside, announce: outside }))
  // Of a public address that is on no interface we know only that it leads here.
  const announce = [...ours, ...(anywhere ? addresses : [bind])].find(isFamily)
  return announce === undefined ? [] : [{ bind, announce }]
}
