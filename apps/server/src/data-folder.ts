import { accessSync, constants, mkdirSync } from 'node:fs'
import { Failure, messageOf } from './failure.ts'

/** Makes the data folder if need be, for this user alone. Throws Failure in words when it cannot be used. */
export function dataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.R_OK | constants.W_OK)
  } catch (error) {
    throw new Failure(1, `--data-dir ${dataDir} cannot be used: ${messageOf(error)}`, { cause: error })
  }
}
