import { SrtpReceiver, SrtpSender } from '@parley/srtp'
import { expect, test } from 'vitest'
import { type ProfileName, profiles } from './profiles.ts'
import { contexts, Link } from './testing/link.ts'
import type { SrtpKeys } from './types.ts'

const sending = ({ profile, localKey: masterKey, localSalt: masterSalt }: SrtpKeys) =>
  new SrtpSender({ profile, masterKey, masterSalt })
const receiving = ({ profile, remoteKey: masterKey, remoteSalt: masterSalt }: SrtpKeys) =>
  new SrtpReceiver({ profile, masterKey, masterSalt })

test.each(Object.keys(profiles) as ProfileName[])('what one side protects with %s the other side reads', profile => {
  const pair = contexts({ profiles: [profile] })
  const link = new Link(pair)
  link.run()
  const { server, client } = link
  if (!server.keys || !client.keys) throw new Error('no keys')
  for (const [from, to] of [
    [server.keys, client.keys],
    [client.keys, server.keys],
  ] as const) {
    const [sender, receiver, stranger] = [sending(from), receiving(to), receiving(from)]
    const bytes = new Uint8Array(200)
    bytes.set([0x80, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6, 7])
    const end = sender.protectRtp(bytes, 0, 12, bytes, 12, 15)
    const copy = bytes.slice()
    expect(stranger.unprotectRtp(copy, 0, end)).toBeLessThan(0)
    expect(receiver.unprotectRtp(bytes, 0, end)).toBe(15)
    expect([...bytes.subarray(12, 15)]).toEqual([5, 6, 7])
    for (const closable of [sender, receiver, stranger]) closable.close()
  }
  link.close()
  pair.server.close()
  pair.client.close()
})
