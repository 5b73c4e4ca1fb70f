import type { Ending } from '@parley/edge'
import { bad, type Finding, good, note } from './finding.ts'

const memoryMs = 10 * 60_000
const often = 3

/** Whether the media process stays up. If it dies once, it is simply restarted; if it keeps dying, somebody has to look. */
export function checkMediaProcess(endings: readonly Ending[], now: number): Finding {
  const check = 'media process'
  const recent = endings.filter(({ at }) => now - at < memoryMs)
  const last = recent.at(-1)
  if (!last) return good(check, 'it stays up')
  const killed = last.how === 'by SIGKILL'
  const cause = killed
    ? 'Killed from outside: when memory runs out the kernel does that (dmesg | grep -i oom tells): give the machine more, or lower --room-size.'
    : 'It fell over something: the log’s lines “media process says” before its end tell what.'
  const report =
    'If it goes on, send the log of the last ten minutes and `parley doctor --json` to whoever maintains this Parley, as an issue.'
  const detail = `it ended ${recent.length === 1 ? 'once' : `${recent.length} times`} in ten minutes, the last time ${last.how}`
  return recent.length < often
    ? note(check, `${detail}; it was started again, and calls through it were set up anew`, `${cause} ${report}`)
    : bad(check, `${detail}; calls through it break off each time`, `${cause} ${report}`)
}
