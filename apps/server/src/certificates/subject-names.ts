import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { isHostname } from '../config/kinds.ts'
import type { Config } from '../config/options.ts'
import { lanAddresses } from '../reachability/machine.ts'

/** What a certificate is for: the entries of its subjectAltName (RFC 5280 §4.2.1.6). */
export interface SubjectNames {
  readonly dns: readonly string[]
  readonly ip: readonly string[]
}

/** What a top-level domain can look like: letters alone, or an encoded name (RFC 3696 §2). */
const maybeTopLevel = /^([a-z]+|xn--[^.]*)$/

export interface Machine {
  readonly hostname: string
  readonly addresses: readonly string[]
  readonly publicIps: readonly string[]
  readonly domain: string | undefined
}

/**
 * Every name under which this machine may be reached: local ones, the host name (also with .local, as mDNS has it), each address.
 * A host name that is a single word of letters is left out: an authority for `studio` could sign for the top-level domain .studio.
 */
export function subjectNames({ hostname, addresses, publicIps, domain }: Machine): SubjectNames {
  const host = hostname.toLowerCase()
  const [first = ''] = host.split('.')
  const dns = [
    'localhost',
    ...(maybeTopLevel.test(host) ? [] : [host]),
    `${first}.local`,
    ...(domain ? [domain] : []),
  ].filter(isHostname)
  const ip = ['127.0.0.1', '::1', ...addresses, ...publicIps].filter(isPlainAddress)
  return { dns: [...new Set(dns)], ip: [...new Set(ip)] }
}

/** The same for the machine that this runs on, as it is now. */
export function namesOfMachine({ domain, publicIp: publicIps }: Pick<Config, 'domain' | 'publicIp'>): SubjectNames {
  return subjectNames({ hostname: hostname(), addresses: lanAddresses(), publicIps, domain })
}

/** The names that the owner asks for, which the certificate must have. */
export function askedNames({ domain, publicIps }: Pick<Machine, 'domain' | 'publicIps'>): SubjectNames {
  return { dns: domain === undefined ? [] : [domain], ip: publicIps.filter(isPlainAddress) }
}

/** Without its zone, which only names an interface of this machine. */
function isPlainAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%')
}
