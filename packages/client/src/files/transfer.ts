import type { Clock } from '../clock.ts'
import { ParleyError } from '../error.ts'
import type { FileMessage, FileOffer, StopReason } from './file-messages.ts'
import type { FileStore } from './file-store.ts'
import { Progress } from './progress.ts'
import type { FilePath, FileState, FileTransfer } from './types.ts'

/** Somebody else in the room. */
export interface FilePerson {
  readonly id: string
  readonly identity: string
  readonly name: string
}

/** What transfers need from the room's files. */
export interface TransferPorts {
  readonly clock: Clock
  readonly store: FileStore
  /** Rejects if it could not be passed on. */
  send(to: string, message: FileMessage): Promise<unknown>
  path(participant: string, direction: FileTransfer['direction']): Promise<FilePath | undefined>
  changed(transfer: Transfer): void
}

export interface TransferOptions {
  readonly key: string
  readonly direction: FileTransfer['direction']
  readonly offer: FileOffer
  readonly person: Pick<FilePerson, 'identity' | 'name'>
  readonly ports: TransferPorts
}

/** One file between us and one other person: what both directions have in common. */
export abstract class Transfer {
  readonly key: string
  readonly identity: string
  readonly offer: FileOffer
  protected readonly ports: TransferPorts
  readonly #direction: FileTransfer['direction']
  readonly #person: string
  #state: FileState = { status: 'offered' }
  #progress: Progress | undefined
  #bytes = 0
  #participant: string | undefined
  #view: FileTransfer | undefined
  #abort: AbortController | undefined

  constructor({ key, direction, offer, person, ports }: TransferOptions) {
    this.key = key
    this.offer = offer
    this.identity = person.identity
    this.ports = ports
    this.#direction = direction
    this.#person = person.name
  }

  get state(): FileState {
    return this.#state.status === 'transferring' && this.#progress ? this.#progress.state : this.#state
  }

  /** The other side's id in the room; undefined: it is away. */
  get participant(): string | undefined {
    return this.#participant
  }

  get view(): FileTransfer {
    const { state } = this
    const { name, size, type, id } = this.offer
    const bytes = this.#progress?.bytes ?? this.#bytes
    this.#view ??= {
      key: this.key,
      file: id,
      direction: this.#direction,
      participant: this.#participant,
      identity: this.identity,
      person: this.#person,
      name,
      size,
      type,
      bytes,
      state,
    }
    return this.#view
  }

  /** Whether it is on its way, or could be. */
  get isUnderWay(): boolean {
    return ['waiting', 'transferring', 'checking'].includes(this.#state.status)
  }

  /** Neither side does anything about it any more, unless asked to. */
  get isOver(): boolean {
    return ['done', 'stopped', 'failed'].includes(this.#state.status)
  }

  /** The other side has come, with this id, or has gone. */
  meet(participant: string | undefined): void {
    if (participant === this.#participant) return
    this.#participant = participant
    if (participant === undefined && this.isUnderWay) this.interrupt({ status: 'waiting' })
    this.#tell()
  }

  heardPause(): void {
    if (this.isUnderWay) this.interrupt({ status: 'paused', by: 'them' })
  }

  abstract heardStop(why: StopReason): void

  pause(): void {
    if (!this.isUnderWay) return
    this.interrupt({ status: 'paused', by: 'us' })
    this.say({ kind: 'pause', id: this.offer.id })
  }

  cancel(): void {
    if (this.isOver) return
    this.stop('us', 'cancelled')
    this.say({ kind: 'stop', id: this.offer.id, why: 'cancelled' })
  }

  close(): void {
    this.#abort?.abort()
  }

  /** Ends what moves, and goes into another state. */
  protected interrupt(state: FileState): void {
    this.#abort?.abort()
    this.#abort = undefined
    this.#bytes = this.#progress?.bytes ?? this.#bytes
    this.#progress = undefined
    this.setState(state)
  }

  protected stop(by: 'us' | 'them', why: 'declined' | 'cancelled'): void {
    this.interrupt({ status: 'stopped', by, why })
  }

  protected fail(error: unknown): void {
    const known = error instanceof ParleyError ? error : new ParleyError('internal', undefined, { cause: error })
    this.interrupt({ status: 'failed', error: known })
  }

  /** What runs now takes the place of what ran before. Its signal is aborted when it is interrupted. */
  protected begin(): AbortSignal {
    this.#abort?.abort()
    this.#abort = new AbortController()
    return this.#abort.signal
  }

  /** Bytes move, from this many on. */
  protected move(bytes: number): void {
    const participant = this.#participant ?? ''
    const findPath = () => this.ports.path(participant, this.#direction)
    this.#progress = new Progress({ clock: this.ports.clock, size: this.offer.size, bytes, findPath })
    this.#progress.add(bytes)
    this.setState({ status: 'transferring', bytesPerSecond: undefined, secondsLeft: undefined, path: undefined })
  }

  protected moved(bytes: number): void {
    this.#progress?.add(bytes)
    this.#tell()
  }

  protected setBytes(bytes: number): void {
    this.#bytes = bytes
  }

  protected setState(state: FileState): void {
    this.#state = state
    this.#tell()
  }

  /** Says it if the other side is here; what it misses is said again when it comes. */
  protected say(message: FileMessage): void {
    if (this.#participant === undefined) return
    this.ports.send(this.#participant, message).catch(() => {}) // Then it has gone, and is met again when it comes back.
  }

  #tell(): void {
    this.#view = undefined
    this.ports.changed(this)
  }
}
