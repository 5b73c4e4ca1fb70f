import { AppError } from '@parley/protocol'

const mostBytes = 64 * 1024

/** The text that a request carries, at most 64 KiB. Throws AppError `too-large`. */
export async function textBody(request: Request): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > mostBytes) throw new AppError('too-large', `The body is larger than ${mostBytes / 1024} KiB.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
