import type { Log } from '../log/log.ts'
import { type Io, wantsColour } from './io.ts'

/** The log of a command that serves, on standard error. */
export async function openLog(level: string, io: Io): Promise<Log> {
  const { createLog } = await import('../log/log.ts')
  const pretty = io.logToTerminal
  return createLog({ level, pretty, colour: wantsColour(io, pretty), write: io.err })
}
