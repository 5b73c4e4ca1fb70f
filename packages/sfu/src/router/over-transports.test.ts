import { CompoundWriter, RtpPacket, readCompound } from '@parley/rtp'
import { afterEach, expect, test } from 'vitest'
import { type ToMedia, wantAll } from '../control.ts'
import { Call, sendRtp } from '../testing/call.ts'
import { Router } from './router.ts'
import { camera, watching } from './testing/media.ts'
import { rtp, vp8Delta, vp8Key } from './testing/packets.ts'

let call: Call | undefined
afterEach(() => call?.close())

test('over real transports: encrypted, a subscriber gets what it missed, and the publisher is asked for what is missing', () => {
  const made = new Call({ router: new Router({ report: () => {} }) })
  call = made
  const { net, core } = made
  const [ann, bob] = [made.join(1), made.join(2)]
  const tell = (row: ToMedia) => core.command(row, net.now)
  tell({ is: 'publish', publication: 1, transport: 1, media: camera })
  tell({ is: 'subscribe', subscription: 1, transport: 2, publication: 1, media: watching, want: wantAll })
  for (const sequenceNumber of [10, 11, 12, 15]) {
    const payload = sequenceNumber === 10 ? vp8Key : [...vp8Delta, sequenceNumber]
    sendRtp(ann, rtp({ sequenceNumber, timestamp: sequenceNumber * 3000, payload }))
    net.advance(20)
  }
  const heard = () =>
    made.rtp.flatMap(({ client, bytes }) => {
      const packet = new RtpPacket()
      return client === 2 && packet.parse(bytes, 0, bytes.length) ? [packet] : []
    })
  expect(heard()).toHaveLength(4)
  const [first = 0, second = 0] = heard().map(({ sequenceNumber }) => sequenceNumber)
  const bytes = new Uint8Array(100)
  const lost = { senderSsrc: 5, mediaSsrc: watching.ssrc, lost: [second] }
  expect(bob.sendRtcp(bytes, 0, new CompoundWriter().target(bytes).add('nack', lost).end)).toBe(true)
  net.advance(20)
  const again = heard().at(-1)
  expect(again).toMatchObject({ ssrc: watching.rtxSsrc, payloadType: 121 })
  const payload = [...(again?.bytes.subarray(again.payloadStart) ?? [])]
  expect(payload).toEqual([second >> 8, second & 0xff, ...vp8Delta, 11])
  expect(second).toBe(first + 1)
  const asked: number[] = []
  for (const { client, bytes: sent } of made.rtcp) {
    if (client === 1) readCompound(sent, 0, sent.length, { nack: nack => asked.push(...nack.lost) })
  }
  expect(new Set(asked)).toEqual(new Set([13, 14]))
})
