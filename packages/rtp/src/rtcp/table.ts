import { type Bye, bye } from './bye.ts'
import { type ExtendedReport, extendedReport } from './extended-report.ts'
import {
  type FullIntraRequest,
  fullIntraRequest,
  type PictureLossIndication,
  pictureLossIndication,
} from './key-frame-requests.ts'
import { type Nack, nack } from './nack.ts'
import type { PacketType } from './packet-type.ts'
import { type ReceiverEstimatedBitrate, receiverEstimatedBitrate } from './receiver-estimated-bitrate.ts'
import { type ReceiverReport, receiverReport, type SenderReport, senderReport } from './reports.ts'
import { type SourceDescription, sourceDescription } from './source-description.ts'
import { type TransportFeedback, transportFeedback } from './transport-feedback.ts'

/** What each kind of RTCP packet says. */
export interface RtcpPackets {
  readonly senderReport: SenderReport
  readonly receiverReport: ReceiverReport
  readonly sourceDescription: SourceDescription
  readonly bye: Bye
  readonly nack: Nack
  readonly transportFeedback: TransportFeedback
  readonly pictureLossIndication: PictureLossIndication
  readonly fullIntraRequest: FullIntraRequest
  readonly receiverEstimatedBitrate: ReceiverEstimatedBitrate
  readonly extendedReport: ExtendedReport
}

export type RtcpKind = keyof RtcpPackets

/** How each kind is read and written. A new kind needs a row here, a row above, and a {@link PacketType}. */
export const rtcpTypes: { readonly [Kind in RtcpKind]: PacketType<RtcpPackets[Kind]> } = {
  senderReport,
  receiverReport,
  sourceDescription,
  bye,
  nack,
  transportFeedback,
  pictureLossIndication,
  fullIntraRequest,
  receiverEstimatedBitrate,
  extendedReport,
}
