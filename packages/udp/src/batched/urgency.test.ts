import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

/** Lets a thread of its own ask, and tells its nice value then. */
async function ask(nice: number): Promise<{ readonly granted: boolean; readonly nice: number }> {
  const [tsx, module] = [import.meta.resolve('tsx/esm/api'), new URL('./urgency.ts', import.meta.url).href]
  const code = `
    const { parentPort } = require('node:worker_threads')
    import(${JSON.stringify(tsx)}).then(async ({ register }) => {
      register()
      const { requestUrgency } = await import(${JSON.stringify(module)})
      parentPort.postMessage({ granted: requestUrgency(${nice}), nice: require('node:os').getPriority() })
    })`
  return new Promise((resolve, reject) => {
    new Worker(code, { eval: true }).once('message', resolve).once('error', reject)
  })
}

test.runIf(process.platform === 'linux')('a thread goes first where it may, and no other thread does', async () => {
  const before = getPriority()
  const wanted = Math.max(-20, before - 1)
  const { granted, nice } = await ask(wanted)
  expect(nice).toBe(granted ? wanted : before)
  expect(getPriority()).toBe(before)
  expect(await ask(before + 5)).toEqual({ granted: true, nice: before })
})
