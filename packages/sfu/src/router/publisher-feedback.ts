import type { FullIntraRequest } from '@parley/rtp'
import type { Feedback, PublishedMedia } from '../control.ts'
import type { RtpTransport } from '../ports.ts'
import type { RouterCounters } from './counters.ts'
import type { RtcpSender } from './rtcp-sender.ts'
import type { SourceFeedback } from './source-stream.ts'

export interface PublisherFeedbackOptions {
  readonly rtcp: RtcpSender
  /** Who asks. */
  readonly senderSsrc: number
  readonly transport: () => RtpTransport | undefined
  /** What was agreed. */
  readonly media: () => PublishedMedia
  readonly counters: RouterCounters
}

/** Asks a publisher for packets and key frames, in the way that was agreed (RFC 4585 §6.2.1, §6.3.1, RFC 5104 §4.3.1). */
export class PublisherFeedback implements SourceFeedback {
  readonly #options: PublisherFeedbackOptions
  /** Of full intra requests; a repeated one keeps its number. */
  #firNumber = 0

  constructor(options: PublisherFeedbackOptions) {
    this.#options = options
  }

  requestKeyFrame(mediaSsrc: number, repeated: boolean, now: number): boolean {
    const { rtcp, senderSsrc, counters } = this.#options
    const transport = this.#options.transport()
    const pli = this.#agreed('nack pli')
    if (!transport || !(pli || this.#agreed('ccm fir'))) return false
    const sent = pli
      ? rtcp.send(transport, 'pictureLossIndication', { senderSsrc, mediaSsrc }, now)
      : rtcp.send(transport, 'fullIntraRequest', this.#fullIntraRequest(mediaSsrc, repeated), now)
    if (sent) counters.keyFrameRequests++
    return sent
  }

  nack(mediaSsrc: number, lost: readonly number[], now: number): void {
    const { rtcp, senderSsrc, counters } = this.#options
    const transport = this.#options.transport()
    if (!transport || !rtcp.send(transport, 'nack', { senderSsrc, mediaSsrc, lost }, now)) return
    counters.nacked += lost.length
  }

  #fullIntraRequest(ssrc: number, repeated: boolean): FullIntraRequest {
    if (!repeated) this.#firNumber = (this.#firNumber + 1) & 0xff
    const { senderSsrc } = this.#options
    return { senderSsrc, mediaSsrc: 0, entries: [{ ssrc, sequenceNumber: this.#firNumber }] }
  }

  #agreed(way: Feedback): boolean {
    return this.#options.media().codecs.some(({ feedback }) => feedback.includes(way))
  }
}
