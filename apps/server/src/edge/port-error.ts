/** A port that could not be had; `code` is the system's. */
export class PortError extends Error {
  readonly code: string | undefined

  constructor(code: string | undefined, message: string) {
    super(message)
    this.name = 'PortError'
    this.code = code
  }
}
