import type { Clock } from '../clock.ts'
import { EventSource } from '../emitter.ts'
import { ParleyError } from '../error.ts'
import { randomId } from '../random-id.ts'
import type { Unsubscribe } from '../types.ts'
import { DataLinks } from './data-links.ts'
import { Download } from './download.ts'
import { type FileMessage, type FileOffer, parseFileMessage } from './file-messages.ts'
import type { FileRecord, FileStore } from './file-store.ts'
import { safeName } from './safe-name.ts'
import type { FilePerson, Transfer, TransferPorts } from './transfer.ts'
import type { FileTransfer, RoomFiles, RoomFilesEvents } from './types.ts'
import { Upload } from './upload.ts'

export interface FileExchangeOptions {
  readonly room: string
  /** When the room was made, server time in ms. */
  readonly roomCreatedAt: number
  readonly clock: Clock
  readonly store: FileStore
  /** Everybody else who could take a file, as they are now. */
  readonly people: readonly FilePerson[]
  /** Rejects if it could not be passed on. */
  send(to: string, message: string): Promise<unknown>
  openConnection(): RTCPeerConnection
}

/** A file that we offer, to one or to all. */
interface Share {
  readonly record: FileRecord
  readonly content: File
  /** Whoever comes later is offered it too. */
  readonly everybody: boolean
  /** By identity. */
  readonly people: Set<string>
}

/** Between two reports of how far transfers are, ms. */
const reportMs = 250
/** An offer that is one too many for a person is not shown. */
const mostOffers = 100
const protocol = 'parley.file'

/** The files of a room: who offers what to whom, and what became of it. */
export class FileExchange implements RoomFiles {
  readonly #options: FileExchangeOptions
  readonly #events = new EventSource<RoomFilesEvents>()
  readonly #links: DataLinks
  readonly #transfers = new Map<string, Upload | Download>()
  readonly #shares = new Map<string, Share>()
  readonly #reported = new Map<string, FileTransfer['state']['status']>()
  readonly #closed = new AbortController()
  /** When earlier files are known: an offer may be of one of them. */
  readonly #ready: Promise<void>
  #isReady = false
  #people: readonly FilePerson[]
  #views: readonly FileTransfer[] = []
  #stopReport: Unsubscribe | undefined

  constructor(options: FileExchangeOptions) {
    this.#options = options
    this.#people = options.people
    this.#links = new DataLinks({
      clock: options.clock,
      openConnection: options.openConnection,
      send: (to, message) => void this.#send(to, message).catch(() => {}), // The link then fails, and another is tried.
      // One that is paused may go on while the offer is on its way.
      wanted: from => this.#downloadsOf(from).some(({ isOver, state }) => !isOver && state.status !== 'offered'),
      channel: (from, channel) => this.#channel(from, channel),
    })
    const found = options.store.find(options.room, record => this.#found(record), this.#closed.signal)
    this.#ready = found
      .catch(error => console.debug('parley: nothing of earlier files can be found', error))
      .finally(() => {
        this.#isReady = true
      })
  }

  get transfers(): readonly FileTransfer[] {
    return this.#views
  }

  on<K extends keyof RoomFilesEvents>(event: K, listener: (payload: RoomFilesEvents[K]) => void): Unsubscribe {
    return this.#events.on(event, listener)
  }

  async send(file: File, to?: readonly string[]): Promise<void> {
    if (this.#closed.signal.aborted) throw new ParleyError('closed', 'You are no longer in this room.')
    await readable(file)
    const receivers = this.#people.filter(({ id }) => !to || to.includes(id))
    const people = new Set(receivers.map(({ identity }) => identity))
    const record: FileRecord = {
      key: randomId(),
      direction: 'outgoing',
      room: this.#options.room,
      roomCreatedAt: this.#options.roomCreatedAt,
      file: randomId(),
      name: safeName(file.name),
      size: file.size,
      type: file.type,
      at: this.#options.clock.now(),
      content: file,
      to: { everybody: to === undefined, people: [...people] },
    }
    const share: Share = { record, content: file, everybody: to === undefined, people }
    this.#shares.set(record.file, share)
    for (const person of receivers) this.#offer(share, person)
    this.#keep(share)
  }

  accept(key: string): void {
    const transfer = this.#transfers.get(key)
    if (transfer instanceof Download) transfer.accept()
  }

  decline(key: string): void {
    const transfer = this.#transfers.get(key)
    if (transfer instanceof Download) transfer.decline()
  }

  pause(key: string): void {
    this.#transfers.get(key)?.pause()
  }

  resume(key: string): void {
    this.#transfers.get(key)?.resume()
  }

  cancel(key: string): void {
    const transfer = this.#transfers.get(key)
    transfer?.cancel()
    if (transfer instanceof Upload) this.#endShare(transfer.offer.id)
  }

  remove(key: string): void {
    const transfer = this.#transfers.get(key)
    if (!transfer) return
    transfer.cancel()
    this.#drop(transfer)
    if (transfer instanceof Download) transfer.remove()
    else this.#endShare(transfer.offer.id)
  }

  async open(key: string): Promise<File> {
    const transfer = this.#transfers.get(key)
    if (!(transfer instanceof Download) || transfer.state.status !== 'done') throw new ParleyError('file-unreadable')
    return this.#options.store.open({ key, name: transfer.offer.name, type: transfer.offer.type })
  }

  /** Who else is here now. */
  setPeople(people: readonly FilePerson[]): void {
    const gone = this.#people.filter(({ id }) => !people.some(person => person.id === id))
    this.#people = people
    for (const { id } of gone) this.#links.forget(id)
    for (const transfer of this.#transfers.values()) {
      if (people.some(({ id }) => id === transfer.participant)) continue
      const back = people.find(({ identity }) => identity === transfer.identity)?.id
      // Back before their old seat was given up, they have been offered it already.
      if (back !== undefined && this.#isOffered(transfer, back)) this.#drop(transfer)
      else transfer.meet(back)
    }
    for (const share of this.#shares.values()) {
      for (const person of people) {
        if (share.everybody || share.people.has(person.identity)) this.#offer(share, person)
      }
    }
  }

  /** The connection to the server is back. */
  reconnected(): void {
    for (const transfer of this.#transfers.values()) if (transfer instanceof Upload) transfer.offerAgain()
  }

  receive(from: string, body: string): void {
    if (this.#isReady) this.#receive(from, body)
    else void this.#ready.then(() => this.#receive(from, body))
  }

  #receive(from: string, body: string): void {
    if (this.#closed.signal.aborted) return
    const message = parseFileMessage(body)
    const person = this.#people.find(({ id }) => id === from)
    if (!message || !person) return
    if (message.kind === 'description' || message.kind === 'candidate') {
      this.#links.receive(from, message)
      return
    }
    if (message.kind === 'offer') {
      this.#offered(person, message)
      return
    }
    for (const transfer of this.#transfers.values()) {
      if (transfer.offer.id !== message.id || transfer.participant !== from) continue
      if (message.kind === 'pause') transfer.heardPause()
      else if (message.kind === 'stop') transfer.heardStop(message.why)
      else if (transfer instanceof Upload) transfer.wanted(message.offset)
    }
  }

  /** @param left We have left for good: what we offer is not to be taken up by another page. */
  close(left: boolean): void {
    this.#closed.abort()
    this.#stopReport?.()
    for (const transfer of this.#transfers.values()) transfer.close()
    const forgotten = left ? [...this.#shares.keys()].map(file => this.#endShare(file, true)) : []
    this.#links.close()
    // The page may close as well: what is being written then is read again by the next.
    void Promise.allSettled(forgotten).then(() => this.#options.store.close())
  }

  #offer(share: Share, person: FilePerson): void {
    const { record, content, people } = share
    for (const transfer of this.#transfers.values()) {
      if (!(transfer instanceof Upload) || transfer.offer.id !== record.file) continue
      if (transfer.participant === person.id) return
      // They were away, and are back as somebody new to the room.
      if (transfer.participant === undefined && transfer.identity === person.identity) {
        transfer.meet(person.id)
        return
      }
    }
    const { file: id, name, size, type } = record
    const ports = { ...this.#ports(), openChannel: (to: string, file: string) => this.#links.open(to, file, protocol) }
    const upload = new Upload({
      key: randomId(),
      offer: { kind: 'offer', id, name, size, type },
      person,
      content,
      ports,
    })
    this.#transfers.set(upload.key, upload)
    if (!people.has(person.identity)) {
      people.add(person.identity)
      this.#keep(share)
    }
    upload.meet(person.id)
  }

  #offered(person: FilePerson, offer: FileOffer): void {
    for (const transfer of this.#transfers.values()) {
      if (!(transfer instanceof Download) || transfer.offer.id !== offer.id) continue
      // Who says the number of somebody else's file is not that person.
      if (transfer.identity !== person.identity) return
      if (transfer.offer.size !== offer.size) return
      transfer.meet(person.id)
      transfer.offered()
      return
    }
    const open = this.#downloadsOf(person.id).filter(({ state }) => state.status === 'offered')
    if (open.length >= mostOffers) return
    const download = this.#download(randomId(), offer, person)
    download.meet(person.id)
    this.#events.emit('offered', download.view)
  }

  #download(key: string, offer: FileOffer, person: Pick<FilePerson, 'identity' | 'name'>, kept?: FileRecord): Download {
    const at = kept?.at ?? this.#options.clock.now()
    const record = (): FileRecord => ({
      key,
      direction: 'incoming',
      room: this.#options.room,
      roomCreatedAt: this.#options.roomCreatedAt,
      file: offer.id,
      name: offer.name,
      size: offer.size,
      type: offer.type,
      at,
      from: { identity: person.identity, person: person.name },
    })
    const download = new Download({ key, offer, person, ports: this.#ports(), record, ...(kept && { kept }) })
    this.#transfers.set(key, download)
    return download
  }

  /** An earlier page has left this. */
  #found(record: FileRecord): void {
    const { key, file: id, name, size, type, from, content, to } = record
    if (record.direction === 'incoming' && from) {
      const person = { identity: from.identity, name: from.person }
      for (const transfer of this.#transfers.values()) {
        // It was offered again while the page before this one had not let go of it.
        if (transfer instanceof Download && transfer.offer.id === id && transfer.identity === from.identity) {
          this.#drop(transfer)
        }
      }
      const download = this.#download(key, { kind: 'offer', id, name, size, type }, person, record)
      download.meet(this.#people.find(({ identity }) => identity === from.identity)?.id)
      download.goOn()
      this.#report()
    } else if (content && to) {
      // In another meeting of the same name nobody else is to get it.
      const everybody = to.everybody && record.roomCreatedAt === this.#options.roomCreatedAt
      const share: Share = { record, content, everybody, people: new Set(to.people) }
      this.#shares.set(id, share)
      for (const person of this.#people) {
        if (everybody || share.people.has(person.identity)) this.#offer(share, person)
      }
    }
  }

  #channel(from: string, channel: RTCDataChannel): void {
    const download = this.#downloadsOf(from).find(({ offer }) => offer.id === channel.label)
    if (download && channel.protocol === protocol) download.take(channel)
    else channel.close()
  }

  #isOffered({ offer }: Transfer, participant: string): boolean {
    return [...this.#transfers.values()].some(
      transfer => transfer instanceof Upload && transfer.offer.id === offer.id && transfer.participant === participant,
    )
  }

  #drop(transfer: Transfer): void {
    transfer.close()
    this.#transfers.delete(transfer.key)
    this.#reported.delete(transfer.key)
    this.#report()
  }

  #downloadsOf(participant: string): readonly Download[] {
    return [...this.#transfers.values()].filter(
      (transfer): transfer is Download => transfer instanceof Download && transfer.participant === participant,
    )
  }

  /** A share ends with the last of its transfers that could go on. */
  #endShare(file: string, now = false): Promise<void> | undefined {
    const share = this.#shares.get(file)
    const open = [...this.#transfers.values()].some(({ offer, isOver }) => offer.id === file && !isOver)
    if (!share || (open && !now)) return undefined
    this.#shares.delete(file)
    return this.#options.store.forget(share.record.key).catch(error => {
      console.debug('parley: what was kept of a file is there still', error)
    })
  }

  #keep({ record, content, everybody, people }: Share): void {
    const kept: FileRecord = { ...record, content, to: { everybody, people: [...people] } }
    this.#options.store.keep(kept).catch(error => {
      console.debug('parley: the offer of a file would not survive a reload', error)
    })
  }

  #ports(): TransferPorts {
    const { clock, store } = this.#options
    return {
      clock,
      store,
      send: (to, message) => this.#send(to, message),
      path: (participant, direction) => this.#links.path(participant, direction),
      changed: transfer => this.#changed(transfer),
    }
  }

  #send(to: string, message: FileMessage): Promise<unknown> {
    return this.#options.send(to, JSON.stringify(message))
  }

  /** Another state is told at once, progress from time to time. */
  #changed({ key, state }: Transfer): void {
    if (this.#reported.get(key) !== state.status) {
      this.#reported.set(key, state.status)
      this.#report()
      const view = this.#transfers.get(key)?.view
      if (state.status === 'done' && view) this.#events.emit('done', view)
      return
    }
    this.#stopReport ??= this.#options.clock.after(reportMs, () => this.#report())
  }

  #report(): void {
    this.#stopReport?.()
    this.#stopReport = undefined
    this.#views = [...this.#transfers.values()].map(({ view }) => view)
    this.#events.emit('changed', this.#views)
  }
}

/** @throws {ParleyError} `file-unreadable` */
async function readable(file: File): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer()
  } catch (error) {
    throw new ParleyError('file-unreadable', undefined, { cause: error })
  }
}
