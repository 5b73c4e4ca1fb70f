import { isBytes, parseFields } from './file-messages.ts'
import type { FileSource } from './file-store.ts'

/** How many bytes may wait in the channel, so that pausing is felt at once, and the browser's memory stays small. */
const highWater = 1024 * 1024
const lowWater = 256 * 1024
/** Messages that every browser takes. */
const chunkBytes = 64 * 1024
/** How far we go ahead of what the receiver has kept on its disk: a fast network may lead to a slow one. */
const aheadBytes = 8 * 1024 * 1024

export interface SendFileOptions {
  /** Not open yet, or open. */
  readonly channel: RTCDataChannel
  readonly source: FileSource
  readonly size: number
  readonly offset: number
  /** Closes the channel. */
  readonly signal: AbortSignal
  /** The channel is open. */
  started(): void
  /** The receiver has kept this many bytes. */
  progress(bytes: number): void
  /** All has been sent; the receiver compares. */
  checking(): void
}

/** What a channel was closed for before the receiver had everything. */
export class ChannelClosed extends Error {}

/**
 * Sends a file from `offset` on: first `{offset}`, then its bytes, then `{sha256}` of the whole. The receiver says `{have}` as it
 * keeps them, and at last `{whole}`.
 * @returns Whether the receiver has it as we do, and its SHA-256.
 * @throws {ChannelClosed} also when aborted; what `source` throws.
 */
export async function sendFile(options: SendFileOptions): Promise<{ whole: boolean; sha256: string }> {
  const { channel, source, size, offset, signal } = options
  const abort = () => channel.close()
  signal.addEventListener('abort', abort, { once: true })
  try {
    const peer = new Listener(channel, offset, options.progress)
    await peer.until(() => channel.readyState === 'open')
    options.started()
    channel.bufferedAmountLowThreshold = lowWater
    channel.send(JSON.stringify({ offset }))
    let sent = offset
    for (;;) {
      const block = await source.read()
      if (!block) break
      for (let at = 0; at < block.byteLength; at += chunkBytes) {
        await peer.until(() => channel.bufferedAmount < highWater && sent - peer.have < aheadBytes)
        const chunk = new Uint8Array(block, at, Math.min(chunkBytes, block.byteLength - at))
        channel.send(chunk)
        sent += chunk.byteLength
      }
    }
    const sha256 = await source.sha256()
    await peer.until(() => peer.have === size)
    options.checking()
    channel.send(JSON.stringify({ sha256, size }))
    await peer.until(() => peer.whole !== undefined)
    return { whole: peer.whole === true, sha256 }
  } finally {
    signal.removeEventListener('abort', abort)
    source.close()
    channel.close()
  }
}

/** What the receiver says on its channel, and waiting for whatever changes there. */
class Listener {
  have: number
  whole: boolean | undefined
  readonly #channel: RTCDataChannel
  #wake: () => void = () => {}

  constructor(channel: RTCDataChannel, offset: number, progress: (bytes: number) => void) {
    this.#channel = channel
    this.have = offset
    const wake = () => this.#wake()
    channel.onopen = wake
    channel.onclose = wake
    channel.onbufferedamountlow = wake
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const said = typeof data === 'string' ? parseFields(data) : undefined
      if (isBytes(said?.have) && said.have > this.have) {
        this.have = said.have
        progress(said.have)
      }
      if (typeof said?.whole === 'boolean') this.whole = said.whole
      wake()
    }
  }

  /** @throws {ChannelClosed} */
  async until(condition: () => boolean): Promise<void> {
    for (;;) {
      if (this.#channel.readyState === 'closing' || this.#channel.readyState === 'closed') throw new ChannelClosed()
      if (condition()) return
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }
}
