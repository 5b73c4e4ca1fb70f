/** A thrown error as it crosses to another thread or process. */
export interface ErrorRow {
  readonly name: string
  readonly message: string
  /** A system's, such as `EADDRINUSE`, or one of ours. */
  readonly code: string | undefined
  readonly stack: string | undefined
}

/** What an unknown thrown value has to say. */
export function errorRow(thrown: unknown): ErrorRow {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown), code: undefined, stack: undefined }
  const { name, message, stack } = thrown
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
  return { name, message, code, stack }
}

/** What the other end threw when it was asked; has its name, code and stack. */
export class RemoteError extends Error {
  readonly code: string | undefined

  constructor({ name, message, code, stack }: ErrorRow) {
    super(message)
    this.name = name
    this.code = code
    if (stack !== undefined) this.stack = stack
  }
}

/** Nobody answers: the other end is not there, or was gone before it did. */
export class ClosedError extends Error {
  override readonly name = 'ClosedError'
}
