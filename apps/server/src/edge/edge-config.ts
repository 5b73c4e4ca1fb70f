import type { EdgeAddresses, EdgeConfig } from '@parley/edge'
import type { Config } from '../config/options.ts'
import { discoveryAddresses } from './discovery-addresses.ts'
import { mediaAddresses } from './media-addresses.ts'
import { type RelaySurroundings, relayAddresses } from './relay-addresses.ts'

export interface EdgeSurroundings {
  /** Those of `--turn-secret`, or the one in the data folder. */
  readonly secrets: readonly string[]
  readonly port: number
  readonly mayMove: boolean
  readonly handover: string | undefined
  /** Forward media too. */
  readonly media: boolean
  /** Addresses under which others reach this machine, the likeliest first. */
  readonly addresses: readonly string[]
  /** Every address of this machine. */
  readonly local: readonly string[]
}

/** What the edge is told, from the options. Throws Failure for what cannot be done on this machine. */
export function edgeConfig(config: Config, around: EdgeSurroundings): EdgeConfig {
  const host = listenAddress(config.host)
  const surroundings: RelaySurroundings = { ...around, publicIps: config.publicIp, mapped: config.natIp }
  return {
    ...edgeAddresses(config, around),
    host,
    port: around.port,
    mayMove: around.mayMove,
    handover: around.handover,
    proxies: config.turnProxyProtocol,
    discovery: config.stunAlternate && discoveryAddresses(host, config.stunAlternate, surroundings),
    realm: config.turnRealm,
    secrets: around.secrets,
    users: config.turnUser.map(splitUser),
    quotas: {
      perUser: config.turnQuotaUser,
      perSource: config.turnQuotaSource,
      total: config.turnQuotaTotal,
      bandwidthBps: config.turnBandwidth,
    },
    tcpPeerPorts: config.turnTcp ? config.turnTcpPorts.map(({ first, last }) => [first, last] as const) : undefined,
    relayPorts: [config.relayPorts.first, config.relayPorts.last],
    allowPeers: config.turnAllowPeer,
    denyPeers: config.turnDenyPeer,
    alternateServers: config.turnAlternateServer.map(String),
    revoked: [],
    media: around.media ? { workers: config.mediaWorkers } : undefined,
  }
}

/** What changes with the interfaces of the machine. */
export function edgeAddresses(
  { host, publicIp: publicIps, natIp: mapped }: Config,
  { addresses, local }: Pick<EdgeSurroundings, 'addresses' | 'local'>,
): EdgeAddresses {
  const surroundings = { publicIps, mapped, addresses, local }
  return {
    relays: relayAddresses(listenAddress(host), surroundings),
    own: [...new Set([...local, ...publicIps])],
    mediaAddresses: mediaAddresses(listenAddress(host), surroundings),
  }
}

function listenAddress(host: string): string {
  return host === 'localhost' ? '127.0.0.1' : host
}

function splitUser(written: string): readonly [string, string] {
  const colon = written.indexOf(':')
  return [written.slice(0, colon), written.slice(colon + 1)]
}
