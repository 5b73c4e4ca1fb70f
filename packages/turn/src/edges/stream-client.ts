import type { Duplex } from 'node:stream'
import { byteAt, DecodeError } from '@parley/bytes'
import { Backlog } from '@parley/net'
import { channelPadding, FrameSplitter, isChannelByte } from '@parley/stun'
import type { Address, Loop } from '@parley/udp'
import type { Allocation, ClientFlow } from '../server/allocation.ts'
import type { Admit } from '../server/flow.ts'
import type { TurnServer } from '../server/turn-server.ts'
import { joinStreams } from './join-streams.ts'

/** Bytes that may wait for a slow client. */
const mostWaiting = 512 * 1024
/** A client that has no allocation by then is disconnected. */
const idleMs = 30_000
/** The largest message a client may send. */
const mostFrame = 4096

export interface StreamClientOptions {
  readonly server: TurnServer
  readonly loop: Pick<Loop, 'now' | 'poke'>
  readonly client: Address
  readonly transport: 'tcp' | 'tls'
  /** Our address, in text, if the stream says so. */
  readonly local?: string | undefined
  /** Called, once or more often, when the client has proved who it is by getting an allocation, or when the stream has ended. */
  readonly proved?: (() => void) | undefined
}

/** A client that reaches a TURN server over TCP, or over TLS that was taken off before (RFC 8656 §3.1). */
export class StreamClient implements ClientFlow {
  readonly transport: 'tcp' | 'tls'
  readonly client: Address
  readonly local: string | undefined
  allocation: Allocation | undefined
  readonly #stream: Duplex
  readonly #loop: Pick<Loop, 'now'>
  /** Begins to pass on bytes, once the frames before them have been seen to. */
  #joined: (() => void) | undefined
  readonly #proved: () => void
  readonly #backlog = new Backlog(mostWaiting)
  #idle: NodeJS.Timeout

  constructor(stream: Duplex, { server, loop, client, transport, local, proved }: StreamClientOptions) {
    this.#stream = stream
    this.client = client
    this.transport = transport
    this.local = local
    this.#proved = proved ?? (() => {})
    this.#loop = loop
    const splitter = new FrameSplitter({
      maxFrameBytes: mostFrame,
      onFrame: (bytes, start, end) => {
        server.receive(bytes, start, end, this, loop.now())
        if (this.#joined) splitter.close()
      },
    })
    const receive = (chunk: Buffer) => {
      try {
        const taken = splitter.push(chunk)
        if (this.#joined) {
          stream.off('data', receive).pause()
          if (taken < chunk.length) stream.unshift(chunk.subarray(taken))
          this.#joined()
        }
      } catch (error) {
        // It is not STUN, and there is no way to find the next message, so the connection has to end.
        stream.destroy()
        if (!(error instanceof DecodeError)) throw error
      }
      loop.poke()
    }
    stream.on('data', receive)
    stream.on('error', () => stream.destroy())
    stream.on('end', () => stream.end())
    stream.on('close', () => {
      clearTimeout(this.#idle)
      this.#proved()
      splitter.close()
      server.disconnected(this)
      loop.poke()
    })
    this.#idle = this.#waitForAllocation()
  }

  send(bytes: Uint8Array, start: number, end: number): boolean {
    const stream = this.#stream
    if (stream.destroyed) return false
    const verdict = this.#backlog.judge(stream.writableLength, this.#loop.now())
    if (verdict === 'close') stream.destroy()
    if (verdict !== 'send') return false
    const padding = isChannelByte(byteAt(bytes, start)) ? channelPadding(end - start) : 0
    const copy = Buffer.allocUnsafe(end - start + padding)
    copy.set(bytes.subarray(start, end))
    for (let at = end - start; at < copy.length; at++) copy[at] = 0
    stream.write(copy)
    return true
  }

  join(peer: Duplex, admit: Admit): void {
    clearTimeout(this.#idle)
    this.#proved()
    this.#joined = () => joinStreams(this.#stream, peer, bytes => admit(bytes, this.#loop.now()))
  }

  keep(kept: boolean): void {
    clearTimeout(this.#idle)
    if (kept) this.#proved()
    if (!kept && !this.#stream.destroyed) this.#idle = this.#waitForAllocation()
  }

  #waitForAllocation(): NodeJS.Timeout {
    return setTimeout(() => this.#stream.destroy(), idleMs).unref()
  }
}
