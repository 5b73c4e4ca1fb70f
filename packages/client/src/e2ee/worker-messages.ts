import type { SenderKey } from '@parley/sframe'

/** How a receiver's frames can be read: `plain` ones are not encrypted, `foreign` ones are, but not with the key that we have. */
export type Reading = 'readable' | 'no-key' | 'foreign' | 'plain'

/** One direction of one track: frames are encrypted, or decrypted with the key of whoever the receiver belongs to. */
export interface TransformOptions {
  readonly side: 'send' | 'receive'
  readonly id: number
}

/** What the page tells the worker. */
export type ToWorker =
  | { readonly type: 'use'; readonly key: SenderKey }
  | { readonly type: 'learned'; readonly participant: string; readonly key: SenderKey; readonly restarted: boolean }
  | { readonly type: 'forget'; readonly participant: string }
  /** Whose frames a receiver brings from now on. */
  | { readonly type: 'assign'; readonly id: number; readonly participant: string | undefined }
  /** The frames of a transform, in browsers that have no RTCRtpScriptTransform. */
  | {
      readonly type: 'frames'
      readonly options: TransformOptions
      readonly readable: ReadableStream<EncodedFrame>
      readonly writable: WritableStream<EncodedFrame>
    }

/** What the worker tells the page of the frames that a receiver brings of a participant. */
export type FromWorker =
  /** Something has changed in how they can be read. */
  | { readonly type: 'reading'; readonly id: number; readonly participant: string; readonly reading: Reading }
  /** So many more could not be decrypted. */
  | { readonly type: 'undecrypted'; readonly participant: string; readonly frames: number }

/** A frame of an encoded transform (W3C WebRTC Encoded Transform §5). */
export interface EncodedFrame {
  /** Absent in frames of sound. */
  readonly type?: 'key' | 'delta' | 'empty'
  data: ArrayBuffer
  getMetadata(): { readonly mimeType?: string }
}
