// How a picture follows what a link carries: through the SFU, and beside it between the same two browsers in a mesh, where it is
// Chromium's own congestion control that follows. In network namespaces; needs root. ADAPT_ONLY: names of traces, a pattern.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Host, Internet, launchBrowser, openContext } from '@parley/testkit'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import type { Seen, WatchingPage } from '../packages/client/src/testing/watching-page.ts'
import { stepMs, type Trace, traces } from './adapt/traces.ts'
import { writeVideo } from './adapt/video.ts'
import { quantile, type Row, report } from './report.ts'
import { launch } from './start/launch.ts'

type Topology = 'sfu' | 'mesh'

/** What all is held against: more than the largest picture takes. */
const amplyKbps = 20_000
/** A picture of this many lines is the largest. */
const largest = 720
const settleMs = 15_000

const only = new RegExp(process.env.ADAPT_ONLY ?? '')
const script = await bundle()
const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-'))
const video = join(dataDir, 'video.y4m')
writeVideo(video)
const internet = await Internet.create()
const serverHost = await internet.publicHost('server')
const annHost = await internet.publicHost('ann')
const bobHost = await internet.publicHost('bob')
const [address = ''] = serverHost.addresses
const [command = '', ...prefix] = serverHost.prefix
const server = await launch({
  command,
  args: [
    ...[...prefix, process.execPath, fileURLToPath(new URL('../apps/server/bin/parley.mjs', import.meta.url))],
    ...['--port', '8443', '--http-port', 'off', '--data-dir', dataDir, '--public-ip', address],
  ],
  ready: /ready in/,
})
const url = `https://${address}:8443`
const rows: Row[] = []
try {
  const flags = ['--ignore-certificate-errors', `--use-file-for-fake-video-capture=${video}`]
  const browserOn = (host: Host) => launchBrowser({ host, args: flags })
  const [ann, bob] = await Promise.all([browserOn(annHost), browserOn(bobHost)])
  for (const trace of traces.filter(({ name }) => only.test(name))) {
    const ours = judge(trace, await watch(ann, bob, 'sfu', trace))
    const peer = judge(trace, await watch(ann, bob, 'mesh', trace))
    for (const [figure, { value, unit }] of Object.entries(ours)) {
      const theirs = peer[figure]?.value
      rows.push({
        figure: `${trace.name}: ${figure}`,
        unit,
        ours: value,
        ...(theirs !== undefined && { peer: theirs }),
      })
    }
  }
  await Promise.all([ann.close(), bob.close()])
} finally {
  await server.stop()
  await internet.close()
  rmSync(dataDir, { recursive: true })
}
report('adapt', 'mesh', rows)

/** What is seen of a call over a link with such a capacity, step by step. */
async function watch(ann: Browser, bob: Browser, topology: Topology, { name, kbps }: Trace): Promise<Seen[]> {
  await internet.narrow(bobHost, amplyKbps)
  const room = `${topology}-${name.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}`
  const [sender, watcher] = await Promise.all([open(ann), open(bob)])
  await run(sender, 'send', room, topology)
  await run(watcher, 'watch', room, topology)
  await sleep(settleMs)
  const seen = [await run(watcher, 'seen')]
  const from = performance.now()
  for (const [step, rate] of kbps.entries()) {
    await internet.narrow(bobHost, rate)
    await sleep(Math.max(0, from + (step + 1) * stepMs - performance.now()))
    seen.push(await run(watcher, 'seen'))
  }
  await Promise.all([sender.context().close(), watcher.context().close()])
  return seen
}

type Figures = Record<string, { readonly value: number; readonly unit: string }>

function judge({ kbps, backAtMs }: Trace, seen: readonly Seen[]): Figures {
  const first = seen[0] as Seen
  const last = seen.at(-1) as Seen
  const seconds = (last.atMs - first.atMs) / 1000
  const roundTrips = seen.map(({ roundTripMs }) => roundTripMs)
  const carried = kbps.reduce((sum, each) => sum + each, 0) / kbps.length
  const figures: Figures = {
    'of what the link carries': { value: ((last.bytes - first.bytes) * 8) / 10 / carried / seconds, unit: '%' },
    'queue, p95': { value: quantile(roundTrips, 0.95) - Math.min(...roundTrips), unit: 'ms' },
    frozen: { value: (last.frozenMs - first.frozenMs) / 10 / seconds, unit: '% of time' },
    freezes: { value: last.freezes - first.freezes, unit: '' },
    'frames a second': { value: (last.frames - first.frames) / seconds, unit: '' },
    'sound made up': { value: 100 * last.concealed, unit: '%' },
  }
  if (backAtMs !== undefined) {
    const back = seen.find(({ atMs, height }) => atMs - first.atMs > backAtMs && height >= largest)
    figures['the large picture is back'] = {
      value: back ? (back.atMs - first.atMs - backAtMs) / 1000 : Number.NaN,
      unit: 's',
    }
  }
  return figures
}

async function open(browser: Browser): Promise<Page> {
  const { context } = await openContext(browser, url, { viewport: { width: 1280, height: 720 } })
  await context.addInitScript(script)
  const page = await context.newPage()
  await page.goto(`${url}/healthz`)
  return page
}

function run<K extends keyof WatchingPage>(
  page: Page,
  what: K,
  ...with_: Parameters<WatchingPage[K]>
): ReturnType<WatchingPage[K]> {
  return page.evaluate(([what, with_]) => (Reflect.get(globalThis, what) as (...all: unknown[]) => unknown)(...with_), [
    what,
    with_,
  ] as const) as ReturnType<WatchingPage[K]>
}

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../packages/client/src/testing/watching-page.ts', import.meta.url))
  const logOverride = { 'empty-import-meta': 'silent' } as const
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: 'iife', logOverride })
  return outputFiles[0]?.text ?? ''
}
