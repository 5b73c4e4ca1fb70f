import type { OptionTable } from '../config/table.ts'
import type { Io } from './io.ts'

/** One row of the command table. */
export interface Command {
  readonly doc: string
  /** What `parley help <command>` lists. */
  readonly options: OptionTable
  /** Resolves with the exit code. Throws Failure in words. */
  run(argv: readonly string[], io: Io): Promise<number>
}
