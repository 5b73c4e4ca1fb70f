import { uint32At } from '@parley/bytes'
import { Cidr } from './cidr.ts'
import { IpAddress } from './ip-address.ts'

export interface Ipv4Form {
  readonly name: string
  readonly cidr: Cidr
  /** Whether the IPv4 inside alone decides where such an address leads; if not, the whole range is special as well. */
  readonly transparent: boolean
  readonly ipv4: (bytes: Uint8Array) => readonly Uint8Array[]
}

function form(name: string, cidr: string, transparent: boolean, ipv4: Ipv4Form['ipv4']): Ipv4Form {
  return { name, cidr: Cidr.parse(cidr), transparent, ipv4 }
}

const lastFour = (bytes: Uint8Array) => [bytes.subarray(12)]

/** Every form of IPv6 address that some stack, tunnel or translator unwraps into IPv4. */
export const ipv4Forms: readonly Ipv4Form[] = [
  form('ipv4-mapped', '::ffff:0:0/96', true, lastFour), // RFC 4291 §2.5.5.2
  form('ipv4-compatible', '::/96', false, bytes => (uint32At(bytes, 12) > 1 ? lastFour(bytes) : [])), // RFC 4291 §2.5.5.1, deprecated; :: and ::1 are none
  form('ipv4-translated', '::ffff:0:0:0/96', false, lastFour), // RFC 2765 §2.1, gone since RFC 6145
  form('nat64', '64:ff9b::/96', true, lastFour), // RFC 6052 §2.1
  form('nat64-local', '64:ff9b:1::/48', false, nat64Local), // RFC 8215
  form('6to4', '2002::/16', true, bytes => [bytes.subarray(2, 6)]), // RFC 3056 §2
  form('teredo', '2001::/32', true, bytes => [
    bytes.subarray(4, 8), // the Teredo server
    bytes.subarray(12).map(byte => byte ^ 0xff), // the client, behind its NAT
  ]), // RFC 4380 §4
]

/**
 * The IPv4 addresses that traffic to this address may end at; none for IPv4 itself and for IPv6 that carries none.
 * What is true of them is true of the address: check them too before sending there.
 */
export function embeddedIpv4(address: IpAddress): readonly IpAddress[] {
  return ipv4Forms
    .filter(({ cidr }) => cidr.contains(address))
    .flatMap(({ ipv4 }) => ipv4(address.bytes).map(bytes => IpAddress.from(bytes)))
}

/**
 * RFC 6052 §2.2: in a prefix of /48, /56 or /64 the IPv4 bytes flow round byte 8, and what follows them is zero; in a /96
 * they are the last four. The length is the operator's choice: the first layout whose rest is zero is taken.
 */
function nat64Local(bytes: Uint8Array): Uint8Array[] {
  const spots = [
    [6, 7, 9, 10],
    [7, 9, 10, 11],
    [9, 10, 11, 12],
  ]
  const spot = spots.find(at => bytes.subarray(Math.max(...at) + 1).every(byte => byte === 0)) ?? [12, 13, 14, 15]
  return [Uint8Array.from(spot, i => bytes[i] ?? 0)]
}
