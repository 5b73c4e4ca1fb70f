// 100,000 Allocates from as many addresses, while a relay is in use.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { IpAddress } from '@parley/net'
import { Encoder, longTermKey, Message, type Method, stun, turn } from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import { Address, createLoop, type Loop } from '@parley/udp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ParleyTurn, startParleyTurn } from './parley-turn.ts'

const key = longTermKey({ username: 'ann', realm: 'turn', password: 'secret' }, nodeCrypto)
const channel = 0x4000
const forged = 100_000

let parley: ParleyTurn
let client: Socket
let echo: Socket
let loop: Loop

beforeAll(async () => {
  parley = await startParleyTurn(['--turn-allow-peer', '127.0.0.1'])
  client = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 })
  echo = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 })
  echo.on('message', (bytes, { port, address }) => echo.send(bytes, port, address))
  for (const socket of [client, echo]) {
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
  }
  loop = createLoop({
    onError(error) {
      throw error
    },
  })
  loop.attach({ nextTimeout: () => Number.POSITIVE_INFINITY, handleTimeout: () => {} })
})

afterAll(async () => {
  loop?.close()
  client?.close()
  echo?.close()
  await parley?.close()
})

async function ask(method: Method, build: (encoder: Encoder) => Encoder): Promise<Message> {
  client.send(build(new Encoder(new Uint8Array(500)).message('request', method)).finish(), parley.port, '127.0.0.1')
  const [bytes] = await once(client, 'message')
  return Message.decode(bytes)
}

/** Allocates, and binds the channel to the echo. */
async function openRelay(): Promise<void> {
  const wanted = (encoder: Encoder) => encoder.add(turn.requestedTransport, 17)
  const nonce = (await ask('allocate', wanted)).get(stun.nonce) ?? ''
  const sign = (encoder: Encoder) =>
    encoder.add(stun.username, 'ann').add(stun.realm, 'turn').add(stun.nonce, nonce).integrity(key, nodeCrypto)
  const peer = { address: IpAddress.parse('127.0.0.1'), port: echo.address().port }
  const bind = (encoder: Encoder) => encoder.add(turn.channelNumber, channel).add(turn.xorPeerAddress, peer)
  expect((await ask('allocate', encoder => sign(wanted(encoder)))).class).toBe('success')
  expect((await ask('channelBind', encoder => sign(bind(encoder)))).class).toBe('success')
}

/** Sends a packet of 200 bytes by the relay every 5 ms, until stopped; says how many were sent and came back. */
function useRelay(): { stop(): Promise<{ sent: number; received: number }> } {
  const packet = Buffer.alloc(204)
  packet.writeUInt16BE(channel)
  packet.writeUInt16BE(200, 2)
  let [sent, received] = [0, 0]
  client.on('message', () => void received++)
  const sending = setInterval(() => {
    sent++
    client.send(packet, parley.port, '127.0.0.1')
  }, 5)
  return {
    async stop() {
      clearInterval(sending)
      await expect
        .poll(() => received, { timeout: 2_000 })
        .toBe(sent)
        .catch(() => undefined)
      return { sent, received }
    },
  }
}

/** One Allocate from each of so many addresses, about 20,000 a second. */
async function flood(count: number): Promise<void> {
  const request = new Encoder(new Uint8Array(100))
    .message('request', 'allocate')
    .add(turn.requestedTransport, 17)
    .finish()
  const to = Address.parse('127.0.0.1', parley.port)
  for (let n = 0; n < count; ) {
    const sockets = Array.from({ length: 100 }, () => {
      n++
      return loop.open({ address: `127.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`, onDatagram: () => {} })
    })
    for (const socket of sockets) socket.send(request, 0, request.length, to)
    loop.flush()
    for (const socket of sockets) socket.close()
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

it.runIf(process.platform === 'linux')('costs less than 20 MB, and the relay loses less than 1 %', async () => {
  await openRelay()
  const relay = useRelay()
  // First V8 takes the room in which it lets garbage gather; what counts is whether anything is kept.
  await flood(30_000)
  const before = await parley.memory()
  await flood(forged)
  const cost = (await parley.memory()) - before
  const { sent, received } = await relay.stop()
  console.log(`${forged} forged: ${(cost / 1e6).toFixed(1)} MB; relay: ${received} of ${sent}`)
  expect(cost / 1e6).toBeLessThan(20)
  expect(sent).toBeGreaterThan(500)
  expect((sent - received) / sent).toBeLessThan(0.01)
})
