import { parseFields } from './file-messages.ts'
import type { FileSink } from './file-store.ts'
import { ChannelClosed } from './send-file.ts'

/** How often we say what we have kept. */
const reportBytes = 512 * 1024

export interface ReceiveFileOptions {
  readonly channel: RTCDataChannel
  /** Has what came before. */
  readonly sink: FileSink
  readonly size: number
  readonly signal: AbortSignal
  /** This many bytes have been kept. */
  progress(bytes: number): void
  checking(): void
}

/** Whoever sends has sent something else than was agreed. */
export class NotAsAgreed extends Error {}

/**
 * Takes what {@link sendFile} sends, and keeps it.
 * @returns The file's SHA-256, or undefined if what came is not what was sent.
 * @throws {ChannelClosed} also when aborted; {@link NotAsAgreed}; what `sink` throws.
 */
export function receiveFile({ channel, sink, size, signal, progress, checking }: ReceiveFileOptions) {
  return new Promise<string | undefined>((resolve, reject) => {
    let came = sink.size
    let reported = sink.size
    let begun = false
    let work: Promise<unknown> = Promise.resolve()
    let over = false

    const end = (settle: () => void) => {
      if (over) return
      over = true
      signal.removeEventListener('abort', closed)
      channel.onmessage = null
      // Everything that came is kept before anybody goes on with the sink.
      work = work.then(settle, settle)
    }
    const fail = (error: unknown) => {
      end(() => reject(error))
      channel.close()
    }
    const closed = () => fail(new ChannelClosed())
    const say = (what: object) => {
      if (channel.readyState === 'open') channel.send(JSON.stringify(what))
    }

    const takeBytes = (bytes: ArrayBuffer) => {
      came += bytes.byteLength
      if (!begun || came > size) return fail(new NotAsAgreed(`More than the ${size} bytes that were offered.`))
      work = work.then(async () => {
        const have = await sink.write(bytes)
        progress(have)
        if (have - reported < reportBytes && have < size) return
        reported = have
        say({ have })
      })
      work.catch(fail)
    }
    const takeText = (text: string) => {
      const said = parseFields(text)
      if (!begun) {
        begun = said?.offset === came
        if (!begun) fail(new NotAsAgreed(`Sent from ${String(said?.offset)} on, asked for from ${came}.`))
        return
      }
      const { sha256 } = said ?? {}
      if (typeof sha256 !== 'string') return
      checking()
      work = work.then(async () => {
        const ours = sink.size === size ? await sink.sha256() : undefined
        const whole = ours === sha256
        say({ whole })
        end(() => resolve(whole ? ours : undefined))
      })
      work.catch(fail)
    }

    channel.binaryType = 'arraybuffer'
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) takeBytes(data)
      else if (typeof data === 'string') takeText(data)
    }
    channel.onclose = closed
    signal.addEventListener('abort', closed)
    if (signal.aborted || channel.readyState === 'closing' || channel.readyState === 'closed') closed()
  })
}
