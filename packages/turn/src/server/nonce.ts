import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Flow } from './flow.ts'

const lifetimeS = 3600
const timeBytes = 3
const macBytes = 9
const wrap = 1 << (8 * timeBytes)

/**
 * Nonces that need no memory: time and a MAC over it and the client's address (RFC 8489 §9.2). Sixteen characters, so that
 * a challenge over UDP is not much larger than what asked for it.
 */
export class Nonces {
  readonly #key: Uint8Array

  /** @param key 32 secret bytes; the same in every thread that answers on one port. */
  constructor(key: Uint8Array = randomBytes(32)) {
    this.#key = key
  }

  /** @param now Milliseconds. */
  make(client: Pick<Flow, 'client' | 'transport'>, now: number): string {
    const seconds = Math.floor(now / 1000) % wrap
    return Buffer.concat([timeOf(seconds), this.#mac(client, seconds)]).toString('base64url')
  }

  check(nonce: string, client: Pick<Flow, 'client' | 'transport'>, now: number): 'right' | 'stale' | 'wrong' {
    const bytes = Buffer.from(nonce, 'base64url')
    if (bytes.length !== timeBytes + macBytes || bytes.toString('base64url') !== nonce) return 'wrong'
    const seconds = bytes.readUIntBE(0, timeBytes)
    if (!timingSafeEqual(bytes.subarray(timeBytes), this.#mac(client, seconds))) return 'wrong'
    const age = (Math.floor(now / 1000) - seconds + wrap) % wrap
    return age <= lifetimeS ? 'right' : 'stale'
  }

  /** A stream proves its address by itself, and a client may show its nonce on another one: RFC 6062 needs several. */
  #mac({ client, transport }: Pick<Flow, 'client' | 'transport'>, seconds: number): Uint8Array {
    const source = transport === 'udp' ? client.key : `stream ${client.host}`
    return createHmac('sha256', this.#key).update(`${seconds} ${source}`).digest().subarray(0, macBytes)
  }
}

function timeOf(seconds: number): Uint8Array {
  const bytes = Buffer.alloc(timeBytes)
  bytes.writeUIntBE(seconds, 0, timeBytes)
  return bytes
}
