import { EncodeError, fromHex, toHex } from '@parley/bytes'
import { IpAddress } from '@parley/net'
import { expect, test } from 'vitest'
import { ice } from '../attributes/ice.ts'
import { stun } from '../attributes/stun.ts'
import { turn } from '../attributes/turn.ts'
import { nodeCrypto } from '../node.ts'
import { Encoder } from './encoder.ts'
import { errorCodes } from './error-codes.ts'
import { Message } from './message.ts'
import { newTransactionId } from './transaction-id.ts'

const key = new Uint8Array(16)
const id = fromHex('000102030405060708090a0b')

test('one encoder, many messages, in any place of a slab', () => {
  const slab = new Uint8Array(300).fill(0xee)
  const encoder = new Encoder(slab, 0, 100)
  const first = encoder.message('request', 'refresh', id).add(turn.lifetime, 1).finish()
  const second = encoder
    .target(slab, 150, 250)
    .message('error', 'refresh', id)
    .add(stun.errorCode, errorCodes.staleNonce)
  expect(first).toEqual(slab.subarray(0, 28))
  expect(second.finish().byteOffset).toBe(150)
  expect(Message.decode(first).get(turn.lifetime)).toBe(1)
  expect(slab.subarray(28, 150).every(byte => byte === 0xee)).toBe(true)
  const third = encoder.message('request', 'binding', id).finish()
  expect(toHex(third)).toBe('000100002112a442000102030405060708090a0b')
})

test('a reply has the method and the transaction ID of its request, also of an unknown method', () => {
  const encoder = new Encoder(new Uint8Array(300))
  const request = Message.decode(encoder.message('request', 0x05, id).finish().slice())
  const reply = Message.decode(encoder.reply(request, 'error').add(stun.errorCode, { code: 400, reason: '' }).finish())
  expect(reply).toMatchObject({ method: undefined, methodCode: 5, class: 'error' })
  expect(reply.transactionId).toEqual(id)
  expect(reply.get(stun.errorCode)).toEqual({ code: 400, reason: '' })
})

test('a reply may overwrite the request it answers', () => {
  const buffer = new Uint8Array(300)
  const encoder = new Encoder(buffer)
  const request = Message.decode(encoder.message('request', 'allocate', id).add(turn.requestedTransport, 17).finish())
  const reply = Message.decode(encoder.reply(request, 'success').finish())
  expect(reply).toMatchObject({ method: 'allocate', class: 'success' })
  expect(reply.transactionId).toEqual(id)
})

test('what comes out of order is refused', () => {
  const encoder = new Encoder(new Uint8Array(300))
  const start = () => encoder.message('request', 'binding', id)
  for (const wrong of [
    () => start().integrity(key, nodeCrypto).add(ice.priority, 1),
    () => start().integrity(key, nodeCrypto).integrity(key, nodeCrypto),
    () => start().integritySha256(key, nodeCrypto).integrity(key, nodeCrypto),
    () => start().fingerprint().integrity(key, nodeCrypto),
    () => start().fingerprint().fingerprint(),
    () => start().fingerprint().add(ice.priority, 1),
  ]) {
    expect(wrong).toThrow(EncodeError)
  }
  expect(Message.decode(start().add(ice.priority, 1).finish()).get(ice.priority)).toBe(1)
})

test('no room is an error that names the attribute, and nothing is written outside', () => {
  const slab = new Uint8Array(200).fill(0xee)
  for (let end = 20; end < 132; end++) {
    const encoder = new Encoder(slab, 20, end)
    const write = () =>
      encoder
        .message('success', 'allocate', id)
        .add(stun.xorMappedAddress, { address: IpAddress.parse('2001:db8::1'), port: 1 })
        .add(stun.software, 'five!')
        .integrity(key, nodeCrypto)
        .integritySha256(key, nodeCrypto, 16)
        .fingerprint()
        .finish()
    if (end < 20 + 20 + 24 + 12 + 24 + 20 + 8) expect(write, `${end}`).toThrow(EncodeError)
    else expect(write()).toHaveLength(108)
    expect([slab.subarray(0, 20), slab.subarray(end)].every(part => part.every(byte => byte === 0xee))).toBe(true)
  }
})

test('transaction IDs: twelve bytes, ours where given, all different where not', () => {
  const encoder = new Encoder(new Uint8Array(100))
  expect(() => encoder.message('request', 'binding', new Uint8Array(11))).toThrow(EncodeError)
  const ids = Array.from({ length: 3000 }, () => toHex(newTransactionId()))
  ids.push(toHex(Message.decode(encoder.message('request', 'binding').finish()).transactionId))
  expect(new Set(ids).size).toBe(3001)
})

test('a message of more than 65,535 bytes cannot be', () => {
  const encoder = new Encoder(new Uint8Array(200_000)).message('request', 'binding', id)
  expect(() => encoder.add(turn.data, new Uint8Array(0x10000))).toThrow(EncodeError)
  encoder
    .message('request', 'binding', id)
    .add(turn.data, new Uint8Array(40_000))
    .add(turn.data, new Uint8Array(40_000))
  expect(() => encoder.finish()).toThrow(EncodeError)
})
