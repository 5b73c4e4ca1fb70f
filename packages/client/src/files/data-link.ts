import { candidateFits } from '../mesh/negotiation.ts'
import { readPeerStats, readReport } from '../stats/peer-stats.ts'
import type { LinkMessage } from './file-messages.ts'
import type { FilePath } from './types.ts'

export interface DataLinkOptions {
  readonly id: string
  readonly connection: RTCPeerConnection
  send(message: LinkMessage): void
  /** The link is gone for good: another has to take its place. */
  down(): void
  /** The other side has opened a channel. */
  channel?(channel: RTCDataChannel): void
}

const mostEarly = 256

/**
 * An RTCPeerConnection that carries data alone, from whoever offers it to the other side, who answers. It is negotiated once, and
 * is not repaired: when it has failed, the next takes its place.
 */
export class DataLink {
  readonly id: string
  readonly #options: DataLinkOptions
  readonly #connection: RTCPeerConnection
  /** Candidates that came before the description that they belong to. */
  #early: (RTCIceCandidateInit | null)[] = []
  #steps: Promise<void> = Promise.resolve()
  readonly #channels = new Set<RTCDataChannel>()
  #offered = false
  #closed = false

  constructor(options: DataLinkOptions) {
    const { id, connection } = options
    this.id = id
    this.#options = options
    this.#connection = connection
    connection.onicecandidate = ({ candidate }) => {
      options.send({ kind: 'candidate', link: id, candidate: candidate?.toJSON() ?? null })
    }
    connection.onconnectionstatechange = () => {
      const { connectionState } = connection
      if (connectionState === 'failed' || connectionState === 'closed') this.#fail()
    }
    connection.ondatachannel = ({ channel }) => {
      this.#channels.add(channel)
      options.channel?.(channel)
    }
  }

  get connected(): boolean {
    return this.#connection.connectionState === 'connected'
  }

  /** Opens a channel; the first one makes the offer. */
  open(label: string, protocol: string): RTCDataChannel {
    const channel = this.#connection.createDataChannel(label, { protocol })
    this.#channels.add(channel)
    if (!this.#offered) {
      this.#offered = true
      this.#step(() => this.#describe())
    }
    return channel
  }

  receive(message: LinkMessage): void {
    if (message.kind === 'candidate') {
      this.#step(() => this.#addCandidate(message.candidate))
      return
    }
    const { type, sdp } = message
    this.#step(async () => {
      // An offer to whoever makes the offers, or a second answer: somebody else's mistake, and no harm.
      if (type === 'offer' ? this.#offered : this.#connection.signalingState !== 'have-local-offer') return
      await this.#connection.setRemoteDescription({ type, sdp })
      if (type === 'offer') await this.#describe()
      for (const candidate of this.#early.splice(0)) await this.#addCandidate(candidate)
    })
  }

  /** By which way the data goes; undefined while there is none. */
  async path(): Promise<FilePath | undefined> {
    if (this.#closed) return undefined
    const context = { participant: '', outgoing: new Map(), incoming: new Map() }
    return readPeerStats(await readReport(this.#connection), undefined, context).route
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    const connection = this.#connection
    connection.onicecandidate = null
    connection.onconnectionstatechange = null
    connection.ondatachannel = null
    connection.close()
    // Channels whose connection is closed are closed without an event (W3C WebRTC §4.4.2, close).
    for (const channel of this.#channels) channel.dispatchEvent(new Event('close'))
  }

  #fail(): void {
    if (this.#closed) return
    this.close()
    this.#options.down()
  }

  async #describe(): Promise<void> {
    await this.#connection.setLocalDescription()
    const description = this.#connection.localDescription
    if (!description || (description.type !== 'offer' && description.type !== 'answer')) return
    this.#options.send({ kind: 'description', link: this.id, type: description.type, sdp: description.sdp })
  }

  async #addCandidate(candidate: RTCIceCandidateInit | null): Promise<void> {
    const sdp = this.#connection.remoteDescription?.sdp
    if (sdp === undefined) {
      if (this.#early.length < mostEarly) this.#early.push(candidate)
      return
    }
    if (!candidateFits(candidate, sdp)) return
    try {
      await this.#connection.addIceCandidate(candidate)
    } catch (error) {
      // A candidate that a browser cannot use must not fail the link.
      console.debug('parley: candidate not used', candidate?.candidate, error)
    }
  }

  /** Runs the steps of the negotiation one after another. */
  #step(step: () => Promise<void>): void {
    this.#steps = this.#steps.then(async () => {
      if (this.#closed) return
      try {
        await step()
      } catch (error) {
        if (this.#closed) return
        console.debug('parley: a way for files could not be made', error)
        this.#fail()
      }
    })
  }
}
