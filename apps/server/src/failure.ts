/** A failure with sentences for the person at the terminal instead of a stack. Exit code 2: wrong usage; 1: the rest. */
export class Failure extends Error {
  readonly exitCode: 1 | 2

  constructor(exitCode: 1 | 2, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Failure'
    this.exitCode = exitCode
  }
}

/** What an unknown thrown value has to say. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The code of a Node system error (`ENOENT`, `EADDRINUSE`, …), if it is one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
