import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { workerEntry } from '@parley/udp'
import type { Log } from '../log/log.ts'
import type { Ending } from '../troubles/media-process.ts'
import { within } from '../within.ts'
import type { EdgeAddresses, EdgeConfig, EdgeCounters, EdgePlace, FromEdge, Revocation, ToEdge } from './control.ts'
import type { FromSfu, SfuPlace, ToSfu } from './media-control.ts'
import { PortError } from './port-error.ts'

export type EdgeState =
  | { readonly is: 'starting' }
  | ({ readonly is: 'serving' } & EdgePlace)
  /** Starts again by itself. */
  | { readonly is: 'down'; readonly why: string }
  | { readonly is: 'stopped' }

/** The edge process, as the main process sees it. */
export interface Edge {
  readonly state: EdgeState
  /** UDP and TCP; the same after each restart. */
  readonly port: number
  readonly loop: EdgePlace['loop']
  /** Undefined: not asked for. */
  readonly sfu: SfuPlace | undefined
  /** How often it had to be started again. */
  readonly restarts: number
  /** When it ended unasked, the last of them. */
  readonly endings: readonly Ending[]
  /** Undefined while it is down. */
  readonly pid: number | undefined
  /** Undefined while it is down, or too busy to say within a second. */
  counters(): Promise<EdgeCounters | undefined>
  /** Lost while it is down: what is seated then is seated again after `restarted`. */
  tellSfu(message: ToSfu): void
  /** A TURN user has lost their rights: their relays end, and their credentials count no longer; also after a restart. */
  revoke(revocation: Revocation): void
  /** Ends it, by force if need be. May be called twice. */
  stop(): Promise<void>
}

export interface EdgeOptions {
  readonly config: EdgeConfig
  /** What to look at now and then, and tell the edge if it is another. */
  readonly addresses?: { readonly read: () => EdgeAddresses; readonly everyMs: number }
  readonly sfu?: {
    heard(message: FromSfu): void
    /** It serves again, and knows nothing of what it was told before. */
    restarted(): void
  }
  readonly log: Log
  /** Before the first restart, ms; doubles up to `mostBackOffMs`. Default 100. */
  readonly backOffMs?: number
}

const mostBackOffMs = 10_000
/** Who served for so long had no reason to die at once again. */
const provenMs = 30_000
/** Longer than that it takes only on a busy machine, which is no reason to begin anew. */
const slowStartMs = 20_000
const startMs = 120_000
const mostEndings = 20
const countMs = 1_000
const stopMs = 4_000

/** Starts the edge and keeps it running. Throws PortError if its port cannot be had at first, Error if it dies at once. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const supervisor = new Supervisor(options)
  await supervisor.begin()
  return supervisor
}

class Supervisor implements Edge {
  state: EdgeState = { is: 'starting' }
  port: number
  loop: EdgePlace['loop'] = 'portable'
  sfu: SfuPlace | undefined
  restarts = 0
  readonly endings: Ending[] = []
  readonly #options: EdgeOptions
  #addresses: EdgeAddresses
  #revoked: readonly Revocation[] = []
  #looking: NodeJS.Timeout | undefined
  readonly #counting = new Map<number, (counters: EdgeCounters) => void>()
  #child: ChildProcess | undefined
  #timer: NodeJS.Timeout | undefined
  #failures = 0
  #ids = 0

  constructor(options: EdgeOptions) {
    this.#options = options
    this.port = options.config.port
    const { relays, own, mediaAddresses } = options.config
    this.#addresses = { relays, own, mediaAddresses }
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  async begin(): Promise<void> {
    try {
      await this.#launch(this.#options.config)
      const { addresses } = this.#options
      if (addresses) this.#looking = setInterval(() => this.#compare(addresses.read()), addresses.everyMs).unref()
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  async counters(): Promise<EdgeCounters | undefined> {
    const child = this.#child
    if (this.state.is !== 'serving' || !child) return undefined
    const id = this.#ids++
    let counted: EdgeCounters | undefined
    const answer = new Promise<void>(resolve => {
      this.#counting.set(id, counters => {
        counted = counters
        resolve()
      })
    })
    tell(child, { is: 'count', id })
    await within(countMs, answer)
    this.#counting.delete(id)
    return counted
  }

  tellSfu(message: ToSfu): void {
    if (this.state.is === 'serving' && this.#child) tell(this.#child, { is: 'sfu', message })
  }

  revoke(revocation: Revocation): void {
    const { user } = revocation
    this.#revoked = [...this.#revoked.filter(other => other.user !== user && other.untilMs > Date.now()), revocation]
    if (this.#child) tell(this.#child, { is: 'revoke', ...revocation })
  }

  async stop(): Promise<void> {
    this.state = { is: 'stopped' }
    clearTimeout(this.#timer)
    clearInterval(this.#looking)
    const child = this.#child
    if (!child) return
    const ended = once(child, 'exit')
    tell(child, { is: 'stop' })
    if (await within(stopMs, ended)) return
    this.#options.log.warn('the media process did not end by itself')
    child.kill('SIGKILL')
    await ended
  }

  #compare(addresses: EdgeAddresses): void {
    if (JSON.stringify(addresses) === JSON.stringify(this.#addresses)) return
    this.#addresses = addresses
    const announced = addresses.relays.map(({ announce }) => announce)
    this.#options.log.info({ addresses: addresses.own, announced }, 'the addresses of this machine have changed')
    if (this.#child) tell(this.#child, { is: 'addresses', ...addresses })
  }

  /** Resolves when it serves. */
  async #launch(config: EdgeConfig): Promise<void> {
    const child = forkEdge()
    this.#child = child
    const begunAt = performance.now()
    const started = new Promise<void>((resolve, reject) => {
      child.on('message', (message: FromEdge) => this.#hear(message, resolve, reject))
      const ended = (how: string) => {
        reject(new Error(`the media process ended ${how}`))
        this.#gone(child, how, performance.now() - begunAt)
      }
      child.once('error', error => ended(`with “${error.message}”`))
      child.once('exit', (code, signal) => ended(signal === null ? `with code ${code}` : `by ${signal}`))
    })
    if (child.stderr) {
      createInterface(child.stderr).on('line', line => this.#options.log.error({ line }, 'media process says'))
    }
    tell(child, { is: 'start', config })
    const late = setTimeout(
      () => this.#options.log.warn('the media process takes long to start: the machine is busy'),
      slowStartMs,
    )
    const tooLate = setTimeout(() => child.kill('SIGKILL'), startMs)
    try {
      await started
    } finally {
      clearTimeout(late)
      clearTimeout(tooLate)
    }
  }

  #hear(message: FromEdge, started: () => void, failed: (error: Error) => void): void {
    const { log } = this.#options
    switch (message.is) {
      case 'started':
        if (this.state.is === 'stopped') return
        this.port = message.port
        this.loop = message.loop
        this.sfu = message.sfu
        this.state = { is: 'serving', port: message.port, loop: message.loop, sfu: message.sfu }
        log.info({ port: message.port, loop: message.loop, sfu: message.sfu }, 'STUN and TURN are served')
        started()
        if (this.restarts > 0) this.#options.sfu?.restarted()
        break
      case 'failed':
        failed(new PortError(message.code, message.message))
        break
      case 'counted':
        this.#counting.get(message.id)?.(message)
        break
      case 'sfu':
        this.#options.sfu?.heard(message.message)
        break
      case 'mistake':
        log.error({ mistake: message.message, stack: message.stack }, 'media process: mistake')
        break
    }
  }

  #gone(child: ChildProcess, how: string, livedMs: number): void {
    if (this.#child !== child) return
    this.#child = undefined
    if (this.state.is === 'stopped' || this.state.is === 'starting') return
    const why = `the media process ended ${how}`
    this.state = { is: 'down', why }
    this.endings.push({ at: Date.now(), how })
    if (this.endings.length > mostEndings) this.endings.shift()
    this.#options.log.error(`${why}: STUN, TURN and the SFU are down until it has started again`)
    if (livedMs > provenMs) this.#failures = 0
    this.#retry()
  }

  #retry(): void {
    const { backOffMs = 100, config, log } = this.#options
    const waitMs = Math.min(backOffMs * 2 ** this.#failures++, mostBackOffMs)
    this.#timer = setTimeout(() => {
      this.restarts++
      this.#launch({ ...config, ...this.#addresses, revoked: this.#revoked, port: this.port, mayMove: false }).catch(
        error => {
          log.error({ err: error }, 'the media process does not start again yet')
          // A child that could not have its port is still there; its end brings the next attempt.
          this.#child?.kill('SIGKILL')
        },
      )
    }, waitMs)
  }
}

function tell(child: ChildProcess, message: ToEdge): void {
  // A child that is about to end hears nothing; its exit is heard.
  if (child.connected) child.send(message, () => {})
}

/**
 * Each thread of the edge collects its young objects at one MiB, and its old ones when they have grown by half. Packets make
 * hardly any; of what clients make when they come, V8 would else gather tens of MiB that are long over.
 */
export const smallHeap = ['--max-semi-space-size=1', '--initial-old-space-size=16', '--heap-growing-percent=50']

/** From its bundle, or from sources through tsx. */
function forkEdge(): ChildProcess {
  const entry = workerEntry(import.meta.url, 'edge')
  const sources = entry.pathname.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : []
  const execArgv = [...smallHeap, ...sources]
  return fork(fileURLToPath(entry), { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
}
