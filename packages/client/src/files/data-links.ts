import type { Clock } from '../clock.ts'
import { randomId } from '../random-id.ts'
import type { Unsubscribe } from '../types.ts'
import { DataLink } from './data-link.ts'
import type { LinkMessage } from './file-messages.ts'
import type { FilePath } from './types.ts'

export interface DataLinksOptions {
  readonly clock: Clock
  openConnection(): RTCPeerConnection
  send(to: string, message: LinkMessage): void
  /** Whether we take anything from this participant: nobody else gets a connection, and with it our addresses. */
  wanted(from: string): boolean
  channel(from: string, channel: RTCDataChannel): void
}

/** How long a link is kept that carries nothing. */
const idleMs = 30_000
/** An offer that has led to nothing for so long is given up, since without an answer no browser does so by itself. */
const patienceMs = 20_000

interface Outgoing {
  readonly link: DataLink
  readonly channels: Set<RTCDataChannel>
  stopIdle: Unsubscribe
}

/** The links to and from the participants of a room: one for each direction that is used. */
export class DataLinks {
  readonly #options: DataLinksOptions
  readonly #outgoing = new Map<string, Outgoing>()
  readonly #incoming = new Map<string, DataLink>()

  constructor(options: DataLinksOptions) {
    this.#options = options
  }

  /** Opens a channel to a participant, on the link that there is, or on a new one. */
  open(to: string, label: string, protocol: string): RTCDataChannel {
    const outgoing = this.#outgoing.get(to) ?? this.#connect(to)
    outgoing.stopIdle()
    const channel = outgoing.link.open(label, protocol)
    outgoing.channels.add(channel)
    channel.addEventListener('close', () => {
      outgoing.channels.delete(channel)
      if (outgoing.channels.size > 0) return
      outgoing.stopIdle = this.#options.clock.after(idleMs, () => this.#drop(to, outgoing))
    })
    return channel
  }

  /** Makes sure that the next channel to this participant gets a new link. */
  renew(to: string): void {
    const outgoing = this.#outgoing.get(to)
    if (outgoing) this.#drop(to, outgoing)
  }

  receive(from: string, message: LinkMessage): void {
    const outgoing = this.#outgoing.get(from)?.link
    if (outgoing?.id === message.link) {
      outgoing.receive(message)
      return
    }
    const known = this.#incoming.get(from)
    if (known?.id === message.link) {
      known.receive(message)
      return
    }
    if (message.kind !== 'description' || message.type !== 'offer' || !this.#options.wanted(from)) return
    known?.close()
    const link: DataLink = new DataLink({
      id: message.link,
      connection: this.#options.openConnection(),
      send: answer => this.#options.send(from, answer),
      down: () => this.#incoming.get(from) === link && this.#incoming.delete(from),
      channel: channel => this.#options.channel(from, channel),
    })
    this.#incoming.set(from, link)
    link.receive(message)
  }

  async path(participant: string, direction: 'incoming' | 'outgoing'): Promise<FilePath | undefined> {
    const link = direction === 'outgoing' ? this.#outgoing.get(participant)?.link : this.#incoming.get(participant)
    return link?.path()
  }

  /** This participant has left. */
  forget(participant: string): void {
    this.renew(participant)
    this.#incoming.get(participant)?.close()
    this.#incoming.delete(participant)
  }

  close(): void {
    for (const participant of new Set([...this.#outgoing.keys(), ...this.#incoming.keys()])) this.forget(participant)
  }

  #connect(to: string): Outgoing {
    const link: DataLink = new DataLink({
      id: randomId(),
      connection: this.#options.openConnection(),
      send: message => this.#options.send(to, message),
      down: () => this.#drop(to, outgoing),
    })
    const outgoing: Outgoing = { link, channels: new Set(), stopIdle: () => {} }
    this.#outgoing.set(to, outgoing)
    this.#options.clock.after(patienceMs, () => link.connected || this.#drop(to, outgoing))
    return outgoing
  }

  #drop(to: string, outgoing: Outgoing): void {
    outgoing.stopIdle()
    outgoing.link.close()
    if (this.#outgoing.get(to) === outgoing) this.#outgoing.delete(to)
  }
}
