import { headerExtensions, RtpPacket } from '@parley/rtp'
import { bench, describe } from 'vitest'
import { type PublishedMedia, wantAll } from '../control.ts'
import type { RtpTransport } from '../ports.ts'
import { Router } from './router.ts'
import { subscribedMedia } from './testing/call-simulation.ts'

const audioLevel = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level'
const published: PublishedMedia = {
  kind: 'video',
  mid: '0',
  encodings: [{ rid: undefined, ssrc: 1, rtxSsrc: 2 }],
  codecs: [
    {
      payloadType: 96,
      name: 'vp8',
      clockRate: 90_000,
      channels: 1,
      parameters: '',
      feedback: ['nack', 'nack pli', 'transport-cc'],
      rtxPayloadType: 97,
    },
  ],
  extensions: { [headerExtensions.mid]: 4, [headerExtensions.transportSequenceNumber]: 3, [audioLevel]: 2 },
}

/** As in a worker, all transports write to the same memory. */
const outgoing = new Uint8Array(1 << 20)
let used = 0

/** Takes packets and does nothing with them: what is measured is the router alone. */
class Sink implements RtpTransport {
  readonly connected = true
  readonly outgoing = outgoing
  readonly id: number

  constructor(id: number) {
    this.id = id
  }

  reserve(bytes: number): number {
    if (used + bytes > outgoing.length) used = 0
    return used
  }

  sendRtp(_at: number, headerEnd: number, _source: Uint8Array, payloadStart: number, payloadEnd: number): boolean {
    used = headerEnd + payloadEnd - payloadStart
    return true
  }

  sendRtcp(): boolean {
    return true
  }
}

/** Forwards packets of 1,100 bytes to so many subscribers; a call is one packet in. */
function forwarding(subscribers: number): () => void {
  const router = new Router({ report: () => {} })
  const publisher = new Sink(0)
  router.transportConnected(publisher, 0)
  router.publish({ is: 'publish', publication: 1, transport: 0, media: published })
  for (let i = 1; i <= subscribers; i++) {
    const media = { ...subscribedMedia('video', i), extensions: { [headerExtensions.mid]: 1, [audioLevel]: 4 } }
    router.transportConnected(new Sink(i), 0)
    router.subscribe({ is: 'subscribe', subscription: i, transport: i, publication: 1, media, want: wantAll }, 0)
  }
  const bytes = new Uint8Array(1100)
  // One-byte extension: mid, audio level, transport-wide sequence number.
  bytes.set([0x90, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xbe, 0xde, 0, 2, 0x40, 0x30, 0x20, 0x7f, 0x31, 0, 0, 0, 0x10, 0])
  const packet = new RtpPacket()
  let sequenceNumber = 0
  let now = 0
  return () => {
    sequenceNumber = (sequenceNumber + 1) & 0xffff
    now += 1 / 3
    bytes[2] = sequenceNumber >> 8
    bytes[3] = sequenceNumber
    bytes[21] = sequenceNumber >> 8
    bytes[22] = sequenceNumber
    packet.parse(bytes, 0, bytes.length)
    router.receiveRtp(publisher, packet, now)
    if (router.nextTimeout() <= now) router.handleTimeout(now)
  }
}

describe('one packet in, to so many subscribers', () => {
  for (const subscribers of [1, 20, 100, 300]) bench(`1 → ${subscribers}`, forwarding(subscribers))
})
