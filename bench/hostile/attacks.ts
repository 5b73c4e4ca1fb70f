import { createSocket } from 'node:dgram'
import { request } from 'node:https'
import { connect } from 'node:net'
import { DtlsContext, makeDtlsCertificate } from '@parley/dtls'
import { newIceCredentials } from '@parley/sfu'
import { ClientGroup, overTcp, SfuClient, withoutDtls } from '@parley/sfu/testing'
import { Encoder, transportProtocols, turn } from '@parley/stun'
import { Address, createLoop } from '@parley/udp'
import { WebSocket } from 'ws'
import type { SoakServer } from '../soak/server.ts'
import { uclient } from '../turn/processes.ts'

/** An attack by guests at 127.0.0.1. Resolves, when it is at its worst, with a function that ends it. */
export type Attack = (server: SoakServer, udpPort: number, peerPort: number) => Promise<() => void>

const nothingLeft = () => undefined

export const attacks: Readonly<Record<string, Attack>> = {
  async '50,000 Allocates without credentials'(_, udpPort) {
    const message = new Encoder(new Uint8Array(100)).message('request', 'allocate')
    const bytes = message.add(turn.requestedTransport, transportProtocols.udp).finish()
    const socket = createSocket('udp4')
    for (let i = 0; i < 50_000; i++) await new Promise(sent => socket.send(bytes, udpPort, '127.0.0.1', sent))
    return () => socket.close()
  },

  async '400 relays, with channels, used'(_, udpPort, peerPort) {
    await uclient(udpPort, peerPort, ['-l', '200', '-c', '-m', '400', '-z', '20', '-n', '20'])
    return nothingLeft
  },

  async '384 handshakes by ICE-TCP that nobody finishes'(server, udpPort) {
    const loop = createLoop({ onError: error => console.error(error) })
    const clients = new ClientGroup()
    loop.attach(clients)
    const dtls = new DtlsContext(makeDtlsCertificate())
    const at = Address.parse('127.0.0.1', udpPort)
    const deaf = withoutDtls(overTcp(loop, at))
    await many(384, async i => {
      const ice = newIceCredentials()
      const remote = await server.publish(i % 8, { ice, fingerprint: dtls.fingerprint }, i + 1)
      const described = { ice: remote.ice, fingerprints: [remote.fingerprint] }
      const options = { loop: deaf, address: '127.0.0.1', server: at, local: ice, dtls, remote: described }
      const client = new SfuClient(options)
      clients.add(client)
      client.start(loop.now())
    })
    return () => {
      clients.close()
      loop.close()
      dtls.close()
    }
  },

  async '1,000 who ask for WHIP and never come'(server) {
    const { fingerprint } = new DtlsContext(makeDtlsCertificate())
    await many(1000, async i => void (await server.publish(i % 8, { ice: newIceCredentials(), fingerprint }, i + 1)))
    return nothingLeft
  },

  async '200 descriptions of 60 kB'(server) {
    const lines = Array.from({ length: 2000 }, (_, i) => `a=extmap:${(i % 14) + 1} urn:x:${i}`)
    const body = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', ...lines, '']
    const headers = { 'content-type': 'application/sdp' }
    await many(200, i => ask(server, 'POST', `/whip/r${i}`, headers, body.join('\r\n')))
    return nothingLeft
  },

  async '2,000 bad tokens'(server) {
    await many(2000, () => ask(server, 'GET', '/api/rooms', { authorization: 'Bearer not.a.token' }))
    return nothingLeft
  },

  async '2,000 connections that say nothing'(server, udpPort) {
    const sockets = await Promise.all(
      Array.from({ length: 2000 }, (_, i) => silent(i % 2 === 0 ? server.port : udpPort)),
    )
    return () => {
      for (const socket of sockets) socket.destroy()
    }
  },

  async '200 who join a room each'(server) {
    const sockets = await Promise.all(Array.from({ length: 200 }, () => guest(server)))
    for (const [i, socket] of sockets.entries()) socket.send(`420["room.join",{"room":"theirs-${i}"}]`)
    return () => {
      for (const socket of sockets) socket.terminate()
    }
  },

  async '60 who ask and do not read'(server) {
    const sockets = await Promise.all(Array.from({ length: 60 }, () => guest(server)))
    for (const socket of sockets) {
      socket.pause()
      for (let i = 0; i < 200; i++) socket.send(`42${i}["ice.servers",{}]`)
    }
    return () => {
      for (const socket of sockets) socket.terminate()
    }
  },
}

/** So many of one kind, a few at a time. */
async function many(count: number, one: (i: number) => Promise<void>): Promise<void> {
  let next = 0
  const work = async () => {
    while (next < count) await one(next++)
  }
  await Promise.all(Array.from({ length: 8 }, work))
}

/** Whatever the answer is. */
function ask(server: SoakServer, method: string, path: string, headers: object, body?: string): Promise<void> {
  const url = `https://localhost:${server.port}${path}`
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, ca: server.ca, headers: { ...headers } }, answer =>
      answer.resume().on('end', resolve),
    )
    asking.on('error', reject).end(body)
  })
}

/** Open, or closed again by the server. */
function silent(port: number) {
  const socket = connect(port, '127.0.0.1')
  return new Promise<typeof socket>(resolve => {
    socket.on('connect', () => resolve(socket)).on('error', () => resolve(socket))
  })
}

/** Somebody whom signalling has welcomed, and who then ignores it. */
function guest(server: SoakServer): Promise<WebSocket> {
  const url = `wss://localhost:${server.port}/socket.io/?EIO=4&transport=websocket`
  const socket = new WebSocket(url, { ca: server.ca })
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', data => {
      const packet = data.toString()
      if (packet.startsWith('0')) socket.send('40{}')
      if (packet.startsWith('42["welcome"')) resolve(socket)
    })
  })
}
