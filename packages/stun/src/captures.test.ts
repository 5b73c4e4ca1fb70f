import { formatTransportAddress } from '@parley/net'
import { describe, expect, test } from 'vitest'
import { datagrams } from '../testdata/corpus.ts'
import { type Attribute, isComprehensionRequired } from './attributes/attribute.ts'
import { ice } from './attributes/ice.ts'
import { natDiscovery } from './attributes/nat-discovery.ts'
import { stun } from './attributes/stun.ts'
import { turn } from './attributes/turn.ts'
import { longTermKey } from './credentials.ts'
import { checkFingerprint, integrityKind, verifyIntegrity } from './message/integrity.ts'
import { Message } from './message/message.ts'
import { nodeCrypto } from './node.ts'
import { channelDataLength } from './relay/channel-data.ts'
import { packetKindAt } from './relay/packet-kind.ts'

const rows = new Map<number, Attribute<unknown>>(
  [stun, turn, ice, natDiscovery].flatMap(table => Object.values(table).map(row => [row.type, row] as const)),
)
const key = longTermKey({ username: 'alice', realm: 'example.org', password: 'secret' }, nodeCrypto)

describe.each(['chromium.txt', 'uclient.txt'] as const)('%s', file => {
  const packets = datagrams(file)
  const messages = packets
    .filter(({ bytes }) => packetKindAt(bytes, 0, bytes.length) === 'stun')
    .map(({ from, bytes }) => ({ from, message: Message.decode(bytes) }))

  test('every value of every attribute decodes', () => {
    for (const { message } of messages) {
      message.eachAttribute((type, offset) => {
        const row = rows.get(type)
        if (row) expect(() => message.valueAt(row, offset), `${message} ${row.name}`).not.toThrow()
        else expect(isComprehensionRequired(type), `${message} 0x${type.toString(16)}`).toBe(false)
      })
    }
  })

  test('every integrity and every fingerprint is right', () => {
    const sealed = messages.filter(({ message }) => integrityKind(message) !== undefined)
    expect(sealed.length).toBeGreaterThan(8)
    for (const { message } of sealed) {
      const forged = longTermKey({ username: 'alice', realm: 'example.org', password: 'guess' }, nodeCrypto)
      expect(verifyIntegrity(message, key, nodeCrypto), String(message)).toBe(true)
      expect(verifyIntegrity(message, forged, nodeCrypto)).toBe(false)
    }
    for (const { message } of messages) expect(checkFingerprint(message)).not.toBe('wrong')
  })

  test('an allocation, step by step', () => {
    const allocate = messages.filter(({ message }) => message.method === 'allocate').map(({ message }) => message)
    const find = (kind: string) => allocate.find(message => message.class === kind) ?? expect.fail(kind)
    expect(find('request').get(turn.requestedTransport)).toBe(17)
    expect(find('error').get(stun.errorCode)?.code).toBe(401)
    expect(find('error').get(stun.realm)).toBe('example.org')
    const relayed = find('success').get(turn.xorRelayedAddress) ?? expect.fail()
    expect(formatTransportAddress(relayed)).toMatch(/^127\.0\.0\.1:240\d\d$/)
    expect(find('success').get(turn.lifetime)).toBeGreaterThanOrEqual(600)
  })

  test('ChannelData: every length is right', () => {
    const channels = packets.filter(({ bytes }) => packetKindAt(bytes, 0, bytes.length) === 'channel-data')
    expect(channels.length).toBeGreaterThan(3)
    for (const { bytes } of channels) {
      const length = channelDataLength(bytes, 0, bytes.length)
      expect(bytes.length - 4 - length).toBeGreaterThanOrEqual(0)
      expect(bytes.length - 4 - length).toBeLessThan(4)
    }
  })
})
