import { isIP } from 'node:net'
import type { MediaAddress } from '@parley/edge'
import { hears, isEverywhere, listenAddress, loopbackFor } from './listening.ts'
import type { Surroundings } from './surroundings.ts'

/** Each costs every client a connectivity check. */
const mostAddresses = 8

/**
 * Every address that clients may find us at: those of the interfaces that we listen on, and the public ones. A public
 * address that no rule places stands for the first local one of its IP version.
 */
export function mediaAddresses({ host, publicIps, mapped, addresses, local }: Surroundings): readonly MediaAddress[] {
  const heard = isEverywhere(host) ? addresses.filter(address => hears(host, address)) : [listenAddress(host)]
  const inside = heard.length > 0 ? heard : [loopbackFor(host)]

  const placed = mapped.filter(pair => hears(host, pair.inside) && local.includes(pair.inside))
  const known = new Set(placed.map(({ outside }) => outside))
  const unplaced = publicIps.filter(address => !known.has(address) && !local.includes(address))
  const behindNat = unplaced.flatMap(outside => {
    const stands = inside.find(address => isIP(address) === isIP(outside))
    return stands === undefined ? [] : [{ inside: stands, outside }]
  })
  const publicOnes = publicIps.filter(address => local.includes(address) && hears(host, address))
  const plain = [...new Set([...publicOnes, ...inside])].map(address => ({ inside: address, outside: undefined }))
  return [...placed, ...behindNat, ...plain].slice(0, mostAddresses)
}
