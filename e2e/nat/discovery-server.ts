// Our NAT discovery server as a program of its own: two addresses on the command line, ports 3478 and 3479.
import { openDiscovery, PeerPolicy, staticUsers, TurnServer } from '@parley/turn'
import { createLoop } from '@parley/udp'

const [one = '', other = ''] = process.argv.slice(2)
const loop = createLoop({
  onError(error) {
    throw error
  },
})
const server = new TurnServer({
  credentials: staticUsers(new Map()),
  policy: new PeerPolicy({}, []),
  relays: { addresses: [], range: [50_000, 50_999], open: options => loop.open(options) },
  quotas: { perUser: 0, total: 0, bandwidthBps: 0 },
  wallClock: Date.now,
})
openDiscovery(loop, server, { addresses: [{ bind: one }, { bind: other }], ports: [3478, 3479] })
loop.attach(server)
