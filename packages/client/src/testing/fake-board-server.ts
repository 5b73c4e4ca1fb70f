import type { BoardEntry, EventPayload, RequestInput, RequestName, RequestOutput } from '@parley/protocol'
import { ParleyError } from '../error.ts'
import type { RequestOptions, Signalling } from '../signalling/ports.ts'

/** What a server does for one whiteboard. Its answers and events come a turn later, in order. */
export class FakeBoardServer {
  id = 'board-1'
  readonly entries = new Map<string, { readonly entry: BoardEntry; readonly revision: number }>()
  revision = 0
  /** Entries in one page. */
  pageSize = 3
  /** Refuses what is put. */
  refuse: ((entries: readonly BoardEntry[]) => ParleyError | undefined) | undefined
  readonly people: FakePerson[] = []

  person(id: string): FakePerson {
    const person = new FakePerson(this, id)
    this.people.push(person)
    return person
  }

  /** Everybody is gone, and so is everything that was drawn. */
  restart(): void {
    this.id = `${this.id}'`
    this.entries.clear()
    this.revision = 0
  }

  put(from: FakePerson, entries: readonly BoardEntry[]) {
    const error = this.refuse?.(entries)
    if (error) throw error
    const after = this.revision
    const changed = entries.filter(entry => {
      const known = this.entries.get(entry.key)?.entry
      const newer =
        !known || entry.version > known.version || (entry.version === known.version && entry.nonce < known.nonce)
      if (newer) {
        this.entries.delete(entry.key)
        this.entries.set(entry.key, { entry, revision: ++this.revision })
      }
      return newer
    })
    const change = { board: this.id, after, revision: this.revision }
    for (const other of this.people) {
      if (changed.length > 0 && other !== from) other.hear({ room: 'tea', from: from.id, ...change, entries: changed })
    }
    return change
  }

  page(known: RequestInput<'board.follow'>['known']): RequestOutput<'board.follow'> {
    const whole = known?.board !== this.id
    const after = whole ? 0 : known.after
    const newer = [...this.entries.values()].filter(({ revision }) => revision > after)
    const page = newer.slice(0, this.pageSize)
    const more = newer.length > page.length
    const revision = more ? (page.at(-1)?.revision ?? after) : this.revision
    return { board: this.id, revision, entries: page.map(({ entry }) => entry), more, whole }
  }
}

/** One person's connection to it. */
export class FakePerson implements Signalling {
  readonly id: string
  connected = true
  following = false
  /** What was asked, by name. */
  readonly asked: RequestName[] = []
  readonly cursors: string[] = []
  onBoard: (change: EventPayload<'board'>) => void = () => {}
  readonly #server: FakeBoardServer

  constructor(server: FakeBoardServer, id: string) {
    this.id = id
    this.#server = server
  }

  async request<K extends RequestName>(
    name: K,
    input: RequestInput<K>,
    { onValue }: RequestOptions<K> = {},
  ): Promise<RequestOutput<K>> {
    this.asked.push(name)
    if (!this.connected) throw new ParleyError('unreachable')
    const value = this.#answer(name, input) as RequestOutput<K>
    await Promise.resolve()
    if (!this.connected) throw new ParleyError('unreachable')
    onValue?.(value)
    return value
  }

  on(): () => void {
    return () => {}
  }

  hear(change: EventPayload<'board'>): void {
    if (!this.following || !this.connected) return
    void Promise.resolve().then(() => this.connected && this.onBoard(change))
  }

  #answer(name: RequestName, input: unknown): unknown {
    switch (name) {
      case 'board.follow':
        this.following = true
        return this.#server.page((input as RequestInput<'board.follow'>).known)
      case 'board.put':
        return this.#server.put(this, (input as RequestInput<'board.put'>).entries)
      case 'board.point':
        this.cursors.push((input as RequestInput<'board.point'>).cursor)
        return {}
      default:
        this.following = false
        return {}
    }
  }
}
