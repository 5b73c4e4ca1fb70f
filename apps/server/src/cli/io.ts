/** What a command may use of the process around it. */
export interface Io {
  out(text: string): void
  err(text: string): void
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Columns of standard output; undefined when it is not a terminal. */
  readonly columns: number | undefined
  /** Whether standard error is a terminal. */
  readonly logToTerminal: boolean
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds since bin/parley.mjs began, or the process where it was not used. */
  uptimeMs(): number
}

/** NO_COLOR (no-color.org) and dumb terminals get none. */
export function wantsColour(io: Io, isTerminal: boolean): boolean {
  return isTerminal && !io.env.NO_COLOR && io.env.TERM !== 'dumb'
}

export function processIo(): Io {
  const [begun] = performance.getEntriesByName('parley')
  return {
    out: text => void process.stdout.write(text),
    err: text => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    logToTerminal: process.stderr.isTTY === true,
    now: Date.now,
    uptimeMs: () => performance.now() - (begun?.startTime ?? 0),
  }
}
