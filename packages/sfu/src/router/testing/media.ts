import { headerExtensions } from '@parley/rtp'
import type { PublishedMedia, SubscribedMedia } from '../../control.ts'

/** Ids under which tests publish header extensions. */
export const publishedIds = {
  audioLevel: 1,
  absSendTime: 2,
  transportSequenceNumber: 3,
  mid: 4,
  rid: 5,
  repairedRid: 6,
  dependencyDescriptor: 7,
} as const

/** A camera as a browser publishes it: VP8 and H.264 with retransmissions. */
export const camera: PublishedMedia = {
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
      feedback: ['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb'],
      rtxPayloadType: 97,
    },
    {
      payloadType: 102,
      name: 'h264',
      clockRate: 90_000,
      channels: 1,
      parameters: 'packetization-mode=1',
      feedback: ['nack', 'nack pli', 'transport-cc'],
      rtxPayloadType: 103,
    },
  ],
  extensions: Object.fromEntries(
    Object.entries(publishedIds).map(([name, id]) => [headerExtensions[name as keyof typeof publishedIds], id]),
  ),
}

/** A microphone: Opus, and signals of keys. */
export const microphone: PublishedMedia = {
  kind: 'audio',
  mid: '1',
  encodings: [{ rid: undefined, ssrc: 11, rtxSsrc: undefined }],
  codecs: [
    {
      payloadType: 111,
      name: 'opus',
      clockRate: 48_000,
      channels: 2,
      parameters: '',
      feedback: ['transport-cc'],
      rtxPayloadType: undefined,
    },
    {
      payloadType: 126,
      name: 'telephone-event',
      clockRate: 48_000,
      channels: 1,
      parameters: '',
      feedback: [],
      rtxPayloadType: undefined,
    },
  ],
  extensions: camera.extensions,
}

/** A subscription to {@link camera}. */
export const watching: SubscribedMedia = {
  mid: 'a7',
  ssrc: 1001,
  rtxSsrc: 1002,
  cname: 'ada',
  payloadTypes: [
    { from: 96, to: 120, rtx: 121 },
    { from: 102, to: 122, rtx: 123 },
  ],
  extensions: {
    [headerExtensions.mid]: 9,
    [headerExtensions.audioLevel]: 10,
    [headerExtensions.dependencyDescriptor]: 11,
    [headerExtensions.absSendTime]: 12,
  },
  feedback: ['nack', 'nack pli'],
}

/** A subscription to {@link microphone}. */
export const listening: SubscribedMedia = {
  mid: 'a8',
  ssrc: 1011,
  rtxSsrc: undefined,
  cname: 'ada',
  payloadTypes: [{ from: 111, to: 109, rtx: undefined }],
  extensions: watching.extensions,
  feedback: [],
}
