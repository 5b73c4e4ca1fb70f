import { isIPv4, isIPv6 } from 'node:net'
import type { ServerCandidate } from '@parley/sfu'
import type { MappedIp } from '../config/addresses.ts'

/** Where a media worker can be reached: an address of this machine, and how the outside calls it if it has another name there. */
export interface MediaAddress {
  readonly inside: string
  readonly outside: string | undefined
}

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

/** As the SFU writes them into descriptions: UDP and, for networks that block it, TCP. */
export function mediaCandidates(addresses: readonly MediaAddress[], port: number): readonly ServerCandidate[] {
  const protocols = ['udp', 'tcp'] as const
  return protocols.flatMap(protocol =>
    addresses.map(
      ({ inside, outside }): ServerCandidate =>
        outside === undefined
          ? { ip: inside, port, protocol, type: 'host' }
          : { ip: outside, port, protocol, type: 'srflx', related: { ip: inside, port } },
    ),
  )
}
