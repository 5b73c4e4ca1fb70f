import { isRed } from '../peer-connection/sound.ts'
import type { FrameTransforms } from '../room/frame-transforms.ts'
import type { EncodedFrame, ToWorker, TransformOptions } from './worker-messages.ts'

type Streams = { readonly readable: ReadableStream<EncodedFrame>; readonly writable: WritableStream<EncodedFrame> }
/** Chromium's own way, older than the standard's. */
type WithStreams = { createEncodedStreams(): Streams }

/** By what a browser lets frames be changed before they are sent, and before they are played. */
type Way = 'script-transform' | 'encoded-streams'

/** Undefined where the browser has no way: there is no end-to-end encryption in it. */
export function encodedTransformWay(scope: object = globalThis): Way | undefined {
  if (!('crypto' in scope) || !(scope.crypto as Partial<Crypto>).subtle || !('Worker' in scope)) return undefined
  if ('RTCRtpScriptTransform' in scope) return 'script-transform'
  const sender = (scope as { RTCRtpSender?: { prototype: object } }).RTCRtpSender
  return sender && 'createEncodedStreams' in sender.prototype ? 'encoded-streams' : undefined
}

/** Lets a worker encrypt and decrypt the frames of senders and receivers. */
export class EncodedTransforms implements FrameTransforms {
  readonly configuration: RTCConfiguration
  readonly #worker: Worker
  readonly #way: Way
  readonly #ids = new WeakMap<object, number>()
  readonly #assigned: (id: number) => void
  #lastId = 0

  /** @param assigned A receiver brings somebody else's frames from now on, or nobody's. */
  constructor(worker: Worker, way: Way, assigned: (id: number) => void) {
    this.#worker = worker
    this.#way = way
    this.#assigned = assigned
    this.configuration = way === 'encoded-streams' ? ({ encodedInsertableStreams: true } as RTCConfiguration) : {}
  }

  prepare(connection: RTCPeerConnection): void {
    for (const { sender, receiver } of connection.getTransceivers()) {
      this.#attach(sender, 'send')
      this.#attach(receiver, 'receive')
    }
  }

  sender(connection: RTCPeerConnection, sender: RTCRtpSender): void {
    this.prepare(connection)
    const transceiver = connection.getTransceivers().find(candidate => candidate.sender === sender)
    const codecs = encryptable(sender.track?.kind)
    if (codecs) transceiver?.setCodecPreferences(codecs)
  }

  receiver(receiver: RTCRtpReceiver, participant: string | undefined): void {
    const id = this.#attach(receiver, 'receive')
    this.#tell({ type: 'assign', id, participant })
    this.#assigned(id)
  }

  /** @returns Its number. */
  #attach(end: RTCRtpSender | RTCRtpReceiver, side: TransformOptions['side']): number {
    const known = this.#ids.get(end)
    if (known !== undefined) return known
    const id = ++this.#lastId
    this.#ids.set(end, id)
    const options: TransformOptions = { side, id }
    if (this.#way === 'script-transform') {
      end.transform = new RTCRtpScriptTransform(this.#worker, options)
    } else {
      const { readable, writable } = (end as unknown as WithStreams).createEncodedStreams()
      this.#tell({ type: 'frames', options, readable, writable }, [readable, writable] as unknown as Transferable[])
    }
    return id
  }

  #tell(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer)
  }
}

/**
 * The codecs whose frames can be encrypted: not H.265, nor H.264 in packets that hold a slice each (packetization mode 0). Not RED,
 * of which all blocks would be one frame, so that nobody on the way could take it apart. Undefined: all that the browser has.
 */
function encryptable(kind: string | undefined): RTCRtpCodec[] | undefined {
  const { codecs = [] } = (kind && RTCRtpReceiver.getCapabilities(kind)) || {}
  const chosen = codecs.filter(codec => {
    const { mimeType, sdpFmtpLine = '' } = codec
    if (/h265/i.test(mimeType) || isRed(codec)) return false
    return !/h264/i.test(mimeType) || /packetization-mode=1/.test(sdpFmtpLine)
  })
  return chosen.length < codecs.length ? chosen : undefined
}
