import { headerExtensions, RtpPacket } from '@parley/rtp'
import { afterEach, expect, it } from 'vitest'
import { type PublishedMedia, type SubscribedMedia, type ToMedia, wantAll } from '../control.ts'
import { Router } from '../router/router.ts'
import { Call, rtpPacket, sendRtp } from '../testing/call.ts'

const opus = {
  payloadType: 96,
  name: 'opus',
  clockRate: 48_000,
  channels: 2,
  parameters: '',
  feedback: [],
  rtxPayloadType: undefined,
} as const

const published: PublishedMedia = {
  kind: 'audio',
  mid: '0',
  encodings: [{ rid: undefined, ssrc: 0xcafe, rtxSsrc: undefined }],
  codecs: [opus],
  extensions: { [headerExtensions.mid]: 4 },
}

function subscribed(subscription: number): SubscribedMedia {
  return {
    mid: '3',
    ssrc: 5000 + subscription,
    rtxSsrc: undefined,
    cname: 'ann',
    payloadTypes: [{ from: 96, to: 111, rtx: undefined }],
    extensions: { [headerExtensions.mid]: 9 },
    feedback: [],
  }
}

let call: Call | undefined
afterEach(() => call?.close())

it('the router forwards over transports: to everybody in their own numbers, until they leave', () => {
  const reports: string[] = []
  const router = new Router({ report: row => row.is === 'publication' && reports.push(`${row.active} ${row.codec}`) })
  const made = new Call({ router })
  call = made
  const { core, net } = made
  const tell = (row: ToMedia) => core.command(row, net.now)
  const [ann, bob] = [made.join(1), made.join(2), made.join(3)]
  tell({ is: 'publish', publication: 1, transport: 1, media: published })
  for (const id of [2, 3]) {
    const row = { is: 'subscribe', subscription: id, transport: id, publication: 1, want: wantAll } as const
    tell({ ...row, media: subscribed(id) })
  }
  const say = (first: number, count: number) => {
    for (let i = first; i < first + count; i++) {
      sendRtp(ann, rtpPacket(i))
      net.advance(20)
    }
  }
  const heard = (by: number) => {
    return made.rtp.flatMap(({ client, bytes }) => {
      const packet = new RtpPacket()
      return client === by && packet.parse(bytes, 0, bytes.length) ? [packet] : []
    })
  }
  say(100, 20)
  expect(reports).toEqual(['true opus'])
  for (const by of [2, 3]) {
    const packets = heard(by)
    expect(packets.length).toBe(20)
    const [first = new RtpPacket()] = packets
    for (const [i, packet] of packets.entries()) {
      expect(packet).toMatchObject({ ssrc: 5000 + by, payloadType: 111, payloadLength: 100 })
      expect(packet.sequenceNumber).toBe((first.sequenceNumber + i) & 0xffff)
      expect(packet.bytes[packet.payloadStart]).toBe(100 + i)
    }
  }
  bob.close()
  net.deliver()
  tell({ is: 'unsubscribe', subscription: 3 })
  say(120, 5)
  expect([heard(2).length, heard(3).length]).toEqual([20, 20])
  expect(made.states(2)).toEqual(['connected', 'closed'])
  expect(router.counters()).toMatchObject({ publications: 1, subscriptions: 0, rtpReceived: 25, rtpForwarded: 40 })
})
