import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { isLinkLocal, isLoopback, rangeOf } from './ranges.ts'

export type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>

let known: Interfaces = {}

/** The interfaces of this machine; as they were last seen if the system cannot tell, because no file descriptor is free. */
export function machineInterfaces(look: () => Interfaces = networkInterfaces): Interfaces {
  try {
    known = look()
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
  }
  return known
}

/** Every address of this machine, including those that only this machine can use. */
export function ownAddresses(interfaces: Interfaces = machineInterfaces()): string[] {
  return Object.values(interfaces).flatMap(infos => (infos ?? []).map(({ address }) => address))
}

/** Whether an address leads to this machine itself. */
export function isOwn(address: string): boolean {
  return isLoopback(address) || ownAddresses().includes(address)
}

const virtual = /^(docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|podman|cni|flannel|tun|tap|utun|wg|tailscale|zt)/i

/**
 * The addresses under which others reach this machine, the likeliest first: real interfaces before virtual ones, IPv4
 * before IPv6. Loopback and link-local addresses are left out: no browser elsewhere can use them.
 */
export function lanAddresses(interfaces: Interfaces = machineInterfaces()): string[] {
  const found = Object.entries(interfaces).flatMap(([name, infos]) =>
    (infos ?? [])
      .filter(info => !info.internal && !isLinkLocal(info.address))
      .map(info => ({ address: info.address, rank: rank(name, info) })),
  )
  return [...new Set(found.sort((a, b) => a.rank - b.rank).map(entry => entry.address))]
}

function rank(name: string, { family, address }: NetworkInterfaceInfo): number {
  // Homes mostly have 192.168, offices the other private networks.
  const kind = address.startsWith('192.168.') ? 0 : rangeOf(address) === 'private' ? 1 : 2
  return (virtual.test(name) ? 10 : 0) + (family === 'IPv4' ? 0 : 5) + kind
}
