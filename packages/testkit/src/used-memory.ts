import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Collects what nobody holds any more. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
}

/** Bytes that are in use once everything is gone that nobody holds. */
export function usedMemory(): number {
  collectGarbage()
  // What the first has found to be unused of array buffers is given back by the second.
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
