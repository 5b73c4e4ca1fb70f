import { readdirSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import type { LoopOptions } from '../control.ts'
import { type Address, createLoop, type Loop, type LoopKind, type OpenOptions, type UdpSocket } from '../index.ts'
import { sendBack } from './send-back.ts'

/** Why tests of IPv6 cannot run on this machine, if they cannot. */
export const noIPv6 = Object.values(networkInterfaces()).some(list => list?.some(({ address }) => address === '::1'))
  ? undefined
  : 'this machine has no ::1'

const PATIENCE_MS = 20_000

/** Lets the event loop turn until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`still waiting for ${condition}`)
    await new Promise(setImmediate)
  }
}

/** Descriptors that this process has open; Linux only. */
export function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}

/** A socket that remembers what it received. */
export interface Peer {
  readonly socket: UdpSocket
  readonly got: { readonly bytes: Uint8Array; readonly from: Address }[]
  readonly texts: () => string[]
  send(text: string | Uint8Array, to: Address | Peer): boolean
}

/** A loop on this thread's event loop, for tests. What handlers throw is kept in `errors`. */
export class Net {
  readonly loop: Loop
  readonly errors: unknown[] = []

  constructor(kind: LoopKind, options: Partial<LoopOptions> = {}) {
    this.loop = createLoop({ onError: error => this.errors.push(error), ...options }, kind)
    this.loop.attach({ nextTimeout: () => Number.POSITIVE_INFINITY, handleTimeout: () => {} })
  }

  peer(options: Partial<OpenOptions> = {}): Peer {
    const got: { bytes: Uint8Array; from: Address }[] = []
    const socket = this.loop.open({
      address: '127.0.0.1',
      onDatagram: ({ bytes, start, end, from }) => got.push({ bytes: bytes.slice(start, end), from }),
      ...options,
    })
    return {
      socket,
      got,
      texts: () => got.map(({ bytes }) => new TextDecoder().decode(bytes)),
      send(content, to) {
        const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
        return socket.send(bytes, 0, bytes.length, 'socket' in to ? to.socket.local : to)
      },
    }
  }

  /** A socket that sends everything back from where it lies. */
  echo(options: Partial<OpenOptions> = {}): UdpSocket {
    return this.loop.open({ address: '127.0.0.1', onDatagram: sendBack, ...options })
  }
}
