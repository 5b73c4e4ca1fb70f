import type { ChatMessage, IceServer } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import { FileExchange } from '../files/file-exchange.ts'
import { fileTopic } from '../files/file-messages.ts'
import type { FileStore } from '../files/file-store.ts'
import type { RoomFiles } from '../files/types.ts'
import { MessageCipher } from '../messages/message-cipher.ts'
import { RoomMessages } from '../messages/room-messages.ts'
import { randomId } from '../random-id.ts'
import type { Signalling } from '../signalling/ports.ts'
import type { RoomMessage, RoomState } from '../types.ts'

/** What files need of the browser. */
export interface FilesPlatform {
  /** @throws {DOMException} for ICE servers that the browser does not accept. */
  openConnection(iceServers: readonly IceServer[]): RTCPeerConnection
  openStore(): FileStore
}

export interface RoomTalkOptions {
  readonly clock: Clock
  readonly platform: FilesPlatform
  /** Of end-to-end encryption; undefined: nothing is encrypted. */
  readonly secret: string | undefined
  readonly state: RoomState
  /** @throws {ParleyError} `closed` */
  signalling(): Signalling
  iceServers(): readonly IceServer[]
  /** Our own message, as the server has kept it. */
  wrote(message: ChatMessage): void
  heard(message: RoomMessage): void
}

/** What people in a room say and give to each other beside their media: chat, reactions, messages of the application, files. */
export class RoomTalk {
  readonly #options: RoomTalkOptions
  readonly #room: string
  readonly #messages: RoomMessages
  readonly #files: FileExchange
  #self: string

  constructor(options: RoomTalkOptions) {
    const { state, secret, clock, platform } = options
    this.#options = options
    this.#room = state.name
    this.#self = state.self.id
    this.#messages = new RoomMessages({
      cipher: secret === undefined ? undefined : MessageCipher.derive(secret, state.name),
      self: () => this.#self,
      send: message => options.signalling().request('message.send', { room: this.#room, ...message }),
      heard: message => {
        if (message.topic === fileTopic) this.#files.receive(message.from, message.body)
        else options.heard(message)
      },
    })
    this.#files = new FileExchange({
      room: state.name,
      roomCreatedAt: state.createdAt,
      clock,
      store: platform.openStore(),
      people: peopleOf(state),
      send: (to, body) => this.#messages.send(fileTopic, body, to),
      openConnection: () => platform.openConnection(options.iceServers()),
    })
  }

  get files(): RoomFiles {
    return this.#files
  }

  async chat(text: string): Promise<ChatMessage> {
    const message = { room: this.#room, id: randomId(), text }
    return this.#options.signalling().request('chat.send', message, { onValue: kept => this.#options.wrote(kept) })
  }

  async react(emoji: string): Promise<void> {
    await this.#options.signalling().request('reaction.send', { room: this.#room, emoji })
  }

  async send(topic: string, body: string, to?: string): Promise<void> {
    await this.#messages.send(topic, body, to)
  }

  receive({ from, topic, body }: RoomMessage): void {
    this.#messages.receive({ from, topic, body })
  }

  /** The room has changed. */
  update(state: RoomState): void {
    this.#self = state.self.id
    this.#files.setPeople(peopleOf(state))
  }

  /** The connection to the server is back. */
  reconnected(): void {
    this.#files.reconnected()
  }

  /** @param left For good, and not only because the page or its connection has gone. */
  close(left: boolean): void {
    this.#files.close(left)
  }
}

/** Encoders and players by HTTP take no files. */
function peopleOf({ participants }: RoomState) {
  return participants.filter(({ via }) => via === undefined)
}
