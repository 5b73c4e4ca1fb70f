import type { X509Certificate } from 'node:crypto'
import { equalBytes } from '@parley/bytes'
import { Cidr, IpAddress, type SpecialRangeName, specialRanges } from '@parley/net'
import { element, elements } from './der.ts'
import type { SubjectNames } from './subject-names.ts'

/** What an authority may sign for: the permitted subtrees of its name constraints (RFC 5280 §4.2.1.10). */
export interface Permitted {
  /** Each includes all names below it. */
  readonly dns: readonly string[]
  readonly ip: readonly Cidr[]
}

export const nameConstraintsOid = '2.5.29.30'

const oidContent = Uint8Array.of(0x55, 0x1d, 0x1e)
const sequence = 0x30
const extensions = 0xa3
const permittedSubtrees = 0xa0
const dnsName = 0x82
const ipAddress = 0x87

const localRanges: readonly SpecialRangeName[] = ['loopback', 'private', 'cgnat', 'unique-local']
const local: Permitted = {
  dns: ['localhost', 'local'],
  ip: specialRanges.filter(({ name }) => localRanges.includes(name)).map(({ cidr }) => cidr),
}

/**
 * What a machine's authority has to sign for: everything local, since that changes with the network; the names that the machine has;
 * exactly what the owner `asked` for; and of other IPv6 addresses their /64, because they change within it every day.
 */
export function permittedFor(names: SubjectNames, asked: SubjectNames): Permitted {
  const networks = new Map<string, Cidr>()
  for (const text of names.ip) {
    const address = IpAddress.parse(text)
    if (permitsAddress(local, address)) continue
    const exactly = address.family === 4 || asked.ip.includes(text)
    const network = Cidr.of(address, exactly ? address.bytes.length * 8 : 64)
    networks.set(String(network), network)
  }
  return {
    dns: [...local.dns, ...names.dns.filter(name => !permitsName(local, name))],
    ip: [...local.ip, ...networks.values()],
  }
}

/** The value of the extension. */
export function encodePermitted({ dns, ip }: Permitted): Uint8Array {
  const names = dns.map(name => element(dnsName, Buffer.from(name, 'ascii')))
  const networks = ip.map(({ network, prefixLength }) => element(ipAddress, network.bytes, mask(network, prefixLength)))
  return element(sequence, element(permittedSubtrees, ...[...names, ...networks].map(base => element(sequence, base))))
}

/** What this authority says that it may sign for; undefined if nothing limits it. */
export function readPermitted(certificate: X509Certificate): Permitted | undefined {
  const subtrees = constraints(certificate)?.find(({ tag }) => tag === permittedSubtrees)
  if (!subtrees) return undefined
  const bases = elements(subtrees.content).flatMap(({ content }) => elements(content)[0] ?? [])
  return {
    dns: bases.filter(({ tag }) => tag === dnsName).map(({ content }) => Buffer.from(content).toString('ascii')),
    ip: bases.filter(({ tag }) => tag === ipAddress).map(({ content }) => network(content)),
  }
}

/** Those of the names that an authority may sign for. */
export function permittedNames(permitted: Permitted | undefined, { dns, ip }: SubjectNames): SubjectNames {
  if (!permitted) return { dns, ip }
  return {
    dns: dns.filter(name => permitsName(permitted, name)),
    ip: ip.filter(address => permitsAddress(permitted, IpAddress.parse(address))),
  }
}

/** The `names` that are not in `without`, as one list. */
export function otherNames(names: SubjectNames, without: SubjectNames): string[] {
  const known = new Set([...without.dns, ...without.ip])
  return [...names.dns, ...names.ip].filter(name => !known.has(name))
}

function permitsName({ dns }: Permitted, name: string): boolean {
  return dns.some(base => name === base || name.endsWith(`.${base}`))
}

function permitsAddress({ ip }: Permitted, address: IpAddress): boolean {
  return ip.some(cidr => cidr.contains(address))
}

function constraints(certificate: X509Certificate) {
  const [whole] = elements(certificate.raw)
  const [toBeSigned] = whole ? elements(whole.content) : []
  const explicit = toBeSigned && elements(toBeSigned.content).find(({ tag }) => tag === extensions)
  const [list] = explicit ? elements(explicit.content) : []
  const fields = list && elements(list.content).map(({ content }) => elements(content))
  const value = fields?.find(([oid]) => oid && equalBytes(oid.content, oidContent))?.at(-1)
  const [inside] = value ? elements(value.content) : []
  return inside && elements(inside.content)
}

function mask({ bytes }: IpAddress, prefixLength: number): Uint8Array {
  return Cidr.of(IpAddress.from(bytes.map(() => 0xff)), prefixLength).network.bytes
}

/** Address and mask, each 4 or 16 bytes. */
function network(content: Uint8Array): Cidr {
  const size = content.length / 2
  const ones = content.subarray(size).reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
  return Cidr.of(IpAddress.from(content, 0, size), ones)
}
