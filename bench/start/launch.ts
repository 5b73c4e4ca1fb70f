import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Usage, usageOf } from './usage.ts'

/** A command line, and the line it prints when it is ready. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
  readonly ready: RegExp
  readonly cwd?: string
}

export interface Launched {
  readonly pid: number
  /** From the start of the command to the ready line. */
  readonly readyMs: number
  /** CPU of the command and its children up to the ready line. */
  readonly cpuMs: number | undefined
  /** Everything it uses now. */
  usage(): Usage | undefined
  /** SIGTERM; resolves when it and its children have ended. */
  stop(): Promise<void>
}

/** Starts a server and waits until it says that it is ready. */
export async function launch({ command, args, ready, cwd }: Command): Promise<Launched> {
  const startedAt = performance.now()
  // A process group of its own: npm ends without waiting for what it started.
  const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const { pid = 0 } = child
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      printed += chunk.toString()
      if (ready.test(printed)) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`${command} ended with ${code} before it was ready:\n${printed}`)))
  })
  const readyMs = performance.now() - startedAt
  const cpuMs = usageOf(pid)?.cpuMs
  return {
    pid,
    readyMs,
    cpuMs,
    usage: () => usageOf(pid),
    stop: async () => {
      process.kill(-pid, 'SIGTERM')
      await ended
    },
  }
}

export interface Start {
  readonly readyMs: number
  readonly cpuMs: number | undefined
  /** Two seconds after it was ready. */
  readonly rss: number | undefined
}

/** Starts it, lets it come to rest, and stops it. */
export async function startOnce(command: Command): Promise<Start> {
  const launched = await launch(command)
  await sleep(2_000)
  const rss = launched.usage()?.rss
  await launched.stop()
  return { readyMs: launched.readyMs, cpuMs: launched.cpuMs, rss }
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, resolve))
  const address = probe.address()
  await new Promise(resolve => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no TCP port to be had')
  return address.port
}
