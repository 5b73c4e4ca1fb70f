// Our TURN server as a process of its own: one thread, one loop. Argument: the port.
import { IpAddress } from '@parley/stun'
import { PeerPolicy, staticUsers, TurnServer, UdpListener } from '@parley/turn'
import { createLoop } from '@parley/udp'

const port = Number(process.argv[2])
const loop = createLoop({ onError: error => console.error(error) })
const server = new TurnServer({
  credentials: staticUsers(new Map([['ann', 'secret']])),
  policy: new PeerPolicy({ allow: ['127.0.0.1'] }, []),
  relays: {
    addresses: [{ bind: '127.0.0.1', announce: IpAddress.parse('127.0.0.1') }],
    range: [20_000, 29_999],
    open: options => loop.open(options),
  },
  quotas: { perUser: 0, total: 0, bandwidthBps: 0 },
  wallClock: Date.now,
  errorRepliesPerSecond: 60_000,
})
new UdpListener(loop, server, '127.0.0.1', port)
// While `run` holds the thread no signal's handler is called: a profile is written when the time is over.
const endsAt = process.env.BENCH_SECONDS
  ? loop.now() + Number(process.env.BENCH_SECONDS) * 1000
  : Number.POSITIVE_INFINITY
await loop.run({
  nextTimeout: () => Math.min(server.nextTimeout(), endsAt),
  handleTimeout(now) {
    server.handleTimeout(now)
    if (now >= endsAt) loop.stop()
  },
})
