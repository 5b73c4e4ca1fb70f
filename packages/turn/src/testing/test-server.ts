import { IpAddress } from '@parley/net'
import { staticUsers } from '../credentials/credentials.ts'
import { PeerPolicy } from '../server/peer-policy.ts'
import type { RelayPortsOptions } from '../server/relay-ports.ts'
import { TurnServer, type TurnServerOptions } from '../server/turn-server.ts'
import { FakeNet } from './fake-net.ts'
import { TestClient } from './test-client.ts'

/** The addresses of the machine under test: public, so that only being its own protects it. */
export const own = { ipv4: '9.9.9.9', ipv6: '2600::9' } as const

/** A server on a fake machine, with users `ann` and `bob`, in virtual time. */
export class TestSite {
  readonly net: FakeNet
  readonly server: TurnServer
  wallMs = 1_700_000_000_000

  constructor(
    options: Partial<Omit<TurnServerOptions, 'relays'>> & { relays?: Partial<RelayPortsOptions> } = {},
    net = new FakeNet(),
  ) {
    this.net = net
    this.server = new TurnServer({
      credentials: staticUsers(
        new Map([
          ['ann', 'secret'],
          ['bob', 'secret'],
        ]),
      ),
      policy: new PeerPolicy({}, Object.values(own)),
      quotas: { perUser: 0, perSource: 0, total: 0, bandwidthBps: 0 },
      wallClock: () => this.wallMs,
      ...options,
      relays: {
        addresses: [
          { bind: own.ipv4, announce: IpAddress.parse(own.ipv4) },
          { bind: own.ipv6, announce: IpAddress.parse(own.ipv6) },
        ],
        range: [40_000, 49_999],
        open: net.open,
        ...options.relays,
      },
    })
  }

  client(address?: string, transport?: 'udp' | 'tcp' | 'tls'): TestClient {
    return new TestClient(this.net, this.server, address, transport)
  }

  /** Lets time go by, with everything that happens in it. */
  pass(seconds: number): void {
    const end = this.net.now + seconds * 1000
    for (let due = this.server.nextTimeout(); due <= end; due = this.server.nextTimeout()) {
      this.net.now = Math.max(due, this.net.now)
      this.server.handleTimeout(this.net.now)
    }
    this.net.now = end
  }
}
