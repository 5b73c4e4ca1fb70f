import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import type { Edge } from '@parley/edge'
import type { Arrival } from '@parley/signaling'
import type { CertificateSource } from '../certificates/source.ts'
import { namesOfMachine } from '../certificates/subject-names.ts'
import type { Config } from '../config/options.ts'
import { checkCertificate } from '../doctor/certificate.ts'
import { hostOf } from '../http/urls.ts'
import { isOwn, ownAddresses } from '../reachability/machine.ts'
import { isPrivate } from '../reachability/ranges.ts'
import { Clocks } from './clocks.ts'
import { checkDataFolder } from './data-folder.ts'
import { checkMediaProcess } from './media-process.ts'
import { checkNode } from './node-version.ts'
import { checkOpenFiles, countOpenFiles } from './open-files.ts'
import { lookFromOutside } from './outlook.ts'
import { checkMissingAddress } from './public-address.ts'
import type { Troubles } from './troubles.ts'
import { CredentialWatch } from './turn-credentials.ts'
import { WaysIn } from './ways-in.ts'
import type { ThisServer } from './who-answers.ts'

/** The parts of the server that are watched. */
export interface Watched {
  readonly edge: Edge | undefined
  /** HTTPS. */
  readonly port: number
  readonly certificates: CertificateSource
  /** Credentials for TURN, made for this machine itself. */
  readonly credentials: () => NonNullable<ThisServer['turn']>['credentials']
}

export interface WatchOptions {
  readonly config: Config
  readonly troubles: Troubles
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A round of checks failed, which is a mistake of ours. */
  readonly mistake: (error: unknown) => void
}

const mostRemembered = 256

/** Runs the pure checks beside this file against the running server now and then, and reports what they find. */
export class Watch {
  readonly #options: WatchOptions
  readonly #ways: WaysIn
  readonly #credentials = new CredentialWatch()
  readonly #clocks = new Clocks()
  readonly #outsideGuests = new Set<string>()
  readonly #calledBy = new Set<string>()
  #timers: NodeJS.Timeout[] = []

  constructor(options: WatchOptions) {
    this.#options = options
    this.#ways = new WaysIn(options.config.trustProxy)
  }

  /** Begins; resolves after the first round, which covers all that can be known without guests. */
  async start(watched: Watched): Promise<void> {
    const rounds: readonly (readonly [everyMs: number, look: () => unknown])[] = [
      [5_000, () => this.#lookAtTraffic(watched)],
      [20_000, () => this.#lookAtDisk()],
      [600_000, () => this.#lookFromOutside(watched)],
      [3_600_000, () => this.#lookAtDates()],
    ]
    this.#timers = rounds.map(([everyMs, look]) => setInterval(() => void this.#safely(look), everyMs).unref())
    await Promise.all(rounds.map(([, look]) => this.#safely(look)))
  }

  close(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer)
  }

  /** A client was let in. */
  arrived({ identity, address, host, clock }: Arrival): void {
    const { now } = this.#options
    if (clock !== undefined) this.#clocks.heard(identity, clock, now())
    if (isOwn(address)) return
    const name = hostOf(host)?.toLowerCase()
    if (name !== undefined) remember(this.#calledBy, name)
    if (!isPrivate(address)) remember(this.#outsideGuests, address)
  }

  /** Names and addresses by which guests from elsewhere have reached this server. */
  called(): string[] {
    return [...this.#calledBy]
  }

  /** See {@link WaysIn.connected}. */
  connected(by: 'websocket' | 'polling', headers: IncomingHttpHeaders): void {
    this.#ways.connected(by, headers, this.#options.now())
  }

  async #safely(look: () => unknown): Promise<void> {
    try {
      await look()
    } catch (error) {
      this.#options.mistake(error)
    }
  }

  async #lookAtTraffic({ edge }: Watched): Promise<void> {
    const { config, troubles } = this.#options
    const files = countOpenFiles([process.pid, ...(edge?.pid === undefined ? [] : [edge.pid])])
    if (files) troubles.report('open-files', checkOpenFiles(files, edge ? config.turnQuotaTotal : 0))
    const counters = await edge?.counters()
    const now = this.#options.now()
    if (edge && counters) {
      this.#ways.counted(counters.outside, now)
      this.#credentials.counted(counters.turn, now)
      troubles.report('udp', this.#ways.udp(portsOf(edge), now))
      troubles.report('turn-credentials', ...this.#credentials.findings(now))
    }
    if (edge) troubles.report('media-process', checkMediaProcess(edge.endings, now))
    troubles.report('websockets', this.#ways.webSockets(now))
    troubles.report('clock', this.#clocks.finding(now))
    if (config.publicIp.length === 0 && edge && !ownAddresses().some(address => !isPrivate(address))) {
      const guests = this.#outsideGuests.size
      const calledBy = [...this.#calledBy].find(name => isIP(name) !== 0 && !isPrivate(name))
      if (guests > 0)
        troubles.report('public-address', checkMissingAddress({ guests, calledBy, ports: this.#ports(edge) }))
    }
  }

  #lookAtDisk(): void {
    const { config, troubles } = this.#options
    troubles.report('data-folder', checkDataFolder(config.dataDir))
  }

  #lookAtDates(): void {
    const { config, troubles, now } = this.#options
    troubles.report('certificate', ...checkCertificate(config, namesOfMachine(config), now()))
    troubles.report('node', checkNode(process.versions.node, now()))
  }

  async #lookFromOutside(watched: Watched): Promise<void> {
    const { config, troubles } = this.#options
    const findings = await lookFromOutside(config, {
      ...thisServer(watched),
      called: this.#calledBy,
      ports: this.#ports(watched.edge, watched.port),
    })
    troubles.report('public-address', ...findings.addresses)
    troubles.report('domain', ...findings.domain)
  }

  #ports(edge: Edge | undefined, port?: number): string {
    return [
      ...(port === undefined ? [] : [`tcp/${port}`]),
      ...(edge ? portsOf(edge).map(udp => `udp/${udp}`) : []),
    ].join(', ')
  }
}

function thisServer({ edge, port, certificates, credentials }: Watched): ThisServer {
  return { certificate: certificates.pair.cert, port, turn: edge && { port: edge.port, credentials: credentials() } }
}

function portsOf(edge: Edge): readonly number[] {
  return edge.sfu?.is === 'ready' ? edge.sfu.ports : [edge.port]
}

function remember(set: Set<string>, what: string): void {
  const [oldest] = set
  if (set.size >= mostRemembered && oldest !== undefined) set.delete(oldest)
  set.add(what)
}
