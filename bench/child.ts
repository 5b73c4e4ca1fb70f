import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** What a child process answers: a function of at most one argument for each question. */
export type Commands = Record<string, (argument: never) => unknown>

interface Question {
  readonly id: number
  readonly command: string
  readonly argument: unknown
}

interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

/** A part of a bench that has a process, and so a CPU, of its own. */
export interface Child<C extends Commands> {
  ask<K extends keyof C & string>(command: K, ...argument: Parameters<C[K]>): Promise<Awaited<ReturnType<C[K]>>>
  /** Disconnects and waits until it has ended. */
  close(): Promise<void>
}

/** Runs in the child: answers the parent's questions until the parent lets go. */
export function answer(commands: Commands): void {
  const table = new Map<string, (argument: never) => unknown>(Object.entries(commands))
  process.on('message', async ({ id, command, argument }: Question) => {
    const send = (answer: Answer) => process.send?.(answer)
    try {
      send({ id, value: await table.get(command)?.(argument as never) })
    } catch (error) {
      send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  process.once('disconnect', () => process.exit())
}

/**
 * Bundles a bench's file as the product is bundled (esbuild, packages left outside) and runs it in a child process. With
 * PARLEY_BENCH_PROFILE set, each child leaves a `.cpuprofile` in bench/results.
 */
export async function startChild<C extends Commands>(file: URL): Promise<Child<C>> {
  const source = fileURLToPath(file)
  const name = source.replace(/^.*bench[\\/]/, '').replace(/[\\/]/g, '-')
  const outfile = fileURLToPath(new URL(`.cache/${name.replace(/\.ts$/, '.mjs')}`, import.meta.url))
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
    plugins: [
      {
        name: 'external-packages',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            path.startsWith('@parley/') || kind === 'entry-point' ? undefined : { path, external: true },
          ),
      },
    ],
  })
  const results = fileURLToPath(new URL('results', import.meta.url))
  const profile = ['--cpu-prof', `--cpu-prof-dir=${results}`, `--cpu-prof-name=${name}-${Date.now()}.cpuprofile`]
  const execArgv = ['--expose-gc', '--enable-source-maps', ...(process.env.PARLEY_BENCH_PROFILE ? profile : [])]
  return childOf(fork(outfile, { execArgv }))
}

function childOf<C extends Commands>(process: ChildProcess): Child<C> {
  const waiting = new Map<number, (answer: Answer) => void>()
  const ended = new Promise<void>(resolve => process.once('exit', () => resolve()))
  process.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  void ended.then(() => {
    for (const [id, resolve] of waiting) resolve({ id, error: 'the child process ended' })
  })
  let questions = 0
  return {
    ask: async (command, ...[argument]) => {
      const id = ++questions
      const heard = new Promise<Answer>(resolve => waiting.set(id, resolve))
      process.send({ id, command, argument } satisfies Question)
      const { value, error } = await heard
      if (error !== undefined) throw new Error(`${command}: ${error}`)
      return value as never
    },
    close: async () => {
      if (process.connected) process.disconnect()
      await ended
    },
  }
}
