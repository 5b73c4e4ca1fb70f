import { isIP } from 'node:net'
import { isHostname } from '../config/kinds.ts'

/** What a certificate is for: the entries of its subjectAltName (RFC 5280 §4.2.1.6). */
export interface SubjectNames {
  readonly dns: readonly string[]
  readonly ip: readonly string[]
}

export interface Machine {
  readonly hostname: string
  readonly addresses: readonly string[]
  readonly publicIps: readonly string[]
  readonly domain: string | undefined
}

/** Every name under which this machine may be called: local ones, the host name (also as mDNS says it), each address. */
export function subjectNames({ hostname, addresses, publicIps, domain }: Machine): SubjectNames {
  const host = hostname.toLowerCase()
  const [first = ''] = host.split('.')
  const dns = ['localhost', host, `${first}.local`, ...(domain ? [domain] : [])].filter(isHostname)
  const ip = ['127.0.0.1', '::1', ...addresses, ...publicIps].filter(address => isIP(address) !== 0)
  return { dns: [...new Set(dns)], ip: [...new Set(ip)] }
}
