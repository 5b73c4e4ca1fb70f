import { pause } from '../report/run.ts'
import type { Link } from './link.ts'

export interface FileResult {
  readonly name: string
  readonly bytes: number
  readonly tookMs: number
  /** Whether the received file equals the sent one, bit by bit; undefined where hashing is unavailable (plain HTTP). */
  readonly intact: boolean | undefined
}

const storeBytes = 1 << 20
/** The transfer is abandoned after this long without any data arriving. */
const stallMs = 15_000

/** Sends a file through the link and reassembles it at the other end. The link must be reliable and ordered. */
export async function sendFile(
  file: File,
  { near, far, maxMessageBytes }: Link,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<FileResult> {
  const chunkBytes = Math.min(64 * 1024, maxMessageBytes)
  const parts: ArrayBuffer[] = []
  let received = 0
  let heardAt = performance.now()
  const stop = new AbortController()
  far.addEventListener(
    'message',
    ({ data }) => {
      if (!(data instanceof ArrayBuffer)) return
      parts.push(data)
      received += data.byteLength
      heardAt = performance.now()
      onProgress(file.size === 0 ? 1 : received / file.size)
    },
    { signal: stop.signal },
  )
  const began = performance.now()
  const waitMore = async (ms: number) => {
    if (far.readyState === 'closed') throw new Error('the channel closed')
    if (performance.now() - heardAt > stallMs) throw new Error(`nothing arrived for ${stallMs / 1000} s`)
    await pause(ms, signal)
  }
  try {
    for (let at = 0; at < file.size; at += chunkBytes) {
      while (near.bufferedAmount > storeBytes) await waitMore(5)
      signal.throwIfAborted()
      near.send(await file.slice(at, at + chunkBytes).arrayBuffer())
    }
    while (received < file.size) await waitMore(10)
    const tookMs = performance.now() - began
    return { name: file.name, bytes: file.size, tookMs, intact: await sameBytes(file, new Blob(parts)) }
  } finally {
    stop.abort()
  }
}

async function sameBytes(one: Blob, two: Blob): Promise<boolean | undefined> {
  const subtle = (crypto as Partial<Crypto>).subtle
  if (!subtle) return undefined
  const [a, b] = await Promise.all(
    [one, two].map(async blob => new Uint8Array(await subtle.digest('SHA-256', await blob.arrayBuffer()))),
  )
  return a !== undefined && b !== undefined && a.every((byte, index) => byte === b[index])
}
