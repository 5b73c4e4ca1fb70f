import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from '@parley/testkit'
import { type CallTrace, call } from './call/call.ts'
import { type LoopbackSteps, loopback } from './call/loopback.ts'
import { sdkCall } from './call/sdk-call.ts'
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
const loopbacks: LoopbackSteps[] = []
const calls: CallTrace[] = []
const bare: CallTrace[] = []
try {
  const browser = await launchBrowser({ whole: true })
  for (let i = 0; i < rounds; i++) {
    loopbacks.push(await loopback(browser, `${url}/healthz`))
    calls.push(await call(browser, url, i))
    bare.push(await sdkCall(browser, url, i))
  }
  await browser.close()
} finally {
  await server.stop()
  rmSync(dataDir, { recursive: true })
}

/** When `side` reached step `what`, in ms after the click on Accept: the median of the calls in which it did. */
function after(side: keyof CallTrace, what: string, traces: readonly CallTrace[] = calls): number | undefined {
  const times = traces.flatMap(trace => {
    const clicked = at(trace.callee, 'click Accept')
    const done = at(trace[side], what)
    return clicked !== undefined && done !== undefined && done >= clicked ? [done - clicked] : []
  })
  return times.length > 0 ? quantile(times, 0.5) : undefined
}

function at(marks: readonly Mark[], what: string): number | undefined {
  return marks.find(mark => mark.what === what)?.at
}

/** The same step of the loopback, in ms after `createOffer`. */
function afterOffer(what: string): number | undefined {
  const times = loopbacks.map(steps => steps[what]).filter(time => time !== undefined)
  return times.length > 0 ? quantile(times, 0.5) : undefined
}

const steps: readonly (readonly [keyof CallTrace, string])[] = [
  ['callee', 'send call.accept'],
  ['caller', 'receive room.entered'],
  ['callee', 'receive room.entered'],
  ['caller', 'new RTCPeerConnection'],
  ['callee', 'new RTCPeerConnection'],
  ['callee', 'getUserMedia done'],
  ['caller', 'send signal.send offer'],
  ['callee', 'send signal.send answer'],
  ['callee', 'send signal.send offer'],
  ['callee', 'remote video track'],
  ['callee', 'ICE connected'],
  ['callee', 'connection connected'],
  ['callee', 'remote video arrives'],
  ['callee', 'remote video element'],
  ['callee', 'first frame'],
  ['caller', 'first frame'],
]

function stepsOf(traces: readonly CallTrace[]): Row[] {
  return steps.flatMap(([side, what]) => {
    const ours = after(side, what, traces)
    const loop = side === 'callee' ? afterOffer(what) : undefined
    return ours === undefined ? [] : [{ figure: `… ${side}: ${what}`, unit: 'ms', ours, ...(loop && { peer: loop }) }]
  })
}

const blind = calls
  .flatMap(trace => [trace.caller, trace.callee])
  .filter(marks => at(marks, 'first frame') === undefined)

const own = after('callee', 'first frame')
const sdk = after('callee', 'first frame', bare)
const peer = afterOffer('first frame')
if (own === undefined || sdk === undefined || peer === undefined) throw new Error('no call came about')
report('call', 'loopback', [
  { figure: 'Accept to the first frame', unit: 'ms', ours: own, peer, aim: 'ratio ≤ 1.5', met: own <= 1.5 * peer },
  { figure: 'the same with the SDK alone, no app', unit: 'ms', ours: sdk, peer },
  { figure: 'sides that saw nothing in 15 s', unit: 'sides', ours: blind.length, aim: '0', met: blind.length === 0 },
  ...stepsOf(calls),
])
report('call-sdk', 'loopback', stepsOf(bare))
