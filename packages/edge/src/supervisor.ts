import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { workerEntry } from '@parley/udp'
import type { EdgeAddresses, EdgeConfig, Revocation } from './config.ts'
import type { EdgeCounters } from './counters.ts'
import { errorRow } from './errors.ts'
import { type Letter, Mailbox, remote } from './mailbox.ts'
import * as ports from './ports.ts'
import { within } from './within.ts'

/** Where the supervisor writes: a log such as pino's. */
type Log = Readonly<Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>>

/** An end of the media process that nobody wished. */
export interface Ending {
  /** Milliseconds since 1970. */
  readonly at: number
  /** `by SIGKILL`, `with code 1`. */
  readonly how: string
}

type EdgeState =
  | { readonly is: 'starting' }
  | ({ readonly is: 'serving' } & ports.EdgeInfo)
  /** Starts again by itself. */
  | { readonly is: 'down'; readonly why: string }
  | { readonly is: 'stopped' }

/** The media process, as the main process sees it. */
export interface Edge extends ports.EdgeInfo {
  readonly state: EdgeState
  /** UDP and TCP; the same after each restart. */
  readonly port: number
  /** How often it had to be started again. */
  readonly restarts: number
  /** When it ended unasked, the last of them. */
  readonly endings: readonly Ending[]
  /** Undefined while it is down. */
  readonly pid: number | undefined
  /** To it, for {@link remote}; undefined while it does not serve: what is seated then is seated again after `lost`. */
  readonly mailbox: Mailbox | undefined
  /** Undefined while it is down, or too busy to say within a second. */
  counters(): Promise<EdgeCounters | undefined>
  /** A TURN user has lost their rights: their relays end, and their credentials count no longer; also after a restart. */
  revoke(revocation: Revocation): void
  /** Ends it, by force if need be. May be called twice. */
  stop(): Promise<void>
}

/** It serves again, and knows nothing of what it was told before. */
interface Lost {
  lost(): void
}

export interface EdgeOptions {
  readonly config: EdgeConfig
  /** What to look at now and then, and tell the edge if it is another. */
  readonly addresses?: { readonly read: () => EdgeAddresses; readonly everyMs: number }
  /** With media alone. `guests` hears first that all is lost. */
  readonly media?: { readonly signaling: ports.SignalingCalls & Lost; readonly guests: ports.GuestCalls & Lost }
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

/**
 * Starts the media process and keeps it running. Throws RemoteError with the system's code if its port cannot be had at
 * first, ClosedError if it dies at once.
 */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const supervisor = new Supervisor(options)
  await supervisor.begin()
  return supervisor
}

class Supervisor implements Edge {
  state: EdgeState = { is: 'starting' }
  port: number
  loop: ports.EdgeInfo['loop'] = 'portable'
  sfu: ports.SfuAvailability | undefined
  restarts = 0
  readonly endings: Ending[] = []
  readonly #options: EdgeOptions
  readonly #server = remote(ports.serverPort, () => this.mailbox)
  #addresses: EdgeAddresses
  #revoked: readonly Revocation[] = []
  #looking: NodeJS.Timeout | undefined
  #child: ChildProcess | undefined
  #mailbox: Mailbox | undefined
  #timer: NodeJS.Timeout | undefined
  #failures = 0

  constructor(options: EdgeOptions) {
    this.#options = options
    this.port = options.config.port
    const { relays, own, mediaAddresses } = options.config
    this.#addresses = { relays, own, mediaAddresses }
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get mailbox(): Mailbox | undefined {
    return this.state.is === 'serving' ? this.#mailbox : undefined
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
    const counted = this.#server.counters()
    try {
      return (await within(countMs, counted)) ? await counted : undefined
    } catch (error) {
      // It ends, or one of its threads has.
      if (errorRow(error).name !== 'ClosedError') throw error
      return undefined
    }
  }

  revoke(revocation: Revocation): void {
    const { user } = revocation
    this.#revoked = [...this.#revoked.filter(other => other.user !== user && other.untilMs > Date.now()), revocation]
    this.#server.revoke(revocation)
  }

  async stop(): Promise<void> {
    const mailbox = this.#mailbox
    this.state = { is: 'stopped' }
    clearTimeout(this.#timer)
    clearInterval(this.#looking)
    const child = this.#child
    if (!child) return
    const ended = once(child, 'exit')
    remote(ports.processPort, () => mailbox).stop()
    if (await within(stopMs, ended)) return
    this.#options.log.warn({}, 'the media process did not end by itself')
    child.kill('SIGKILL')
    await ended
  }

  #compare(addresses: EdgeAddresses): void {
    if (JSON.stringify(addresses) === JSON.stringify(this.#addresses)) return
    this.#addresses = addresses
    const announced = addresses.relays.map(({ announce }) => announce)
    this.#options.log.info({ addresses: addresses.own, announced }, 'the addresses of this machine have changed')
    this.#server.setAddresses(addresses)
  }

  /** Resolves when it serves. */
  async #launch(config: EdgeConfig): Promise<void> {
    const { log } = this.#options
    const [addresses, revoked] = [this.#addresses, this.#revoked]
    const child = forkEdge()
    const mailbox = this.#connect(child)
    this.#child = child
    this.#mailbox = mailbox
    const starting = remote(ports.processPort, () => mailbox).start(config)
    const late = setTimeout(
      () => log.warn({}, 'the media process takes long to start: the machine is busy'),
      slowStartMs,
    )
    const tooLate = setTimeout(() => child.kill('SIGKILL'), startMs)
    try {
      this.#started(await starting)
    } finally {
      clearTimeout(late)
      clearTimeout(tooLate)
    }
    // What has changed while it started.
    if (this.#addresses !== addresses) this.#server.setAddresses(this.#addresses)
    for (const revocation of this.#revoked) if (!revoked.includes(revocation)) this.#server.revoke(revocation)
  }

  /** The mailbox by which this child is spoken to, until it ends. */
  #connect(child: ChildProcess): Mailbox {
    const { log, media } = this.#options
    const begunAt = performance.now()
    const mailbox = new Mailbox({
      post(letter) {
        // A child that is about to end hears nothing; its exit is heard.
        if (child.connected) child.send(letter, () => {})
      },
    })
    mailbox.serve(ports.supervisorPort, {
      mistake: ({ message, stack }) => log.error({ mistake: message, stack }, 'media process: mistake'),
    })
    if (media) {
      mailbox.serve(ports.signalingPort, media.signaling)
      mailbox.serve(ports.guestsPort, media.guests)
    }
    const ended = (how: string) => {
      this.#gone(child, how, performance.now() - begunAt)
      mailbox.close(`the media process ended ${how}`)
    }
    child.on('message', (letter: Letter) => mailbox.receive(letter))
    child.once('error', error => ended(`with “${error.message}”`))
    child.once('exit', (code, signal) => ended(signal === null ? `with code ${code}` : `by ${signal}`))
    if (child.stderr) {
      createInterface(child.stderr).on('line', line => log.error({ line }, 'media process says'))
    }
    return mailbox
  }

  #started(info: ports.EdgeInfo): void {
    if (this.state.is === 'stopped') return
    const { port, loop, sfu } = info
    Object.assign(this, { port, loop, sfu })
    this.state = { is: 'serving', ...info }
    this.#options.log.info({ port, loop, sfu }, 'STUN and TURN are served')
    if (this.restarts === 0) return
    this.#options.media?.guests.lost()
    this.#options.media?.signaling.lost()
  }

  #gone(child: ChildProcess, how: string, livedMs: number): void {
    if (this.#child !== child) return
    this.#child = undefined
    this.#mailbox = undefined
    if (this.state.is === 'stopped' || this.state.is === 'starting') return
    const why = `the media process ended ${how}`
    this.state = { is: 'down', why }
    this.endings.push({ at: Date.now(), how })
    if (this.endings.length > mostEndings) this.endings.shift()
    this.#options.log.error({}, `${why}: STUN, TURN and the SFU are down until it has started again`)
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

/**
 * Each thread of the edge collects its young objects at one MiB, and its old ones when they have grown by half. Packets make
 * hardly any; of what clients make when they come, V8 would else gather tens of MiB that are long over.
 */
export const smallHeap = ['--max-semi-space-size=1', '--initial-old-space-size=16', '--heap-growing-percent=50']

/** From its bundle, or from sources through tsx. */
function forkEdge(): ChildProcess {
  const entry = workerEntry(import.meta.url, 'media-process')
  const sources = entry.pathname.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : []
  const execArgv = [...smallHeap, ...sources]
  return fork(fileURLToPath(entry), { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
}
