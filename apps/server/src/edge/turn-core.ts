import { type AddressFamily, IpAddress } from '@parley/stun'
import {
  firstOf,
  PeerPolicy,
  type RelayAddress,
  RelayRegistry,
  restCredentials,
  staticUsers,
  TurnServer,
} from '@parley/turn'
import type { Loop } from '@parley/udp'
import type { EdgeConfig, UdpSetup } from './control.ts'

/** A TURN server as the edge is configured, whose relayed addresses are opened on `loop`. */
export function turnCore({ config, nonceKey, relayMemory }: UdpSetup, loop: Loop): TurnServer {
  return new TurnServer({
    credentials: firstOf(restCredentials(config.secrets), staticUsers(new Map(config.users))),
    policy: new PeerPolicy({ allow: config.allowPeers, deny: config.denyPeers }, config.own),
    relays: {
      addresses: relayAddresses(config),
      range: config.relayPorts,
      open: options => loop.open(options),
      dontFragment: loop.features.dontFragment,
      registry: new RelayRegistry(relayMemory),
    },
    quotas: config.quotas,
    wallClock: Date.now,
    nonceKey,
    realm: config.realm,
  })
}

function relayAddresses({ relays }: EdgeConfig): Partial<Record<AddressFamily, RelayAddress>> {
  const addresses: Partial<Record<AddressFamily, RelayAddress>> = {}
  for (const family of [4, 6] as const) {
    const relay = relays[family]
    if (relay) addresses[family] = { bind: relay.bind, announce: IpAddress.parse(relay.announce) }
  }
  return addresses
}
