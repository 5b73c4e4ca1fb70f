import { getPriority, setPriority } from 'node:os'

const urgent = -10

/**
 * Asks the system to run this thread, and no other of the process, before others (setpriority(2) on Linux). Returns whether
 * that worked: without root or CAP_SYS_NICE it does not, and nothing changes.
 */
export function requestUrgency(nice = urgent): boolean {
  try {
    setPriority(Math.min(getPriority(), nice))
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')) return false
    throw error
  }
}
