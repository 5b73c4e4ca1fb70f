import { isIPv4, isIPv6 } from 'node:net'
import type { AddressFamily } from '@parley/stun'
import type { Config } from '../config/options.ts'
import type { EdgeConfig, EdgeRelay } from './control.ts'

export interface EdgeSurroundings {
  /** Those of `--turn-secret`, or the one in the data folder. */
  readonly secrets: readonly string[]
  readonly port: number
  readonly mayMove: boolean
  readonly handover: string | undefined
  /** Addresses under which others reach this machine, the likeliest first. */
  readonly addresses: readonly string[]
  /** Every address that leads to this machine. */
  readonly own: readonly string[]
}

/** What the edge is told, from the options. */
export function edgeConfig(config: Config, around: EdgeSurroundings): EdgeConfig {
  const host = listenAddress(config.host)
  return {
    host,
    port: around.port,
    mayMove: around.mayMove,
    handover: around.handover,
    realm: config.turnRealm,
    secrets: around.secrets,
    users: config.turnUser.map(splitUser),
    quotas: {
      perUser: config.turnQuotaUser,
      total: config.turnQuotaTotal,
      bandwidthBps: config.turnBandwidth,
    },
    relays: relaysOf(host, config.publicIp, around.addresses),
    relayPorts: [config.relayPorts.first, config.relayPorts.last],
    allowPeers: config.turnAllowPeer,
    denyPeers: config.turnDenyPeer,
    own: [...new Set([...around.own, ...config.publicIp])],
  }
}

function listenAddress(host: string): string {
  return host === 'localhost' ? '127.0.0.1' : host
}

function splitUser(written: string): readonly [string, string] {
  const colon = written.indexOf(':')
  return [written.slice(0, colon), written.slice(colon + 1)]
}

/** Relays have the addresses that we listen on; a public address is announced in place of the one behind the NAT. */
function relaysOf(
  host: string,
  publicIps: readonly string[],
  addresses: readonly string[],
): Partial<Record<AddressFamily, EdgeRelay>> {
  const ipv4 = relay(host === '::' ? '0.0.0.0' : host, '0.0.0.0', isIPv4, [publicIps, addresses, ['127.0.0.1']])
  const ipv6 = relay(host, '::', isIPv6, [publicIps, addresses])
  return { ...(ipv4 && { 4: ipv4 }), ...(ipv6 && { 6: ipv6 }) }
}

function relay(
  bind: string,
  everywhere: string,
  isFamily: (address: string) => boolean,
  [publicIps, ...others]: readonly [readonly string[], ...(readonly string[])[]],
): EdgeRelay | undefined {
  if (!isFamily(bind)) return undefined
  const candidates = [publicIps, bind === everywhere ? others.flat() : [bind]].flat()
  const announce = candidates.find(isFamily)
  return announce === undefined ? undefined : { bind, announce }
}
