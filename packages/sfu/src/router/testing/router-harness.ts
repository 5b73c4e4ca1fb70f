import { CompoundWriter, type RtcpHandlers, type RtcpPackets, RtpPacket, readCompound } from '@parley/rtp'
import { type FromMedia, type PublishedMedia, type SubscribedMedia, type Want, wantAll } from '../../control.ts'
import type { RtpTransport } from '../../ports.ts'
import { Router, type RouterOptions } from '../router.ts'
import { type RtpFields, rtp } from './packets.ts'
import { TestTransport } from './test-transport.ts'

/** What an RTCP packet in the log was. */
export type LoggedRtcp = {
  [Kind in keyof RtcpPackets]: { readonly kind: Kind; readonly packet: RtcpPackets[Kind] }
}[keyof RtcpPackets]

/** A transport that notes what the router sends to it, parsed. */
export class LoggedTransport extends TestTransport {
  readonly rtp: RtpPacket[] = []
  readonly rtcp: LoggedRtcp[] = []
  readonly #handlers: RtcpHandlers = {
    senderReport: packet => this.rtcp.push({ kind: 'senderReport', packet }),
    receiverReport: packet => this.rtcp.push({ kind: 'receiverReport', packet }),
    sourceDescription: packet => this.rtcp.push({ kind: 'sourceDescription', packet }),
    bye: packet => this.rtcp.push({ kind: 'bye', packet }),
    nack: packet => this.rtcp.push({ kind: 'nack', packet }),
    transportFeedback: packet => this.rtcp.push({ kind: 'transportFeedback', packet }),
    pictureLossIndication: packet => this.rtcp.push({ kind: 'pictureLossIndication', packet }),
    fullIntraRequest: packet => this.rtcp.push({ kind: 'fullIntraRequest', packet }),
    receiverEstimatedBitrate: packet => this.rtcp.push({ kind: 'receiverEstimatedBitrate', packet }),
  }

  constructor(id: number) {
    super(id)
    this.onRtp = bytes => {
      const packet = new RtpPacket()
      if (!packet.parse(bytes, 0, bytes.length)) throw new Error('sent what is not an RTP packet')
      this.rtp.push(packet)
    }
    this.onRtcp = bytes => {
      if (!readCompound(bytes, 0, bytes.length, this.#handlers)) throw new Error('sent malformed RTCP')
    }
  }

  /** Packets of a kind that the router has sent here. */
  sent<Kind extends keyof RtcpPackets>(kind: Kind): RtcpPackets[Kind][] {
    return this.rtcp.flatMap(logged => (logged.kind === kind ? [logged.packet as RtcpPackets[Kind]] : []))
  }

  get sequenceNumbers(): number[] {
    return this.rtp.map(({ sequenceNumber }) => sequenceNumber)
  }
}

type Driven = Pick<
  Router,
  'publish' | 'subscribe' | 'receiveRtp' | 'receiveRtcp' | 'transportConnected' | 'nextTimeout' | 'handleTimeout'
>

/** A router, or several that look like one, with its reports and a clock, driven by hand. */
export class RouterHarness<R extends Driven = Router> {
  now = 0
  readonly reports: FromMedia[] = []
  readonly qualities: FromMedia[] = []
  readonly router: R
  readonly #packet = new RtpPacket()

  constructor(make: (options: Required<Pick<RouterOptions, 'report' | 'random'>>) => R) {
    this.router = make({
      report: message => {
        if (message.is === 'quality') this.qualities.push(message)
        else this.reports.push(message)
      },
      random: () => 0.5,
    })
  }

  transport(id: number): LoggedTransport {
    const transport = new LoggedTransport(id)
    this.router.transportConnected(transport, this.now)
    return transport
  }

  publish(publication: number, transport: RtpTransport, media: PublishedMedia): void {
    this.router.publish({ is: 'publish', publication, transport: transport.id, media })
  }

  subscribe(
    subscription: number,
    transport: RtpTransport,
    publication: number,
    media: SubscribedMedia,
    want: Want = wantAll,
  ): void {
    const row = { is: 'subscribe', subscription, transport: transport.id, publication, media, want } as const
    this.router.subscribe(row, this.now)
  }

  receive(transport: RtpTransport, fields: RtpFields): void {
    const bytes = rtp(fields)
    this.#packet.parse(bytes, 0, bytes.length)
    this.router.receiveRtp(transport, this.#packet, this.now)
  }

  receiveRtcp<Kind extends keyof RtcpPackets>(transport: RtpTransport, kind: Kind, packet: RtcpPackets[Kind]): void {
    const bytes = new Uint8Array(1500)
    const { end } = new CompoundWriter().target(bytes).add(kind, packet)
    this.router.receiveRtcp(transport, bytes, 0, end, this.now)
  }

  /** Lets so many milliseconds pass, with every timeout in its time. */
  advance(ms: number): void {
    const end = this.now + ms
    for (let at = this.router.nextTimeout(); at <= end; at = this.router.nextTimeout()) {
      this.now = Math.max(this.now, at)
      this.router.handleTimeout(this.now)
    }
    this.now = end
  }
}

/** A call with the transports of Ada and Bob, both connected. */
export function adaAndBob() {
  const call = new RouterHarness(options => new Router(options))
  return { call, ada: call.transport(1), bob: call.transport(2) }
}
