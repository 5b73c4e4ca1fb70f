import {
  cipherSuites,
  type EnvelopeCodec,
  FrameDecryptor,
  FrameEncryptor,
  type SenderKey,
  type Undecrypted,
  unwrap,
  wrap,
} from '@parley/sframe'
import type { EncodedFrame } from './worker-messages.ts'

type Bytes = Uint8Array<ArrayBuffer>

const suite = cipherSuites.AES_128_GCM_SHA256_128

/** What is authenticated besides the frame: that sound is not played as a picture, nor the other way round. */
const metadata = { audio: Uint8Array.of(0), video: Uint8Array.of(1) } as const

/** The video codecs whose frames can be encrypted, by MIME type in lower case. */
const codecs: ReadonlyMap<string, EnvelopeCodec> = new Map([
  ['video/vp8', 'vp8'],
  ['video/vp9', 'vp9'],
  ['video/h264', 'h264'],
  ['video/av1', 'av1'],
])

/** Encrypts and decrypts the frames of a room: one key for all that we send, one for each participant whose frames come. */
export class FrameCryptor {
  readonly #encryptor = new FrameEncryptor(suite)
  readonly #decryptors = new Map<string, FrameDecryptor>()
  readonly #hasKey: Promise<void>
  #gotKey: () => void = () => {}
  /** Keys in the order in which they came. */
  #keys: Promise<void> = Promise.resolve()

  constructor() {
    this.#hasKey = new Promise(resolve => {
      this.#gotKey = resolve
    })
  }

  use(key: SenderKey): void {
    this.#then(async () => {
      await this.#encryptor.setKey(key)
      this.#gotKey()
    })
  }

  learned(participant: string, key: SenderKey, restarted: boolean): void {
    this.#then(async () => {
      const known = restarted ? undefined : this.#decryptors.get(participant)
      const decryptor = known ?? new FrameDecryptor(suite)
      await decryptor.addKey(key)
      this.#decryptors.set(participant, decryptor)
    })
  }

  forget(participant: string): void {
    this.#then(async () => void this.#decryptors.delete(participant))
  }

  /** Encrypts in place, as soon as there is a key. False for a frame that cannot be, because of its codec: it must not be sent. */
  async encrypt(frame: EncodedFrame): Promise<boolean> {
    const codec = codecOf(frame)
    if (!codec) return false
    await this.#hasKey
    const plain = new Uint8Array(frame.data)
    const sealed = await this.#encryptor.seal(metadataOf(frame), plain)
    const wrapped = sealed && wrap(codec, plain, sealed)
    if (wrapped) frame.data = wrapped.buffer
    return wrapped !== undefined
  }

  /** Decrypts in place. @returns Why it could not be; undefined if it was. */
  async decrypt(participant: string, frame: EncodedFrame): Promise<Undecrypted | 'plain' | undefined> {
    const sealed = unwrap(new Uint8Array(frame.data))
    if (!sealed) return 'plain'
    await this.#keys
    const decryptor = this.#decryptors.get(participant)
    if (!decryptor) return 'no-key'
    const opened = await decryptor.open(metadataOf(frame), sealed)
    if (!opened.ok) return opened.reason
    frame.data = opened.frame.buffer
    return undefined
  }

  #then(work: () => Promise<void>): void {
    this.#keys = this.#keys.then(work).catch(error => reportError(error))
  }
}

function metadataOf({ type }: EncodedFrame): Bytes {
  return type === undefined ? metadata.audio : metadata.video
}

function codecOf(frame: EncodedFrame): EnvelopeCodec | undefined {
  return frame.type === undefined ? 'audio' : codecs.get(frame.getMetadata().mimeType?.toLowerCase() ?? '')
}
