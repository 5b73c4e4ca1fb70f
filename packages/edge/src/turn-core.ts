import { IpAddress, parseTransportAddress } from '@parley/net'
import {
  firstOf,
  type OwnService,
  PeerPolicy,
  QuotaBoard,
  type RelayAddress,
  RelayRegistry,
  restCredentials,
  staticUsers,
  type TcpPort,
  TurnServer,
} from '@parley/turn'
import { Address, type Loop } from '@parley/udp'
import type { EdgeRelay, MediaAddress } from './config.ts'
import type { WorkerSetup } from './worker-handle.ts'

/** A TURN server as the edge is configured, whose relayed addresses are opened on `loop`, and by `tcp` those of TCP, if any. */
export function turnCore(
  { config, nonceKey, relayMemory, quotaMemory }: WorkerSetup,
  loop: Loop,
  tcp?: TcpPort,
): TurnServer {
  const server = new TurnServer({
    ...(tcp && config.tcpPeerPorts && { tcp: { port: tcp, peerPorts: config.tcpPeerPorts } }),
    credentials: firstOf(restCredentials(config.secrets), staticUsers(new Map(config.users))),
    policy: new PeerPolicy({ allow: config.allowPeers, deny: config.denyPeers }, config.own),
    relays: {
      addresses: relayAddresses(config.relays),
      range: config.relayPorts,
      open: options => loop.open(options),
      dontFragment: loop.features.dontFragment,
      registry: new RelayRegistry(relayMemory),
    },
    quotas: config.quotas,
    quotaBoard: new QuotaBoard(quotaMemory),
    alternateServers: config.alternateServers.map(parseTransportAddress),
    wallClock: Date.now,
    nonceKey,
    realm: config.realm,
  })
  for (const { user, untilMs } of config.revoked) server.revoke(user, untilMs)
  return server
}

/** As the TURN server takes them. */
export function relayAddresses(relays: readonly EdgeRelay[]): RelayAddress[] {
  return relays.map(({ bind, announce }) => ({ bind, announce: IpAddress.parse(announce) }))
}

/** What media workers on these ports are to relayed clients, who may reach them and nothing else on this machine. */
export function mediaServices(addresses: readonly MediaAddress[], ports: readonly number[]): OwnService[] {
  return ports.flatMap(port =>
    addresses.map(({ inside, outside }) => ({
      announced: Address.parse(outside ?? inside, port),
      kernel: Address.parse(inside, port),
    })),
  )
}
