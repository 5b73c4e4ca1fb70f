/** The header extensions that are known here, each with the URI under which SDP offers it (RFC 8285 §5). */
export const headerExtensions = {
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid', // RFC 9143 §14
  rid: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id', // RFC 8852
  repairedRid: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id', // RFC 8852
  audioLevel: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', // RFC 6464
  transmissionOffset: 'urn:ietf:params:rtp-hdrext:toffset', // RFC 5450
  videoOrientation: 'urn:3gpp:video-orientation', // 3GPP TS 26.114 §7.4.5
  absSendTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  absCaptureTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
  playoutDelay: 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  videoLayersAllocation: 'http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00',
  transportSequenceNumber: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  dependencyDescriptor: 'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
} as const

export type HeaderExtension = keyof typeof headerExtensions
