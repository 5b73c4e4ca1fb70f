import type { MediaDescription } from 'sdp-transform'
import type { Candidate } from './model.ts'
import { integer, text } from './values.ts'

const most = 64

const types: readonly string[] = ['host', 'srflx', 'prflx', 'relay'] satisfies Candidate['type'][]
const tcpTypes: readonly string[] = ['active', 'passive', 'so'] satisfies Candidate['tcpType'][]

/** Reads candidates. Those of unknown kinds are ignored (RFC 8839 §5.1). */
export function parseCandidates(written: NonNullable<MediaDescription['candidates']>): Candidate[] {
  return written.slice(0, most).flatMap(line => {
    const protocol = text(line.transport)?.toLowerCase()
    const type = text(line.type)
    const foundation = text(line.foundation)
    const component = integer(line.component, 1, 256)
    const priority = integer(line.priority, 0, 2 ** 32 - 1)
    const address = endpoint(line.ip, line.port)
    const tcpType = text(line.tcptype)
    if ((protocol !== 'udp' && protocol !== 'tcp') || !isType(type) || !address) return []
    if (component === undefined || priority === undefined || !/^[\w+/-]{1,32}$/.test(foundation ?? '')) return []
    return {
      foundation: foundation ?? '',
      component,
      protocol,
      priority,
      ...address,
      type,
      related: endpoint(line.raddr, line.rport),
      tcpType: isTcpType(tcpType) ? tcpType : undefined,
    }
  })
}

function endpoint(
  ip: string | number | undefined,
  port: string | number | undefined,
): { ip: string; port: number } | undefined {
  const address = text(ip)
  const number = integer(port, 0, 65_535)
  // An IP address, or an mDNS name.
  return address !== undefined && /^[\w.:-]{1,255}$/.test(address) && number !== undefined
    ? { ip: address, port: number }
    : undefined
}

function isType(type: string | undefined): type is Candidate['type'] {
  return type !== undefined && types.includes(type)
}

function isTcpType(type: string | undefined): type is NonNullable<Candidate['tcpType']> {
  return type !== undefined && tcpTypes.includes(type)
}
