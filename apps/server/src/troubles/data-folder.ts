import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, messageOf, systemCode } from '../failure.ts'
import { bad, type Finding, good, note } from './finding.ts'

const littleBytes = 64 * 2 ** 20
const trialBytes = 8192

/** Makes the data folder if need be, for this user alone. Throws Failure if it cannot be used. */
export function dataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new Failure(1, `--data-dir ${dataDir} cannot be made: ${diskTrouble(error).join('. ')}`, { cause: error })
  }
  const found = checkDataFolder(dataDir)
  if (found.result === 'bad') throw new Failure(1, `--data-dir ${found.detail}. ${found.remedy}`)
}

/** Whether keys and certificates can be written there: tries it. */
export function checkDataFolder(dataDir: string): Finding {
  const check = 'data folder'
  const trial = join(dataDir, `.trial-${process.pid}`)
  try {
    writeFileSync(trial, Buffer.alloc(trialBytes), { mode: 0o600 })
  } catch (error) {
    const [cause, remedy] = diskTrouble(error)
    return bad(check, `${dataDir} cannot be written: ${cause}`, remedy)
  } finally {
    rmSync(trial, { force: true })
  }
  const { bavail, bsize } = statfsSync(dataDir)
  const free = bavail * bsize
  if (free > littleBytes) return good(check, `${dataDir} can be written`)
  const left = `${Math.floor(free / 2 ** 20)} MiB are left on the disk of ${dataDir}`
  return note(check, left, 'Make room on it before new certificates and keys cannot be written any more.')
}

/** What the system's error means for a folder, and what to do. */
export function diskTrouble(error: unknown): readonly [cause: string, remedy: string] {
  const words: Readonly<Record<string, readonly [string, string]>> = {
    ENOSPC: ['the disk is full', 'Make room on it (df -h shows how full each is), or choose another --data-dir.'],
    EDQUOT: ['the disk quota of this user is used up', 'Make room, or choose another --data-dir.'],
    EROFS: ['the disk is mounted read-only', 'Mount it for writing, or choose another --data-dir.'],
    EACCES: [
      'this user may not write there',
      'Give it to the user that runs Parley (chown), or choose another --data-dir.',
    ],
    EMFILE: ['too many files are open', 'Raise the limit of open files: ulimit -n 65536.'],
    ENOENT: ['it is not there', 'Start the server once: it makes it. Or say where it is with --data-dir.'],
    ENOTDIR: ['a part of its path is a file', 'Choose another --data-dir.'],
    EEXIST: ['there is a file of this name', 'Choose another --data-dir.'],
  }
  return words[systemCode(error) ?? ''] ?? [messageOf(error), 'Choose another --data-dir, or let the disk be checked.']
}
