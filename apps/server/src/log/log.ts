import pino, { type DestinationStream, type Logger } from 'pino'

export type Log = Logger

export interface LogOptions {
  readonly level: string
  /** Formatted for people; JSON lines otherwise. */
  readonly pretty: boolean
  readonly colour: boolean
  readonly write: (text: string) => void
}

const jsonWebToken = /\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g

/** A log in which no token can appear, wherever it comes from: tokens are removed from every line as it is written. */
export async function createLog({ level, pretty, colour, write }: LogOptions): Promise<Log> {
  const scrubbed: DestinationStream = { write: text => write(text.replace(jsonWebToken, '[token]')) }
  const options = {
    level,
    base: null,
    formatters: { level: (level: string) => ({ level }) },
    redact: {
      paths: ['token', 'ticket', 'authorization', '*.token', '*.ticket', '*.authorization'],
      censor: '[secret]',
    },
  }
  if (!pretty) return pino({ ...options, timestamp: pino.stdTimeFunctions.isoTime }, scrubbed)
  const { prettyFactory } = await import('pino-pretty')
  const format = prettyFactory({
    colorize: colour,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
  })
  return pino(options, { write: record => scrubbed.write(format(record)) })
}

/** For tests and benches. */
export function silentLog(): Log {
  return pino({ level: 'silent' })
}
