import { isIPv4, isIPv6 } from 'node:net'
import type { MediaAddress } from '@parley/edge'
import type { MappedIp } from '../config/addresses.ts'

export interface MediaSurroundings {
  readonly publicIps: readonly string[]
  readonly mapped: readonly MappedIp[]
  /** Addresses under which others reach this machine, the likeliest first. */
  readonly addresses: readonly string[]
  /** Every address of this machine. */
  readonly local: readonly string[]
}

/** Each costs every client a connectivity check. */
const mostAddresses = 8

/**
 * Every address that clients may find us at: those of the interfaces that we listen on, and the public ones. A public
 * address that no rule places stands for the first local one of its IP version.
 */
export function mediaAddresses(host: string, around: MediaSurroundings): readonly MediaAddress[] {
  const { publicIps, mapped, addresses, local } = around
  const everywhere = host === '0.0.0.0' ? isIPv4 : host === '::' ? () => true : undefined
  const insides = everywhere ? addresses.filter(everywhere) : [host]
  const inside = insides.length > 0 ? insides : [host === '::' ? '::1' : '127.0.0.1']
  const listens = (address: string) => (everywhere ? everywhere(address) : address === host)

  const placed = mapped.filter(pair => listens(pair.inside) && local.includes(pair.inside))
  const known = new Set(placed.map(({ outside }) => outside))
  const unplaced = publicIps.filter(address => !known.has(address) && !local.includes(address))
  const behindNat = unplaced.flatMap(outside => {
    const isFamily = isIPv4(outside) ? isIPv4 : isIPv6
    const stands = inside.find(isFamily)
    return stands === undefined ? [] : [{ inside: stands, outside }]
  })
  const publicOnes = publicIps.filter(address => local.includes(address) && listens(address))
  const plain = [...new Set([...publicOnes, ...inside])].map(address => ({ inside: address, outside: undefined }))
  return [...placed, ...behindNat, ...plain].slice(0, mostAddresses)
}
