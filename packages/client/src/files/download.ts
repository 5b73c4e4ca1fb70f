import { ParleyError } from '../error.ts'
import type { StopReason } from './file-messages.ts'
import type { FileRecord, FileSink } from './file-store.ts'
import { NotAsAgreed, receiveFile } from './receive-file.ts'
import { ChannelClosed } from './send-file.ts'
import { Transfer, type TransferOptions } from './transfer.ts'
import type { FileState } from './types.ts'

export interface DownloadOptions extends Omit<TransferOptions, 'direction'> {
  /** Of this room; undefined: nothing is kept over a reload. */
  record(): FileRecord
  /** It was accepted by an earlier page, which left this record. */
  readonly kept?: FileRecord
}

/** What the device is left beside a file, bytes: a browser whose disk is full loses more than the file. */
const reserveBytes = 64 * 1024 * 1024

/** A file that somebody offers us. */
export class Download extends Transfer {
  readonly #record: () => FileRecord
  #sink: FileSink | undefined
  /** What runs, one after another, as there is one sink. */
  #work: Promise<void> = Promise.resolve()
  /** The channel that we are waiting for may come. */
  #expects = false

  constructor(options: DownloadOptions) {
    super({ ...options, direction: 'incoming' })
    this.#record = options.record
    const { kept } = options
    if (kept?.sha256 !== undefined) {
      this.setBytes(this.offer.size)
      this.setState({ status: 'done', sha256: kept.sha256 })
    } else if (kept) this.setState({ status: 'waiting' })
  }

  /** The sender has said it again: it, or we, were away, or it goes on after a pause. */
  offered(): void {
    const { state } = this
    if (state.status === 'done') {
      this.say({ kind: 'stop', id: this.offer.id, why: 'received' })
      return
    }
    if (state.status === 'stopped') {
      this.say({ kind: 'stop', id: this.offer.id, why: state.why })
      return
    }
    if (state.status === 'offered') return
    const waitsForUs = state.status === 'paused' && state.by === 'us'
    const full = state.status === 'failed' && state.error.code === 'storage-full'
    if (waitsForUs || full) this.say({ kind: 'pause', id: this.offer.id })
    else this.#want()
  }

  /** An earlier page had accepted it: asks for the rest, if the sender is here. */
  goOn(): void {
    if (this.state.status === 'waiting' && this.participant !== undefined) this.#want()
  }

  accept(): void {
    if (this.state.status === 'offered') this.#want()
  }

  decline(): void {
    if (this.state.status !== 'offered') return
    this.stop('us', 'declined')
    this.say({ kind: 'stop', id: this.offer.id, why: 'declined' })
  }

  resume(): void {
    const { state } = this
    if (state.status === 'failed' || (state.status === 'paused' && state.by === 'us')) this.#want()
  }

  override cancel(): void {
    super.cancel()
    this.#forget()
  }

  heardStop(why: StopReason): void {
    if (this.isOver) return
    if (why === 'failed' || why === 'gone') {
      this.fail(new ParleyError('file-unreadable'))
      return
    }
    this.stop('them', 'cancelled')
    this.#forget()
  }

  /** The channel that we asked for. */
  take(channel: RTCDataChannel): void {
    const sink = this.#sink
    if (!this.#expects || !sink) {
      channel.close()
      return
    }
    this.#expects = false
    const signal = this.begin()
    const { size } = this.offer
    this.move(sink.size)
    const received = receiveFile({
      channel,
      sink,
      size,
      signal,
      progress: bytes => this.moved(bytes),
      checking: () => this.setState({ status: 'checking' }),
    })
    this.#then(async () => {
      try {
        const sha256 = await received
        if (sha256 !== undefined) await this.#finish(sha256)
        else await this.#spoiled()
      } catch (error) {
        this.setBytes(sink.size)
        if (signal.aborted) return
        if (error instanceof ChannelClosed) this.interrupt({ status: 'waiting' })
        else if (error instanceof NotAsAgreed) await this.#spoiled()
        else this.#giveUp(error)
      }
    })
  }

  /** Deletes what was received. */
  remove(): void {
    this.close()
    this.#forget()
  }

  protected override interrupt(state: FileState): void {
    this.#expects = false
    super.interrupt(state)
  }

  override close(): void {
    super.close()
    this.#then(async () => {
      await this.#sink?.close()
      this.#sink = undefined
    })
  }

  #want(): void {
    this.interrupt({ status: 'waiting' })
    const signal = this.begin()
    this.#then(async () => {
      if (signal.aborted) return
      try {
        const sink = await this.#openSink()
        this.setBytes(sink.size)
        if (signal.aborted) return
        this.#expects = true
        this.say({ kind: 'want', id: this.offer.id, offset: sink.size })
      } catch (error) {
        this.#giveUp(error)
      }
    })
  }

  async #openSink(): Promise<FileSink> {
    if (this.#sink) return this.#sink
    const { store } = this.ports
    const sink = await store.sink(this.key)
    const free = await store.free()
    const needed = this.offer.size - sink.size
    if (free !== undefined && free < needed + reserveBytes) {
      throw new ParleyError(
        'storage-full',
        `The file needs ${needed} bytes, and the browser has ${free} for this site.`,
      )
    }
    await this.#keep({})
    this.#sink = sink
    return sink
  }

  async #finish(sha256: string): Promise<void> {
    await this.#sink?.close()
    this.#sink = undefined
    await this.#keep({ sha256 })
    this.setBytes(this.offer.size)
    this.interrupt({ status: 'done', sha256 })
  }

  async #keep(more: Partial<FileRecord>): Promise<void> {
    try {
      await this.ports.store.keep({ ...this.#record(), ...more })
    } catch (error) {
      console.debug('parley: the transfer would not survive a reload', error)
    }
  }

  /** What has come is not what was sent: the next try begins from nothing. */
  async #spoiled(): Promise<void> {
    await this.#sink?.clear()
    this.setBytes(0)
    this.#giveUp(new ParleyError('file-corrupted'))
  }

  #giveUp(error: unknown): void {
    this.fail(error)
    this.say({ kind: 'pause', id: this.offer.id })
  }

  #forget(): void {
    this.#then(async () => {
      await this.#sink?.close()
      this.#sink = undefined
      await this.ports.store.forget(this.key)
    })
  }

  #then(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch(error => console.debug('parley: a file could not be let go of', error))
  }
}
