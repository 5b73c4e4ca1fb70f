import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { IpAddress } from '@parley/net'
import { Encoder, longTermKey, Message, stun, turn } from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'

const key = longTermKey({ username: 'ann', realm: 'turn', password: 'secret' }, nodeCrypto)
const channel = 0x4000
const size = 1000

/**
 * Sends packets of 1,000 bytes over channels of `clients` relays to the echo at `peer` and back, `perSecond` each, evenly
 * spread. Returns the round trips in µs.
 */
export async function roundTrips(
  port: number,
  peer: number,
  { clients, perSecond, seconds }: { clients: number; perSecond: number; seconds: number },
): Promise<number[]> {
  const trips: number[] = []
  const sockets = await Promise.all(Array.from({ length: clients }, () => openRelay(port, peer)))
  const packet = Buffer.alloc(4 + size)
  packet.writeUInt16BE(channel)
  packet.writeUInt16BE(size, 2)
  for (const socket of sockets) {
    socket.on('message', bytes => {
      const sent = bytes.readDoubleBE(4)
      if (sent > begun + 1000) trips.push((performance.now() - sent) * 1000)
    })
  }
  const begun = performance.now()
  const total = clients * perSecond * seconds
  for (let n = 0; n < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) / 1000) * clients * perSecond))
    for (; n < due; n++) {
      packet.writeDoubleBE(performance.now(), 4)
      sockets[n % clients]?.send(Buffer.from(packet), port, '127.0.0.1')
    }
    await new Promise(setImmediate)
  }
  await new Promise(resolve => setTimeout(resolve, 200))
  for (const socket of sockets) socket.close()
  return trips
}

async function openRelay(port: number, peerPort: number): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const ask = async (encoder: Encoder) => {
    socket.send(encoder.finish(), port, '127.0.0.1')
    const [bytes] = await once(socket, 'message')
    return Message.decode(bytes)
  }
  const request = () => new Encoder(new Uint8Array(500)).message('request', 'allocate').add(turn.requestedTransport, 17)
  const challenge = await ask(request())
  const [realm, nonce] = [challenge.get(stun.realm) ?? '', challenge.get(stun.nonce) ?? '']
  const signed = (encoder: Encoder) =>
    encoder.add(stun.username, 'ann').add(stun.realm, realm).add(stun.nonce, nonce).integrity(key, nodeCrypto)
  const allocated = await ask(signed(request()))
  const peer = { address: IpAddress.parse('127.0.0.1'), port: peerPort }
  const bind = new Encoder(new Uint8Array(500)).message('request', 'channelBind')
  const bound = await ask(signed(bind.add(turn.channelNumber, channel).add(turn.xorPeerAddress, peer)))
  if (allocated.class !== 'success' || bound.class !== 'success') throw new Error('no relay')
  return socket
}
