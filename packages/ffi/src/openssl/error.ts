import { crypto } from './calls.ts'
import { workspace } from './workspace.ts'

const TEXT_BYTES = 256
/** The bits of an error's code that say which one of its library it is (ERR_GET_REASON). */
const REASON = 0x7fffff

/** A call to OpenSSL that failed. */
export class OpensslError extends Error {
  override readonly name = 'OpensslError'
  /** The error's number within OpenSSL's library; 0 if OpenSSL gave none. */
  readonly reason: number

  constructor(call: string, { reason, text }: LastError) {
    super(`${call}: ${text}`)
    this.reason = reason
  }
}

export interface LastError {
  readonly reason: number
  readonly text: string
}

/** Takes the first error from this thread's queue, and empties the queue, whose remains would confuse later calls. */
export function takeError(): LastError {
  const code = crypto.ERR_get_error()
  crypto.ERR_clear_error()
  if (code === 0) return { reason: 0, text: 'no reason given' }
  const { output, outputAddress } = workspace()
  crypto.ERR_error_string_n(code, outputAddress, TEXT_BYTES)
  const text = new TextDecoder().decode(output.slice(0, output.indexOf(0)))
  return { reason: code & REASON, text }
}

/** Throws unless the result is 1, by which most of OpenSSL reports success. */
export function mustBeOne(call: string, result: number): void {
  if (result !== 1) throw new OpensslError(call, takeError())
}
