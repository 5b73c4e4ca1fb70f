import { createSocket, type Socket } from 'node:dgram'

interface Target {
  readonly address: string
  readonly port: number
}

/** A way for UDP between `a` and `b`, which can be cut. Each believes the other to be at a port of this process. */
export interface UdpPath {
  /** The ports that stand for the two. */
  readonly ports: { readonly a: number; readonly b: number }
  /** Where one of them really is. */
  aim(who: 'a' | 'b', target: Target): void
  cut(cut: boolean): void
  close(): void
}

export async function openPath(): Promise<UdpPath> {
  const [a, b] = await Promise.all([bind(), bind()])
  const doors = { a, b }
  const targets: { a?: Target; b?: Target } = {}
  let isCut = false
  const forward = (from: 'a' | 'b', to: 'a' | 'b') =>
    doors[to].on('message', packet => {
      const target = targets[to]
      // Sent from the other door, so that it seems to come from where answers should go.
      if (!isCut && target) doors[from].send(packet, target.port, target.address)
    })
  forward('a', 'b')
  forward('b', 'a')
  return {
    ports: { a: a.address().port, b: b.address().port },
    aim(who, target) {
      targets[who] = target
    },
    cut(cut) {
      isCut = cut
    },
    close() {
      a.close()
      b.close()
    },
  }
}

async function bind(): Promise<Socket> {
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  return socket
}
