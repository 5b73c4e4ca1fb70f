import { Cidr } from './cidr.ts'
import { embeddedIpv4, ipv4Forms } from './embedded-ipv4.ts'
import type { IpAddress } from './ip-address.ts'

/** A range of addresses that the public internet does not route, or routes to somewhere private. */
export interface SpecialRange {
  readonly name: string
  readonly cidr: Cidr
  /** Where it is defined. */
  readonly reference: string
}

function ranges<const Name extends string>(
  name: Name,
  ...cidrs: readonly (readonly [cidr: string, reference: string])[]
) {
  return cidrs.map(([cidr, reference]) => ({ name, cidr: Cidr.parse(cidr), reference }))
}

/** IANA's special-purpose address registries (RFC 6890), multicast, what is not allocated, and the clouds' metadata. */
const table = [
  ...ranges('unspecified', ['::/128', 'RFC 4291 §2.5.2']),
  ...ranges('this-network', ['0.0.0.0/8', 'RFC 791 §3.2']),
  ...ranges('loopback', ['127.0.0.0/8', 'RFC 1122 §3.2.1.3'], ['::1/128', 'RFC 4291 §2.5.3']),
  ...ranges('private', ['10.0.0.0/8', 'RFC 1918'], ['172.16.0.0/12', 'RFC 1918'], ['192.168.0.0/16', 'RFC 1918']),
  ...ranges('cgnat', ['100.64.0.0/10', 'RFC 6598']),
  ...ranges('link-local', ['169.254.0.0/16', 'RFC 3927'], ['fe80::/10', 'RFC 4291 §2.5.6']),
  ...ranges('site-local', ['fec0::/10', 'RFC 3879']),
  ...ranges('unique-local', ['fc00::/7', 'RFC 4193']),
  ...ranges(
    'metadata',
    ['169.254.169.254/32', 'AWS, Azure, Google Cloud and most others'],
    ['169.254.170.2/32', 'AWS ECS'],
    ['169.254.170.23/32', 'AWS EKS'],
    ['100.100.100.200/32', 'Alibaba Cloud'],
    ['168.63.129.16/32', 'Azure host'],
    ['192.0.0.192/32', 'Oracle Cloud'],
    ['fd00:ec2::254/128', 'AWS'],
    ['fd00:ec2::23/128', 'AWS EKS'],
    ['fd20:ce::254/128', 'Google Cloud'],
    ['fd00:42::42/128', 'Scaleway'],
  ),
  ...ranges('ietf-protocol', ['192.0.0.0/24', 'RFC 6890 §2.1'], ['2001::/23', 'RFC 2928']),
  ...ranges(
    'documentation',
    ['192.0.2.0/24', 'RFC 5737'],
    ['198.51.100.0/24', 'RFC 5737'],
    ['203.0.113.0/24', 'RFC 5737'],
    ['2001:db8::/32', 'RFC 3849'],
    ['3fff::/20', 'RFC 9637'],
  ),
  ...ranges('benchmarking', ['198.18.0.0/15', 'RFC 2544'], ['2001:2::/48', 'RFC 5180']),
  ...ranges('6to4-relay', ['192.88.99.0/24', 'RFC 7526']),
  ...ranges('orchid', ['2001:10::/28', 'RFC 4843'], ['2001:20::/28', 'RFC 7343']),
  ...ranges('nat64-local', ['64:ff9b:1::/48', 'RFC 8215']),
  ...ranges('ipv4-compatible', ['::/96', 'RFC 4291 §2.5.5.1']),
  ...ranges('ipv4-translated', ['::ffff:0:0:0/96', 'RFC 2765 §2.1']),
  ...ranges('discard', ['100::/64', 'RFC 6666'], ['100:0:0:1::/64', 'RFC 9780']),
  ...ranges('segment-routing', ['5f00::/16', 'RFC 9602']),
  ...ranges('multicast', ['224.0.0.0/4', 'RFC 1112 §4'], ['ff00::/8', 'RFC 4291 §2.7']),
  ...ranges('broadcast', ['255.255.255.255/32', 'RFC 919 §7']),
  ...ranges(
    'reserved',
    ['240.0.0.0/4', 'RFC 1112 §4'],
    // Global unicast is 2000::/3 (RFC 4291 §2.4); nothing else is allocated.
    ['::/3', 'RFC 4291 §2.4'],
    ['4000::/2', 'RFC 4291 §2.4'],
    ['8000::/1', 'RFC 4291 §2.4'],
  ),
] as const satisfies readonly SpecialRange[]

export type SpecialRangeName = (typeof table)[number]['name']

export const specialRanges: readonly (SpecialRange & { readonly name: SpecialRangeName })[] = table

const mostSpecificFirst = [
  ...table.map(range => ({ cidr: range.cidr, range })),
  ...ipv4Forms.filter(({ transparent }) => transparent).map(({ cidr }) => ({ cidr, range: undefined })),
].sort((a, b) => b.cidr.prefixLength - a.cidr.prefixLength)

/** The narrowest special range that the address itself is in, without a look at any IPv4 address inside it. */
export function ownSpecialRange(address: IpAddress): SpecialRange | undefined {
  return mostSpecificFirst.find(({ cidr }) => cidr.contains(address))?.range
}

/**
 * The narrowest special range that the address, or an IPv4 address inside it, is in; undefined for an address of the
 * public internet.
 *
 * @example
 * specialRange(IpAddress.parse('64:ff9b::127.0.0.1'))?.name // 'loopback'
 */
export function specialRange(address: IpAddress): SpecialRange | undefined {
  return (
    ownSpecialRange(address) ??
    embeddedIpv4(address)
      .map(ownSpecialRange)
      .find(range => range !== undefined)
  )
}
