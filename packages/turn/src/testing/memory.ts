import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Bytes that are in use once everything is gone that nobody holds. */
export function usedMemory(): number {
  collect()
  // What the first has found to be unused of array buffers is given back by the second.
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
