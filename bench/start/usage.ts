import { readdirSync, readFileSync } from 'node:fs'
import { platform } from 'node:os'

/** What a process and its children have used: ms of CPU, bytes of memory in RAM. */
export interface Usage {
  readonly cpuMs: number
  readonly rss: number
}

const ticksPerSecond = 100 // USER_HZ, on every Linux that Node runs on
const pageBytes = 4096

/** Reads `/proc`; undefined where there is none. */
export function usageOf(pid: number): Usage | undefined {
  if (platform() !== 'linux') return undefined
  const members = membersOf(pid)
  return {
    cpuMs: members.reduce((sum, { ticks }) => sum + ticks, 0) * (1000 / ticksPerSecond),
    rss: members.reduce((sum, { pages }) => sum + pages, 0) * pageBytes,
  }
}

/** A process and its children, and theirs, the eldest first. */
export function familyOf(pid: number): number[] {
  return membersOf(pid).map(member => member.pid)
}

function membersOf(pid: number) {
  const all = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  const processes = all.flatMap(name => processOf(Number(name)))
  const family = new Set([pid])
  let known = 0
  while (known < family.size) {
    known = family.size
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid)
  }
  return processes.filter(({ pid }) => family.has(pid)).sort((a, b) => a.pid - b.pid)
}

/** One line of `/proc/<pid>/stat` (proc_pid_stat(5)); nothing if the process has just ended. */
function processOf(pid: number) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command's name is in parentheses and may contain anything; after it comes the third field, the state.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const field = (number: number) => fields[number - 3] ?? 0
    const ticks = field(14) + field(15) + field(16) + field(17)
    return [{ pid, parent: field(4), ticks, pages: field(24) }]
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return []
    throw error
  }
}
