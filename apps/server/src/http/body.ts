import { AppError } from '@parley/protocol'

const mostBytes = 64 * 1024

/**
 * The text that a request carries, at most 64 KiB, and no more memory than that however small the pieces in which it arrives.
 * Throws AppError `too-large`, or `unsupported-type` if it is compressed.
 */
export async function textBody(request: Request): Promise<string> {
  const coding = request.headers.get('content-encoding')?.trim().toLowerCase() || 'identity'
  if (coding !== 'identity')
    throw new AppError('unsupported-type', `The body must not be compressed, and is ${coding}.`)
  let body = new Uint8Array(1024)
  let size = 0
  for await (const chunk of request.body ?? []) {
    const begun = size
    size += chunk.byteLength
    if (size > mostBytes) throw new AppError('too-large', `The body is larger than ${mostBytes / 1024} KiB.`)
    if (size > body.length) {
      const larger = new Uint8Array(Math.min(mostBytes, 2 * size))
      larger.set(body.subarray(0, begun))
      body = larger
    }
    body.set(chunk, begun)
  }
  return Buffer.from(body.buffer, 0, size).toString()
}

/** The JSON that a request carries, at most 64 KiB. Throws AppError `bad-request`, `too-large`, `unsupported-type`. */
export async function jsonBody(request: Request): Promise<unknown> {
  const text = await textBody(request)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AppError('bad-request', 'The body is not JSON.', { cause: error })
  }
}
