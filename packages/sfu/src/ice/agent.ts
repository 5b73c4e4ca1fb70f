import type { IceCredentials } from '../control.ts'
import { type LocalSecret, localSecret } from './check.ts'
import { isSamePath, type Path } from './path.ts'
import { RecentChecks } from './recent-checks.ts'

/** How long media may be sent after the peer's last sign of life (RFC 7675 §5.1). */
export const consentMs = 30_000
/** If a peer has more addresses than this, the one that was silent longest is forgotten. */
const mostPairs = 16
/** How many sets of credentials are valid, if restarts follow each other without a nomination. */
const mostSecrets = 3

/** What an agent needs from the registry that finds it. */
export interface IceBook<Owner> {
  add(ufrag: string, agent: IceAgent<Owner>): void
  remove(ufrag: string): void
  /** Returns false if the path belongs to another agent, whose peer is still there. */
  claim(pair: Pair<Owner>, now: number): boolean
  release(path: Path): void
}

export interface IceAgentOptions<Owner> {
  /** Whose agent it is, which is what the registry finds by a path. */
  readonly owner: Owner
  readonly local: IceCredentials
  readonly book: IceBook<Owner>
  /** Called with the path to send to, and again whenever that changes. */
  readonly onPath: (path: Path, now: number) => void
  /** Called when nothing may be sent any more, until `onPath` is called again. */
  readonly onLost: (now: number) => void
}

/** A path that the peer has checked, and the agent that it belongs to. */
export interface Pair<Owner> extends Path {
  readonly agent: IceAgent<Owner>
  /**
   * When the peer last gave a sign of life on it: a check, or authentic SRTP. The latter counts because some peers check once and
   * never again (libnice before 0.1.22, Pion before 4.0.8, FFmpeg 8).
   */
  heardAt: number
}

/**
 * The lite side of ICE for one transport (RFC 8445 §2.5): sends no checks, and sends media to where checks come from. That is the
 * pair that the peer nominated last or, before any nomination, the one that it checked last. `now` is in milliseconds.
 */
export class IceAgent<Owner> {
  readonly owner: Owner
  readonly recent = new RecentChecks()
  readonly #options: IceAgentOptions<Owner>
  /** The newest is the last. Older ones stay valid until a pair is nominated with the newest (RFC 8445 §9). */
  #secrets: LocalSecret[]
  readonly #pairs: Pair<Owner>[] = []
  #selected: Pair<Owner> | undefined
  /** Whether a pair has been nominated, and whether one has been checked, with the newest credentials. */
  #nominated = false
  #checked = false
  #closed = false

  constructor(options: IceAgentOptions<Owner>) {
    this.#options = options
    this.owner = options.owner
    this.#secrets = [localSecret(options.local)]
    options.book.add(options.local.ufrag, this)
  }

  /** Where to send media; undefined if nowhere. */
  get path(): Path | undefined {
    return this.#selected
  }

  /** The credentials that a check names, if they are still valid. */
  secretOf(ufrag: string): LocalSecret | undefined {
    return this.#secrets.find(secret => secret.ufrag === ufrag)
  }

  /** Restarts with new credentials. Media continues meanwhile. */
  restart(local: IceCredentials): void {
    if (this.#closed) return
    const secret = localSecret(local)
    this.#options.book.add(local.ufrag, this)
    this.#secrets.push(secret)
    this.#nominated = false
    this.#checked = false
    while (this.#secrets.length > mostSecrets) this.#dropOldest()
  }

  /** Takes note of a valid check from `path`. Returns false if the path is somebody else's: then do not answer. */
  checked(path: Path, { ufrag }: LocalSecret, nominates: boolean, now: number): boolean {
    const pair = this.#pairs.find(known => isSamePath(known, path)) ?? this.#discover(path, now)
    if (!pair) return false
    pair.heardAt = now
    const current = ufrag === this.#secrets.at(-1)?.ufrag
    if (!current && this.#checked) return true
    this.#checked ||= current
    if (nominates && current) {
      this.#nominated = true
      while (this.#secrets.length > 1) this.#dropOldest()
    }
    if (nominates || !this.#nominated) this.#select(pair, now)
    return true
  }

  /** Another agent has taken over the path. */
  forget(path: Path, now: number): void {
    const index = this.#pairs.findIndex(known => isSamePath(known, path))
    if (index < 0) return
    this.#pairs.splice(index, 1)
    this.#reselect(now)
  }

  /** When consent for one of the pairs will end; Infinity if there are none. */
  nextTimeout(): number {
    let next = Number.POSITIVE_INFINITY
    for (const { heardAt } of this.#pairs) next = Math.min(next, heardAt + consentMs)
    return next
  }

  handleTimeout(now: number): void {
    for (let i = this.#pairs.length - 1; i >= 0; i--) {
      const pair = this.#pairs[i]
      if (pair && pair.heardAt + consentMs <= now) this.#remove(i)
    }
    this.#reselect(now)
  }

  /** Removes the agent from the registry. May be called twice. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const { ufrag } of this.#secrets) this.#options.book.remove(ufrag)
    while (this.#pairs.length > 0) this.#remove(this.#pairs.length - 1)
    this.#secrets = []
    this.#selected = undefined
  }

  #discover({ socket, remote }: Path, now: number): Pair<Owner> | undefined {
    const pair = { socket, remote, agent: this, heardAt: now }
    if (!this.#options.book.claim(pair, now)) return undefined
    if (this.#pairs.length === mostPairs) this.#remove(this.#stalest())
    this.#pairs.push(pair)
    return pair
  }

  #stalest(): number {
    let stalest = -1
    for (let i = 0; i < this.#pairs.length; i++) {
      const pair = this.#pairs[i] as Pair<Owner>
      if (pair === this.#selected) continue
      if (stalest < 0 || pair.heardAt < (this.#pairs[stalest] as Pair<Owner>).heardAt) stalest = i
    }
    return stalest
  }

  #select(pair: Pair<Owner>, now: number): void {
    if (pair === this.#selected) return
    this.#selected = pair
    this.#options.onPath(pair, now)
  }

  /** If the selected pair is gone, selects the one that was heard last. */
  #reselect(now: number): void {
    if (!this.#selected || this.#pairs.includes(this.#selected)) return
    this.#nominated = false
    const latest = this.#pairs.toSorted((one, other) => other.heardAt - one.heardAt)[0]
    if (latest) {
      this.#select(latest, now)
    } else {
      this.#selected = undefined
      this.#options.onLost(now)
    }
  }

  #remove(index: number): void {
    for (const pair of this.#pairs.splice(index, 1)) this.#options.book.release(pair)
  }

  #dropOldest(): void {
    const oldest = this.#secrets.shift()
    if (oldest) this.#options.book.remove(oldest.ufrag)
  }
}
