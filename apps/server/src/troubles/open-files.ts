import { readdirSync, readFileSync } from 'node:fs'
import { systemCode } from '../failure.ts'
import { bad, type Finding, good, note } from './finding.ts'

const remedy =
  'Raise the limit: `ulimit -n 65536` in the shell that starts Parley, LimitNOFILE=65536 in its systemd unit, ' +
  '--ulimit nofile=65536 for a container.'

/** The message if the start itself fails for it. */
export const outOfFiles = `too many open files: the limit of this process is too low. ${remedy}`

/** Files that a process has open without any client: libraries, logs, listeners, threads. */
const ownFiles = 128
const nearlyAll = 0.9

export interface OpenFiles {
  /** The limit for one process. */
  readonly limit: number
  /** Open in the process that has most; Infinity if not even the folder that lists them could be opened. */
  readonly used: number
}

/** Undefined on systems other than Linux, which do not tell. */
export function countOpenFiles(pids: readonly number[]): OpenFiles | undefined {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    const limit = Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY)
    return { limit, used: Math.max(...pids.map(pid => readdirSync(`/proc/${pid}/fd`).length)) }
  } catch (error) {
    if (systemCode(error) === 'EMFILE' || systemCode(error) === 'ENFILE')
      return { limit: 0, used: Number.POSITIVE_INFINITY }
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'EACCES') return undefined
    throw error
  }
}

/**
 * Whether what is configured can be opened at all, and whether it is nearly so now.
 * @param relays how many the configuration allows: each is a socket of the media process
 */
export function checkOpenFiles({ limit, used }: OpenFiles, relays: number): Finding {
  const check = 'open files'
  if (used >= limit) {
    return bad(check, 'the limit is reached: new connections and relays are dropped unheard', remedy)
  }
  if (used > limit * nearlyAll) return bad(check, `${used} of the ${limit} that a process may open are in use`, remedy)
  if (limit < relays + ownFiles) {
    const why = `a process may open ${limit}, enough for about ${Math.max(0, limit - ownFiles)} clients or relays`
    return note(check, `${why}; --turn-quota-total allows ${relays} relays`, `${remedy} Or lower --turn-quota-total.`)
  }
  return good(check, `${used} of ${limit}`)
}
