import { isIP } from 'node:net'
import type { EdgeRelay } from '@parley/edge'
import { isEverywhere, listenAddress } from './listening.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * The addresses on which relays are opened, and by which the world knows them: those of `--nat-ip` and `--public-ip`, or the
 * one that we listen on, or where we listen everywhere the best of the machine.
 */
export function relayAddresses(around: Surroundings): readonly EdgeRelay[] {
  const host = listenAddress(around.host)
  return [
    ...ofFamily(4, host === '::' ? '0.0.0.0' : host, [...around.addresses, '127.0.0.1'], around),
    ...ofFamily(6, host, around.addresses, around),
  ]
}

function ofFamily(
  family: 4 | 6,
  bind: string,
  addresses: readonly string[],
  { publicIps, mapped, local }: Surroundings,
): EdgeRelay[] {
  const isFamily = (address: string) => isIP(address) === family
  if (!isFamily(bind)) return []
  const anywhere = isEverywhere(bind)
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
