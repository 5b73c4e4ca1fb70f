import { createSocket } from 'node:dgram'
import { type Address, createLoop, type Datagram, type LoopKind, type UdpSocket } from '@parley/udp'
import type { DiscoveryFindings } from './judge.ts'
import { NatDiscovery } from './nat-discovery.ts'
import type { Servers } from './tests.ts'
import type { Retransmission } from './transactions.ts'

interface DiscoverOptions extends Servers {
  /** Whether to measure, too, how long an unused binding lives; that takes up to five minutes. */
  readonly lifetime?: boolean
  readonly retransmission?: Retransmission
  readonly loop?: LoopKind
}

/**
 * Asks a STUN server over UDP how the NATs on the way behave. Resolves within 9 s, without `lifetime`; that nothing comes
 * back is a finding, too. Rejects with the system's error where this machine cannot send there at all.
 */
export async function discoverNat({ loop: kind, ...options }: DiscoverOptions): Promise<DiscoveryFindings> {
  const address = await localAddressTowards(options.server)
  return new Promise((resolve, reject) => {
    const loop = createLoop({ onError: fail }, kind)
    const ports = new Map<string, UdpSocket>()

    function fail(error: unknown): void {
      loop.close()
      reject(error)
    }

    function open(name: string): UdpSocket {
      const known = ports.get(name)
      if (known) return known
      const onDatagram = ({ bytes, start, end, from }: Datagram, now: number) =>
        discovery.receive(name, bytes.subarray(start, end), from, now)
      const socket = loop.open({ address, onDatagram })
      ports.set(name, socket)
      return socket
    }

    const discovery = new NatDiscovery({
      ...options,
      send: (name, bytes, to) => void open(name).send(bytes, 0, bytes.length, to),
      local: name => open(name).local,
      done(findings) {
        resolve(findings)
        loop.close()
      },
    })
    loop.attach({
      nextTimeout: () => discovery.nextTimeout(),
      handleTimeout: now => discovery.handleTimeout(now),
    })
    try {
      discovery.start(loop.now())
      loop.poke()
    } catch (error) {
      fail(error)
    }
  })
}

/** The address of this machine from which the system would send there; nothing is sent. */
async function localAddressTowards(server: Address): Promise<string> {
  const socket = createSocket(server.version === 4 ? 'udp4' : 'udp6')
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.connect(server.port, server.host, resolve)
    })
    return socket.address().address
  } finally {
    socket.close()
  }
}
