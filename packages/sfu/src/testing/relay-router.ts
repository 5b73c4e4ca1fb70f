import type { RtpPacket } from '@parley/rtp'
import type { ToMedia } from '../control.ts'
import type { RtpTransport } from '../ports.ts'
import type { MediaRouter } from '../worker/media-core.ts'

/** The least that forwards: what a publisher sends goes to its subscribers as it is, RTCP from anybody to nobody. */
export class RelayRouter implements MediaRouter {
  /** What was called, in order. */
  readonly log: string[] = []
  readonly rtcp: { readonly transport: number; readonly bytes: Uint8Array }[] = []
  readonly transports = new Map<number, RtpTransport>()
  readonly #publishers = new Map<number, number>()
  readonly #subscribers = new Map<number, number[]>()

  publish({ publication, transport }: Extract<ToMedia, { is: 'publish' }>): void {
    this.#publishers.set(publication, transport)
  }

  subscribe({ publication, transport }: Extract<ToMedia, { is: 'subscribe' }>): void {
    const publisher = this.#publishers.get(publication) ?? -1
    this.#subscribers.set(publisher, [...(this.#subscribers.get(publisher) ?? []), transport])
  }

  readonly republish = (): void => {}
  readonly unpublish = (): void => {}
  readonly voice = (): void => {}
  readonly resubscribe = (): void => {}
  readonly want = (): void => {}
  readonly unsubscribe = (): void => {}
  readonly pipe = (): void => {}
  readonly unpipe = (): void => {}
  readonly piped = (): void => {}

  receiveRtp(from: RtpTransport, packet: RtpPacket, now: number): void {
    const { bytes, start, payloadStart, payloadEnd } = packet
    for (const id of this.#subscribers.get(from.id) ?? []) {
      const to = this.transports.get(id)
      if (!to?.connected) continue
      const at = to.reserve(payloadEnd - start)
      const { outgoing } = to
      for (let i = start; i < payloadStart; i++) outgoing[at + i - start] = bytes[i] as number
      to.sendRtp(at, at + payloadStart - start, bytes, payloadStart, payloadEnd, now)
    }
  }

  receiveRtcp(from: RtpTransport, bytes: Uint8Array, start: number, end: number): void {
    this.rtcp.push({ transport: from.id, bytes: bytes.slice(start, end) })
  }

  transportConnected(transport: RtpTransport): void {
    this.transports.set(transport.id, transport)
    this.log.push(`${transport.id} connected`)
  }

  transportClosed(transport: RtpTransport): void {
    this.transports.delete(transport.id)
    this.log.push(`${transport.id} closed`)
  }

  nextTimeout(): number {
    return Number.POSITIVE_INFINITY
  }

  handleTimeout(): void {}
}
