import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterEach, describe, expect, test } from 'vitest'
import { Address, chooseLoop, type LoopKind, type LoopWorker, startLoopWorker, workerEntry } from '../index.ts'
import type { EchoCommand, EchoReport } from '../testing/echo-worker.ts'
import { Net, openDescriptors, type Peer, until } from '../testing/net.ts'

const sources = new URL('../testing/echo-worker.ts', import.meta.url)
const chosen = chooseLoop()
const net = new Net('portable')

interface Echo {
  readonly worker: LoopWorker<EchoCommand>
  readonly reports: EchoReport[]
  readonly errors: Error[]
  readonly exits: (Error | undefined)[]
  report<K extends EchoReport['is']>(is: K): Promise<EchoReport & { is: K }>
}

const running: Echo[] = []

function start(kind: LoopKind, entry = sources, graceMs = 5000): Echo {
  const reports: EchoReport[] = []
  const errors: Error[] = []
  const exits: (Error | undefined)[] = []
  const worker = startLoopWorker<EchoCommand, EchoReport>(entry, {
    kind,
    data: { greeting: 'hello' },
    name: 'echo',
    graceMs,
    onMessage: report => reports.push(report),
    onError: error => errors.push(error),
    onExit: reason => exits.push(reason),
  })
  const echo: Echo = {
    worker,
    reports,
    errors,
    exits,
    async report<K extends EchoReport['is']>(is: K) {
      await until(() => reports.some(report => report.is === is) || exits.length > 0)
      const found = reports.find((report): report is EchoReport & { is: K } => report.is === is)
      if (!found) throw exits[0] ?? new Error('the worker stopped')
      return found
    },
  }
  running.push(echo)
  return echo
}

async function talk(echo: Echo, client: Peer, count: number): Promise<void> {
  echo.worker.post({ do: 'open', address: '127.0.0.1' })
  const { port } = await echo.report('open')
  const to = Address.parse('127.0.0.1', port)
  const before = client.got.length
  for (let i = 0; i < count; i++) client.send(`${i}`, to)
  await until(() => client.got.length === before + count)
}

afterEach(async () => {
  for (const { worker } of running.splice(0)) await worker.stop()
})

describe.each(['batched', 'portable'] as const)('a worker with a %s loop', kind => {
  if (kind === 'batched' && chosen.kind !== 'batched') {
    test(`is not to be had here: ${chosen.why}`, context => context.skip(chosen.why))
    return
  }

  test('runs from sources: echoes, answers control, says its statistics, stops', async () => {
    const echo = start(kind)
    expect(echo.worker.kind).toBe(kind)
    expect(await echo.report('started')).toEqual({ is: 'started', kind, greeting: 'hello' })
    const client = net.peer()
    await talk(echo, client, 50)
    expect(client.texts()).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`))
    for (let id = 0; id < 600; id++) echo.worker.post({ do: 'ping', id })
    await until(() => echo.reports.filter(({ is }) => is === 'pong').length === 600)
    const pongs = echo.reports.flatMap(report => (report.is === 'pong' ? [report.id] : []))
    expect(pongs).toEqual(Array.from({ length: 600 }, (_, i) => i))
    echo.worker.post({ do: 'stats' })
    expect((await echo.report('stats')).stats).toMatchObject({ received: 50, sent: 50, failed: 0, blocked: 0 })
    await echo.worker.stop()
    expect(echo.reports.at(-1)).toEqual({ is: 'closing' })
    expect(echo.exits).toEqual([undefined])
    expect(echo.errors).toEqual([])
    expect(echo.worker.post({ do: 'ping', id: 1 })).toBe(false)
    await echo.worker.stop()
  })

  test('calls timeouts when they are due', async () => {
    const echo = start(kind)
    await echo.report('started')
    for (const ms of [0, 5, 150]) {
      echo.reports.length = 0
      echo.worker.post({ do: 'timer', ms })
      expect((await echo.report('timer')).lateMs).toBeGreaterThanOrEqual(0)
    }
  })

  test('what the program throws reaches the host, and the worker goes on', async () => {
    const echo = start(kind)
    echo.worker.post({ do: 'throw' })
    echo.worker.post({ do: 'ping', id: 5 })
    expect(await echo.report('pong')).toEqual({ is: 'pong', id: 5 })
    expect(echo.errors).toHaveLength(1)
    expect(echo.errors[0]).toMatchObject({ name: 'TypeError', message: 'thrown on purpose' })
    expect(echo.errors[0]?.stack).toContain('echo-worker')
  })

  test('a worker that dies says so, and leaves no descriptor behind', async context => {
    if (process.platform !== 'linux') context.skip('counting descriptors needs /proc')
    const warm = start(kind)
    await warm.report('started')
    await warm.worker.stop()
    const before = openDescriptors()
    const echo = start(kind)
    echo.worker.post({ do: 'open', address: '127.0.0.1' })
    await echo.report('open')
    await echo.worker.stop()
    await until(() => openDescriptors() <= before)
    const dying = start(kind)
    dying.worker.post({ do: 'die' })
    await until(() => dying.exits.length === 1)
    expect(dying.exits[0]?.message).toContain('code 7')
    await dying.worker.stop()
    expect(dying.exits).toHaveLength(1)
  })

  test('a worker that hangs is ended', async () => {
    const echo = start(kind, sources, 100)
    await echo.report('started')
    echo.worker.post({ do: 'hang' })
    await echo.worker.stop()
    expect(echo.exits[0]?.message).toContain('did not stop')
  })

  test('runs bundled', async () => {
    // Where koffi is found from, and nothing else looks.
    const here = dirname(fileURLToPath(import.meta.url))
    const directory = mkdtempSync(join(here, '../../../../node_modules/.udp-worker-'))
    try {
      await build({
        entryPoints: { 'echo-worker': fileURLToPath(sources) },
        outdir: directory,
        bundle: true,
        platform: 'node',
        format: 'esm',
        target: 'node20',
        external: ['koffi'],
        logLevel: 'error',
      })
      const host = pathToFileURL(join(directory, 'host.js')).href
      const echo = start(kind, workerEntry(host, 'echo-worker'))
      expect(await echo.report('started')).toEqual({ is: 'started', kind, greeting: 'hello' })
      const client = net.peer()
      await talk(echo, client, 5)
      await echo.worker.stop()
      expect(echo.exits).toEqual([undefined])
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})

test('the entry beside a module has its extension', () => {
  expect(workerEntry('file:///a/src/host.ts', 'worker').href).toBe('file:///a/src/worker.ts')
  expect(workerEntry('file:///a/dist/host.js', 'worker').href).toBe('file:///a/dist/worker.js')
})

test('an entry that does not load is reported', async () => {
  const missing = pathToFileURL(join(tmpdir(), 'no-such-worker.js'))
  const echo = start('portable', missing)
  await until(() => echo.exits.length === 1)
  expect(String(echo.exits[0])).toContain('no-such-worker')
})
