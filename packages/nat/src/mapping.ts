import { type Finding, found, type Mapping, said, untold } from './finding.ts'

/** One destination, and as what it saw one port of ours. */
export interface Sighting {
  /** Its address without port: tells the ports of one machine from two machines. */
  readonly host: string
  /** `address:port` */
  readonly to: string
  /** `address:port` */
  readonly mapped: string
}

/** Compares how different destinations saw the same port of ours (RFC 5780 §4.3). */
export function judgeMapping(sightings: readonly Sighting[]): Finding<Mapping> {
  const evidence = sightings.map(({ to, mapped }) => said('seen-as', { to, mapped }))
  const pairs = sightings.flatMap((one, i) => sightings.slice(i + 1).map(two => compare(one, two)))
  const hosts = pairs.filter(pair => !pair.sameHost)
  const ports = pairs.filter(pair => pair.sameHost)
  if (ports.some(pair => !pair.sameMapping)) return found('address-and-port-dependent', 'certain', evidence)
  if (hosts.length > 0 && hosts.every(pair => pair.sameMapping)) {
    return found('endpoint-independent', 'certain', evidence)
  }
  if (hosts.length > 0) return found(ports.length > 0 ? 'address-dependent' : 'dependent', 'certain', evidence)
  return untold(ports.length > 0 ? 'same-ports' : 'one-server')
}

function compare(one: Sighting, two: Sighting) {
  return { sameHost: one.host === two.host, sameMapping: one.mapped === two.mapped }
}
