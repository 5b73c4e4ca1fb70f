import type { Candidate } from './model.ts'

/** An address at which a worker can be reached. */
export interface ServerCandidate {
  readonly ip: string
  readonly port: number
  readonly protocol: 'udp' | 'tcp'
  /** `srflx` is the public address of a one-to-one NAT in front of us. */
  readonly type: 'host' | 'srflx'
  /** For `srflx`, the address behind the NAT. */
  readonly related?: { readonly ip: string; readonly port: number }
}

/** Type preferences (RFC 8445 §5.1.2.2). All of TCP comes after all of UDP, as RFC 6544 §4.2 advises. */
const typePreferences = { udp: { host: 126, srflx: 100 }, tcp: { host: 90, srflx: 80 } } as const

/** Direction preferences of passive TCP candidates, by type (RFC 6544 §4.2). */
const directionPreferences = { host: 4, srflx: 2 } as const

const rtpComponent = 1

/** Our addresses as ICE candidates, the earlier preferred among equals. TCP candidates are passive: we only accept. */
export function describeCandidates(addresses: readonly ServerCandidate[]): Candidate[] {
  const foundations = new Map<string, number>()
  return addresses.map(({ ip, port, protocol, type, related }, index) => {
    // Candidates of the same type, base and protocol share a foundation (RFC 8445 §5.1.1.3).
    const base = `${type}/${protocol}/${related?.ip ?? ip}`
    const foundation = foundations.get(base) ?? foundations.size + 1
    foundations.set(base, foundation)
    const localPreference =
      protocol === 'udp' ? 65_535 - index : directionPreferences[type] * 2 ** 13 + Math.max(0, 8191 - index)
    return {
      foundation: String(foundation),
      component: rtpComponent,
      protocol,
      priority: typePreferences[protocol][type] * 2 ** 24 + localPreference * 2 ** 8 + (256 - rtpComponent),
      ip,
      port,
      type,
      related: type === 'srflx' ? (related ?? { ip: '0.0.0.0', port: 0 }) : undefined,
      tcpType: protocol === 'tcp' ? 'passive' : undefined,
    }
  })
}
