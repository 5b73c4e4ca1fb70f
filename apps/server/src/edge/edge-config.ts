import type { EdgeAddresses, EdgeConfig } from '@parley/edge'
import type { Config } from '../config/options.ts'
import { discoveryAddresses } from '../reachability/discovery-addresses.ts'
import { listenAddress } from '../reachability/listening.ts'
import { mediaAddresses } from '../reachability/media-addresses.ts'
import { relayAddresses } from '../reachability/relay-addresses.ts'
import type { Surroundings } from '../reachability/surroundings.ts'

interface EdgeSettings {
  /** Those of `--turn-secret`, or the one in the data folder. */
  readonly secrets: readonly string[]
  readonly port: number
  readonly mayMove: boolean
  readonly handover: string | undefined
  /** Forward media too. */
  readonly media: boolean
}

/** What the edge is told, from the options. Throws Failure for what cannot be done on this machine. */
export function edgeConfig(config: Config, around: Surroundings, settings: EdgeSettings): EdgeConfig {
  return {
    ...edgeAddresses(around),
    host: listenAddress(config.host),
    port: settings.port,
    mayMove: settings.mayMove,
    handover: settings.handover,
    proxies: config.turnProxyProtocol,
    discovery: config.stunAlternate && discoveryAddresses(config.stunAlternate, around),
    realm: config.turnRealm,
    secrets: settings.secrets,
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
    media: settings.media ? { workers: config.mediaWorkers } : undefined,
  }
}

/** What changes with the interfaces of the machine. */
export function edgeAddresses(around: Surroundings): EdgeAddresses {
  return {
    relays: relayAddresses(around),
    own: [...new Set([...around.local, ...around.publicIps])],
    mediaAddresses: mediaAddresses(around),
  }
}

function splitUser(written: string): readonly [string, string] {
  const colon = written.indexOf(':')
  return [written.slice(0, colon), written.slice(colon + 1)]
}
