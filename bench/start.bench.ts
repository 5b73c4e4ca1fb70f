import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from '@parley/testkit'
import { quantile, type Row, report } from './report.ts'
import { type FirstLoad, measureFirstLoad } from './start/first-load.ts'
import { installedSize } from './start/installed-size.ts'
import { type Command, freePort, launch, type Start, startOnce } from './start/launch.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const peerVersion = '1.0.2'
const rounds = Number(process.env.PARLEY_BENCH_ROUNDS ?? 7)
const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'))
const dataDir = join(folder, 'data')
const port = await freePort()
const peerServer = installPeerServer()

const flags = (data: string) => ['--port', String(port), '--http-port', String(port + 1), '--data-dir', data]
const ready = /ready in/
const npmStart: Command = { command: 'npm', args: ['start', '--', ...flags(dataDir)], ready, cwd: root }
const parley = (data: string): Command => ({
  command: process.execPath,
  args: [join(root, 'apps/server/bin/parley.mjs'), ...flags(data)],
  ready,
})
/** With TLS too, and with the certificate that our server has made. */
const peer: Command = {
  command: process.execPath,
  args: [
    peerServer,
    ...['--port', String(port)],
    ...['--sslkey', join(dataDir, 'server.key'), '--sslcert', join(dataDir, 'server.crt')],
  ],
  ready: /Started PeerServer/,
}

const npm: Start[] = []
const first: Start[] = []
const second: Start[] = []
const peers: Start[] = []
await startOnce(npmStart) // builds what is stale, makes the certificate, warms the disk's cache
for (let i = 0; i < rounds; i++) {
  npm.push(await startOnce(npmStart))
  first.push(await startOnce(parley(join(folder, `fresh-${i}`))))
  second.push(await startOnce(parley(dataDir)))
  peers.push(await startOnce(peer))
}

const server = await launch(parley(dataDir))
const load = await firstLoad()
rmSync(folder, { recursive: true })

/**
 * PeerServer (`peer` on npm), the usual small signalling server. Installed when the bench first runs, into bench/.cache:
 * whoever only starts Parley need not download it. Returns its script.
 */
function installPeerServer(): string {
  const folder = fileURLToPath(new URL(`.cache/peer-${peerVersion}`, import.meta.url))
  const script = join(folder, 'node_modules/peer/dist/bin/peerjs.js')
  if (existsSync(script)) return script
  mkdirSync(folder, { recursive: true })
  const args = ['install', '--prefix', folder, `peer@${peerVersion}`, '--no-audit', '--no-fund', '--loglevel=error']
  const { status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`PeerServer could not be installed:\n${stderr}`)
  return script
}

async function firstLoad(): Promise<FirstLoad> {
  try {
    const browser = await launchBrowser({ whole: true })
    const sizes = await measureFirstLoad(browser, `https://localhost:${port}`)
    await browser.close()
    return sizes
  } finally {
    await server.stop()
  }
}

/** A row of medians; no row if the system does not tell, as with CPU and memory outside Linux. */
function row(
  figure: string,
  unit: string,
  measure: (start: Start) => number | undefined,
  [ours, theirs]: readonly [readonly Start[], (readonly Start[])?],
  aim?: { readonly words: string; readonly below: number },
): Row[] {
  const median = (starts: readonly Start[]) => {
    const known = starts.map(measure).filter(value => value !== undefined)
    return known.length > 0 ? quantile(known, 0.5) : undefined
  }
  const own = median(ours)
  if (own === undefined) return []
  const other = theirs && median(theirs)
  return [
    {
      figure,
      unit,
      ours: own,
      ...(other !== undefined && { peer: other }),
      ...(aim && { aim: aim.words, met: own < aim.below }),
    },
  ]
}

const time = (start: Start) => start.readyMs
const cpu = (start: Start) => start.cpuMs
const memory = (start: Start) => start.rss && start.rss / 1e6
const size = installedSize(root)
const script = (figure: string, bytes: number, aimed = true): Row => ({
  figure: `JavaScript, gzipped: ${figure}`,
  unit: 'kB',
  ours: bytes / 1000,
  ...(aimed && { aim: '< 200 kB', met: bytes < 200_000 }),
})

report('start', 'PeerServer', [
  ...row('second `npm start`, to the ready line', 'ms', time, [npm], { words: '< 2 s', below: 2_000 }),
  ...row('… its CPU', 'ms', cpu, [npm]),
  ...row('the server alone, to the ready line', 'ms', time, [second, peers]),
  ...row('… its CPU', 'ms', cpu, [second, peers]),
  ...row('the same, making its certificates', 'ms', time, [first]),
  ...row('… its CPU', 'ms', cpu, [first]),
  ...row('memory after the start (RSS)', 'MB', memory, [second, peers]),
  { figure: 'node_modules, everything', unit: 'MB', ours: size.all / 1e6 },
  { figure: 'node_modules, without development', unit: 'MB', ours: size.production / 1e6 },
  { figure: 'built server and web app', unit: 'MB', ours: size.built / 1e6 },
  script('Home', load.home),
  script('Home and green room', load.greenRoom),
  script('fetched ahead for later screens', load.ahead, false),
])
