import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)

const command = fileURLToPath(new URL('../../apps/server/bin/parley.mjs', import.meta.url))

/** A Parley in a process of its own, as a user starts it. */
export interface Parley {
  readonly url: string
  readonly port: number
  readonly dataDir: string
  /** Everything it printed so far. */
  output(): string
  /** A token as `parley token` prints it. */
  token(...flags: readonly string[]): Promise<string>
  /** Asks the admin API; resolves with the parsed answer, undefined where there is none. Throws for any error status. */
  admin(path: string, method?: 'GET' | 'POST' | 'DELETE', body?: unknown): Promise<unknown>
  /** Those it consists of, the main one first. */
  processes(): Promise<readonly number[]>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>
  /** SIGKILL for the process that serves STUN, TURN and media. */
  killEdge(): Promise<void>
  /** The same port and the same data again, after `stop` or `kill`. */
  start(): Promise<void>
  /** Stops it and removes its data. */
  close(): Promise<void>
}

/** Starts the built server on a free port with data of its own; `flags` are added to the command line. */
export async function startParley(flags: readonly string[] = []): Promise<Parley> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-'))
  /** Of the system's choice at first; the same again afterwards. */
  let port = 0
  let child: ChildProcess | undefined
  let printed = ''

  async function start(): Promise<void> {
    const args = ['--port', String(port), '--http-port', 'off', '--udp-port', '0', '--data-dir', dataDir, ...flags]
    const started = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    port = await new Promise<number>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        printed += chunk.toString()
        const [, found] = /https:\/\/localhost:(\d+)/.exec(printed) ?? []
        if (found) resolve(Number(found))
      }
      started.stdout.on('data', hear)
      started.stderr.on('data', hear)
      started.once('exit', code => reject(new Error(`parley ended with ${code} before it was ready:\n${printed}`)))
    })
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = child
    child = undefined
    printed = ''
    if (!ending || ending.exitCode !== null) return ending?.exitCode ?? null
    const ended = new Promise<number | null>(resolve => ending.once('exit', resolve))
    ending.kill(signal)
    return ended
  }

  async function processes(): Promise<readonly number[]> {
    const pid = child?.pid ?? 0
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return [pid, ...children.trim().split(' ').map(Number)]
  }

  async function token(...tokenFlags: readonly string[]): Promise<string> {
    const { stdout } = await execute(process.execPath, [command, 'token', '--data-dir', dataDir, ...tokenFlags])
    return stdout.trim()
  }

  async function admin(path: string, method = 'GET', body?: unknown): Promise<unknown> {
    const authorization = `Bearer ${await token('--admin', '--name', 'Operator', '--identity', 'operator')}`
    const ca = await readFile(join(dataDir, 'authority.crt'))
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = { authorization, ...(text !== undefined && { 'content-type': 'application/json' }) }
    return new Promise((resolve, reject) => {
      const asking = request({ host: 'localhost', port, path, method, ca, headers }, async answer => {
        const chunks = await answer.toArray()
        const received = Buffer.concat(chunks).toString()
        if ((answer.statusCode ?? 500) >= 400) reject(new Error(`${method} ${path}: ${answer.statusCode} ${received}`))
        else resolve(received === '' ? undefined : JSON.parse(received))
      })
      asking.on('error', reject)
      asking.end(text)
    })
  }

  await start()
  return {
    token,
    admin,
    url: `https://localhost:${port}`,
    port,
    dataDir,
    output: () => printed,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    processes,
    killEdge: async () => {
      for (const pid of (await processes()).slice(1)) process.kill(pid, 'SIGKILL')
    },
    start,
    close: async () => {
      await end('SIGTERM')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
