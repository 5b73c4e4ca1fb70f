import { ParleyError } from '../error.ts'
import type { Unsubscribe } from '../types.ts'
import type { StopReason } from './file-messages.ts'
import { ChannelClosed, sendFile } from './send-file.ts'
import { Transfer, type TransferOptions, type TransferPorts } from './transfer.ts'

/** Between offers that make a transfer go on, ms: first, and at most. */
const againMs = { first: 1_000, most: 15_000 } as const

export interface UploadPorts extends TransferPorts {
  openChannel(to: string, file: string): RTCDataChannel
}

export interface UploadOptions extends Omit<TransferOptions, 'direction'> {
  readonly content: File
  readonly ports: UploadPorts
}

/**
 * A file that we offer to one participant. The receiver says from where on it wants it; an offer that is repeated brings that about,
 * whatever was lost in between: a message, the way, or the page of either side.
 */
export class Upload extends Transfer {
  readonly #content: File
  readonly #ports: UploadPorts
  #againMs: number = againMs.first
  #stopAgain: Unsubscribe = () => {}

  constructor(options: UploadOptions) {
    super({ ...options, direction: 'outgoing' })
    this.#content = options.content
    this.#ports = options.ports
  }

  override meet(participant: string | undefined): void {
    super.meet(participant)
    this.offerAgain()
  }

  /** Our connection to the server is back: something may have been missed. */
  offerAgain(): void {
    this.#stopAgain()
    const { status } = this.state
    if (status === 'offered' || status === 'waiting') this.say(this.offer)
    if (status === 'waiting') this.#retry()
  }

  /** The receiver wants it, from this byte on. */
  wanted(offset: number): void {
    const { state, offer } = this
    if (state.status === 'paused' && state.by === 'us') {
      this.say({ kind: 'pause', id: offer.id })
      return
    }
    if (state.status === 'stopped') {
      this.say({ kind: 'stop', id: offer.id, why: 'cancelled' })
      return
    }
    if (offset > offer.size) return
    void this.#send(offset)
  }

  resume(): void {
    const { state } = this
    if (state.status === 'failed' || (state.status === 'paused' && state.by === 'us')) {
      this.setState({ status: 'waiting' })
      this.offerAgain()
    }
  }

  heardStop(why: StopReason): void {
    if (this.isOver) return
    // The receiver has had it since before we came back.
    if (why === 'received') this.interrupt({ status: 'done', sha256: '' })
    else if (why === 'failed') this.fail(new ParleyError('file-corrupted'))
    else this.stop('them', why === 'declined' ? 'declined' : 'cancelled')
  }

  override close(): void {
    this.#stopAgain()
    super.close()
  }

  async #send(offset: number): Promise<void> {
    const to = this.participant
    if (to === undefined) return
    this.#stopAgain()
    this.setBytes(offset)
    const signal = this.begin()
    if (this.state.status !== 'waiting') this.setState({ status: 'waiting' })
    try {
      const source = await this.#ports.store.source(this.#content, offset)
      if (signal.aborted) return source.close()
      const { whole, sha256 } = await sendFile({
        channel: this.#ports.openChannel(to, this.offer.id),
        source,
        size: this.offer.size,
        offset,
        signal,
        started: () => this.move(offset),
        progress: bytes => this.moved(bytes),
        checking: () => this.setState({ status: 'checking' }),
      })
      if (signal.aborted) return
      this.setBytes(this.offer.size)
      if (whole) this.interrupt({ status: 'done', sha256 })
      else this.fail(new ParleyError('file-corrupted'))
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ChannelClosed) {
        this.interrupt({ status: 'waiting' })
        this.#retry()
      } else {
        this.fail(error)
        this.say({ kind: 'stop', id: this.offer.id, why: 'failed' })
      }
    }
  }

  /** Offers it again after a while, unless something happens before. */
  #retry(): void {
    this.#stopAgain()
    this.#stopAgain = this.#ports.clock.after(this.#againMs, () => {
      this.#againMs = Math.min(2 * this.#againMs, againMs.most)
      this.offerAgain()
    })
  }

  protected override move(bytes: number): void {
    this.#againMs = againMs.first
    super.move(bytes)
  }
}
