import { createSocket } from 'node:dgram'
import { connect as connectTcp, isIPv6 } from 'node:net'
import type { Duplex } from 'node:stream'
import { DecodeError } from '@parley/bytes'
import { FrameSplitter } from '@parley/stun'
import { secureSocket, type Where } from './secure-socket.ts'

/** A way to a STUN server, message by message. */
export interface Channel {
  /** Nothing is lost on it, so nothing is repeated. */
  readonly reliable: boolean
  send(bytes: Uint8Array): void
  onMessage(listener: (bytes: Uint8Array) => void): void
  close(): void
}

const connectMs = 3_000

export async function udpChannel(host: string, port: number): Promise<Channel> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.connect(port, host, () => {
      socket.off('error', reject)
      resolve()
    })
  })
  // A refused datagram is as good as a lost one: the request times out.
  socket.on('error', () => {})
  return {
    reliable: false,
    send: bytes => socket.send(bytes),
    onMessage: listener => void socket.on('message', listener),
    close: () => socket.close(),
  }
}

export async function tcpChannel(host: string, port: number): Promise<Channel> {
  const socket = connectTcp({ host, port })
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => socket.destroy(new Error(`no connection within ${connectMs / 1000} s`)), connectMs)
    socket.once('close', () => clearTimeout(late))
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve()
    })
  })
  return streamChannel(socket)
}

export async function tlsChannel(where: Where): Promise<Channel> {
  return streamChannel(await secureSocket(where))
}

function streamChannel(stream: Duplex): Channel {
  let listener: (bytes: Uint8Array) => void = () => {}
  const splitter = new FrameSplitter({ onFrame: (bytes, start, end) => listener(bytes.slice(start, end)) })
  stream.on('data', (chunk: Buffer) => {
    try {
      splitter.push(chunk)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      stream.destroy()
    }
  })
  // Nothing comes from a broken stream: the request times out.
  stream.on('error', () => stream.destroy())
  return {
    reliable: true,
    send: bytes => void stream.write(Buffer.from(bytes)),
    onMessage(given) {
      listener = given
    },
    close: () => stream.destroy(),
  }
}
