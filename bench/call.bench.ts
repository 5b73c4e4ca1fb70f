import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from '@parley/testkit'
import { type CallTrace, call } from './call/call.ts'
import { loopback } from './call/loopback.ts'
import type { Mark } from './call/trace.ts'
import { quantile, type Row, report } from './report.ts'
import { freePort, launch } from './start/launch.ts'

const rounds = Number(process.env.PARLEY_BENCH_ROUNDS ?? 15)
const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-'))
const port = await freePort()
const url = `https://localhost:${port}`
const server = await launch({
  command: process.execPath,
  args: [
    fileURLToPath(new URL('../apps/server/bin/parley.mjs', import.meta.url)),
    ...['--port', String(port), '--http-port', 'off', '--data-dir', dataDir],
  ],
  ready: /ready in/,
})
const loopbacks: number[] = []
const calls: CallTrace[] = []
try {
  const browser = await launchBrowser()
  for (let i = 0; i < rounds; i++) {
    loopbacks.push(await loopback(browser, `${url}/healthz`))
    calls.push(await call(browser, url))
  }
  await browser.close()
} finally {
  await server.stop()
  rmSync(dataDir, { recursive: true })
}

/** When `side` did `what`, in ms after the click on Accept; the median of the calls in which it did. */
function after(side: keyof CallTrace, what: string): number | undefined {
  const times = calls.flatMap(trace => {
    const clicked = at(trace.callee, 'click Accept')
    const done = at(trace[side], what)
    return clicked !== undefined && done !== undefined && done >= clicked ? [done - clicked] : []
  })
  return times.length > 0 ? quantile(times, 0.5) : undefined
}

function at(marks: readonly Mark[], what: string): number | undefined {
  return marks.find(mark => mark.what === what)?.at
}

const steps = (side: keyof CallTrace): Row[] => {
  const names = new Set(calls.flatMap(trace => trace[side].map(({ what }) => what)))
  return [...names]
    .flatMap(what => {
      const ours = after(side, what)
      return ours === undefined ? [] : [{ figure: `  ${side}: ${what}`, unit: 'ms', ours }]
    })
    .sort((a, b) => a.ours - b.ours)
}

const own = after('callee', 'first frame')
if (own === undefined) throw new Error('no call came about')
const peer = quantile(loopbacks, 0.5)
report('call', 'loopback', [
  { figure: 'Accept to the first frame', unit: 'ms', ours: own, peer, aim: 'ratio ≤ 1.5', met: own <= 1.5 * peer },
  ...steps('callee'),
  ...steps('caller'),
])
