import type { Candidate } from './model.ts'

/** An address at which a worker can be reached. */
export interface ServerCandidate {
  readonly ip: string
  readonly port: number
  readonly protocol: 'udp' | 'tcp'
  /** `srflx`: the public address of a one-to-one NAT before us. */
  readonly type: 'host' | 'srflx'
  /** Of `srflx`: the address behind it. */
  readonly related?: { readonly ip: string; readonly port: number }
}

/** RFC 8445 §5.1.2.2; TCP comes after all of UDP, as RFC 6544 §4.2 advises. */
const typePreferences = { udp: { host: 126, srflx: 100 }, tcp: { host: 90, srflx: 80 } } as const

/** Passive TCP candidates, by type (RFC 6544 §4.2). */
const directionPreferences = { host: 4, srflx: 2 } as const

const rtpComponent = 1

/** Our candidates as SDP has them: all passive where they are TCP, the first of a kind preferred. */
export function describeCandidates(addresses: readonly ServerCandidate[]): Candidate[] {
  const foundations = new Map<string, number>()
  return addresses.map(({ ip, port, protocol, type, related }, index) => {
    // RFC 8445 §5.1.1.3: the same for the same type, base and protocol.
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
