/*
 * What the packet path costs: nanoseconds and bytes of garbage for each packet.
 *   npx tsx packages/stun/src/relay/packet-path.bench.ts
 */
import { uint16At } from '@parley/bytes'
import { IpAddress } from '@parley/net'
import { attributeTypes } from '../attributes/attribute.ts'
import { stun } from '../attributes/stun.ts'
import { turn } from '../attributes/turn.ts'
import { longTermKey } from '../credentials.ts'
import { Encoder } from '../message/encoder.ts'
import { checkFingerprint, verifyIntegrity } from '../message/integrity.ts'
import { Message } from '../message/message.ts'
import { nodeCrypto } from '../node.ts'
import { channelDataLength, channelNumber, putChannelHeader } from './channel-data.ts'
import { FrameSplitter } from './frame-splitter.ts'
import { dataIndication, Indication, putIndicationHeader } from './indication.ts'
import { packetKindAt } from './packet-kind.ts'

const payload = 1000
const peer = { address: IpAddress.parse('192.0.2.7'), port: 5000 }
const peer6 = { address: IpAddress.parse('2001:db8::7'), port: 5000 }
const key = longTermKey({ username: 'user', realm: 'realm', password: 'pass' }, nodeCrypto)
const understood = attributeTypes(stun, turn)

const send = new Encoder(new Uint8Array(1500))
  .message('indication', 'send')
  .add(turn.xorPeerAddress, peer)
  .add(turn.data, new Uint8Array(payload))
  .finish()
const refresh = new Encoder(new Uint8Array(500))
  .message('request', 'refresh')
  .add(turn.lifetime, 600)
  .add(stun.username, '1700000000:user')
  .add(stun.realm, 'parley')
  .add(stun.nonce, 'obMatJos2AAABc0ffee00c0ffee00c0ffee00')
  .integrity(key, nodeCrypto)
  .fingerprint()
  .finish()
const channel = new Uint8Array(4 + payload)
putChannelHeader(channel, 0, 0x4001, payload)
const binding = new Encoder(new Uint8Array(20)).message('request', 'binding').finish()

const slab = new Uint8Array(2000)
const indication = new Indication()
const encoder = new Encoder(slab)
let frames = 0
const splitter = new FrameSplitter({ onFrame: () => frames++ })

const cases: Record<string, () => unknown> = {
  'ChannelData in: kind, length, number': () =>
    packetKindAt(channel, 0, channel.length) === 'channel-data' &&
    channelDataLength(channel, 0, channel.length) + channelNumber(channel, 0),
  'ChannelData out: header': () => putChannelHeader(slab, 0, 0x4001, payload),
  'ChannelData on a stream: cut': () => splitter.push(channel),
  'Send indication in': () => uint16At(send, 0) && indication.read(send, 0, send.length),
  'Data indication out: header, IPv4': () =>
    putIndicationHeader(slab, 0, dataIndication, peer.address.bytes, 0, 4, peer.port, payload),
  'Data indication out: header, IPv6': () =>
    putIndicationHeader(slab, 0, dataIndication, peer6.address.bytes, 0, 16, peer6.port, payload),
  'Send indication by Message': () => {
    const message = Message.decode(send)
    return message.unknownRequired(understood).length + (message.get(turn.xorPeerAddress)?.port ?? 0)
  },
  'Binding: request and response': () =>
    encoder.reply(Message.decode(binding), 'success').add(stun.xorMappedAddress, peer).finish(),
  'Refresh in: decode, four attributes': () => {
    const message = Message.decode(refresh)
    const names = [message.get(stun.username), message.get(stun.realm), message.get(stun.nonce)]
    return names.length + (message.get(turn.lifetime) ?? 0)
  },
  'Refresh in: integrity and fingerprint': () => {
    const message = Message.decode(refresh)
    return checkFingerprint(message) === 'right' && verifyIntegrity(message, key, nodeCrypto)
  },
  'Refresh out: response with integrity': () =>
    encoder.message('success', 'refresh').add(turn.lifetime, 600).integrity(key, nodeCrypto).finish(),
}

for (const [name, run] of Object.entries(cases)) {
  const { ns, bytes } = measure(run)
  console.log(`${name.padEnd(40)} ${ns.toFixed(0).padStart(6)} ns ${bytes.toFixed(0).padStart(6)} B`)
}

function measure(run: () => unknown): { ns: number; bytes: number } {
  let ns = Number.POSITIVE_INFINITY
  for (let round = 0; round < 10; round++) ns = Math.min(ns, timed(run, 200_000))
  // Whenever the collector comes between, the heap seems to have grown by less: the largest growth is the true one.
  const bytes = Math.max(...Array.from({ length: 21 }, () => garbageOf(run, 1000)))
  return { ns, bytes }
}

function timed(run: () => unknown, count: number): number {
  const start = performance.now()
  for (let i = 0; i < count; i++) run()
  return ((performance.now() - start) * 1e6) / count
}

function garbageOf(run: () => unknown, count: number): number {
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < count; i++) run()
  return (process.memoryUsage().heapUsed - before) / count
}
