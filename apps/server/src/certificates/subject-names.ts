import { isIP } from 'node:net'
import { isHostname } from '../config/kinds.ts'

/** What a certificate is for: the entries of its subjectAltName (RFC 5280 §4.2.1.6). */
export interface SubjectNames {
  readonly dns: readonly string[]
  readonly ip: readonly string[]
}

/** All top-level domains are such: letters alone, or coded ones (RFC 3696 §2). */
const maybeTopLevel = /^([a-z]+|xn--[^.]*)$/

export interface Machine {
  readonly hostname: string
  readonly addresses: readonly string[]
  readonly publicIps: readonly string[]
  readonly domain: string | undefined
}

/**
 * Every name under which this machine may be called: local ones, the host name (also as mDNS says it), each address. Not a
 * host name that is one word of letters: an authority for `studio` could sign for all of the top-level domain .studio.
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

/** What of it the owner asks for by name, and has to get. */
export function askedNames({ domain, publicIps }: Pick<Machine, 'domain' | 'publicIps'>): SubjectNames {
  return { dns: domain === undefined ? [] : [domain], ip: publicIps.filter(isPlainAddress) }
}

/** Without a zone: that is this machine's word for one of its interfaces. */
function isPlainAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%')
}
