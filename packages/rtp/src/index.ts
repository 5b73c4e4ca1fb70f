export * from './codecs/codecs.ts'
export * from './codecs/payload-info.ts'
export { rewritePictureId } from './codecs/picture-id.ts'
export * from './codecs/red.ts'
export * from './extensions/abs-capture-time.ts'
export * from './extensions/dependency-descriptor.ts'
export {
  type DecodeTarget,
  type DependencyStructure,
  decodeTargetIndication,
  type FrameDependencyTemplate,
} from './extensions/dependency-structure.ts'
export * from './extensions/header-extensions.ts'
export * from './extensions/text.ts'
export * from './extensions/values.ts'
export * from './packet/header-rewrite.ts'
export * from './packet/rtp-packet.ts'
export * from './packet/rtx.ts'
export * from './packet/unwrap.ts'
export * from './rtcp/arrival-times.ts'
export type { Bye } from './rtcp/bye.ts'
export * from './rtcp/compound-writer.ts'
export type {
  Dlrr,
  DlrrReport,
  ExtendedReport,
  ExtendedReportBlock,
  OpaqueBlock,
  ReceiverReferenceTime,
} from './rtcp/extended-report.ts'
export type { FullIntraRequest, FullIntraRequestEntry } from './rtcp/full-intra-request.ts'
export type { Nack } from './rtcp/nack.ts'
export * from './rtcp/ntp.ts'
export type { FeedbackSource } from './rtcp/packet-type.ts'
export type { PictureLossIndication } from './rtcp/picture-loss-indication.ts'
export * from './rtcp/read-compound.ts'
export type { ReceiverEstimatedBitrate } from './rtcp/receiver-estimated-bitrate.ts'
export type { ReceiverReport } from './rtcp/receiver-report.ts'
export type { ReportBlock } from './rtcp/report-block.ts'
export type { SenderReport } from './rtcp/sender-report.ts'
export {
  cnameOf,
  type SdesChunk,
  type SdesItem,
  type SourceDescription,
  sdesItemTypes,
} from './rtcp/source-description.ts'
export type { RtcpKind, RtcpPackets } from './rtcp/table.ts'
export type { PacketArrival, TransportFeedback } from './rtcp/transport-feedback.ts'
