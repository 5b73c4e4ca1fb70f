import { Address } from '@parley/udp'
import { type Finding, found, type Mapping, untold } from './findings.ts'
import { type Known, mappedAddress } from './tests.ts'

/** One destination, and as what it saw our mapping port. */
interface Sighting {
  readonly to: Address
  readonly mapped: Address
}

/** Compares how different destinations saw the same port of ours (RFC 5780 §4.3). */
export function judgeMapping(known: Known, nat: boolean): Finding<Mapping> {
  const sightings = sightingsOf(known)
  const evidence = sightings.map(({ to, mapped }) => `${to} sees this port as ${mapped}`)
  if (!nat) return found('endpoint-independent', 'certain', ['no address is translated'])

  const pairs = sightings.flatMap((one, i) => sightings.slice(i + 1).map(two => compare(one, two)))
  const hosts = pairs.filter(pair => !pair.sameHost)
  const ports = pairs.filter(pair => pair.sameHost)
  if (ports.some(pair => !pair.sameMapping)) return found('address-and-port-dependent', 'certain', evidence)
  if (hosts.length > 0 && hosts.every(pair => pair.sameMapping)) {
    return found('endpoint-independent', 'certain', evidence)
  }
  if (hosts.length > 0) return found(ports.length > 0 ? 'address-dependent' : 'dependent', 'certain', evidence)
  if (ports.length > 0) return untold('two ports of one address see the same; it takes a server with a second address')
  return untold('it takes a server that names a second address (RFC 5780), or two servers')
}

function sightingsOf({ server, second, outcomes }: Known): Sighting[] {
  const { mappingBinding, mappingAddress, mappingBoth, secondServer } = outcomes
  const other = mappingBinding?.is === 'answer' ? mappingBinding.other : undefined
  const all = [
    { to: server, mapped: mappedAddress(mappingBinding) },
    { to: other && Address.from(other.bytes(), server.port), mapped: mappedAddress(mappingAddress) },
    { to: other, mapped: mappedAddress(mappingBoth) },
    { to: second, mapped: mappedAddress(secondServer) },
  ]
  return all.flatMap(({ to, mapped }) => (to && mapped ? [{ to, mapped }] : []))
}

function compare(one: Sighting, two: Sighting) {
  return { sameHost: one.to.host === two.to.host, sameMapping: one.mapped.equals(two.mapped) }
}
