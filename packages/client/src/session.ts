import type { CallMedia, IceServer, Presence, RequestOutput, RoomSnapshot, Topology } from '@parley/protocol'
import { roomNameOf } from '@parley/protocol/text'
import { CallBook } from './calls/call-book.ts'
import type { Clock } from './clock.ts'
import { checkE2ee } from './e2ee/room-encryption.ts'
import { EventSource } from './emitter.ts'
import { givenUp, ParleyError } from './error.ts'
import { refreshDelay } from './peer-connection/ice-servers.ts'
import { People } from './people.ts'
import type { FrameTransforms } from './room/frame-transforms.ts'
import type { MediaSelf, RoomMedia, RoomMediaEvents } from './room/media-plane.ts'
import { JoinedRoom } from './room/room.ts'
import type { FilesPlatform } from './room/room-talk.ts'
import { ServerClock } from './room/server-clock.ts'
import type { Connection } from './signalling/connection.ts'
import type { Welcome } from './signalling/ports.ts'
import type { CallHandle, JoinOptions, Room, Session, SessionEvents, SessionState, Unsubscribe } from './types.ts'

export interface OpenMediaOptions {
  readonly self: MediaSelf
  readonly topology: Topology
  readonly events: RoomMediaEvents
  /** What encrypts frames end to end; undefined: nothing does. */
  readonly transforms?: FrameTransforms | undefined
  /** The current ICE servers. */
  iceServers(): readonly IceServer[]
}

export type OpenMedia = (options: OpenMediaOptions) => RoomMedia

export interface LiveSessionOptions {
  /** Not started yet, or at its first welcome. */
  readonly connection: Connection
  readonly welcome: Welcome
  readonly clock: Clock
  /** Undefined if the browser has no WebRTC: then no room can be joined, and nobody called. */
  readonly openMedia: OpenMedia | undefined
  readonly files: FilesPlatform
}

type JoinedOptions = Omit<JoinOptions, 'signal'>

/** A room that is being joined, or has been. */
interface Joining {
  readonly room: Promise<Room>
  /** How many calls of `join` wait for it. */
  waiting: number
  entered: JoinedRoom | undefined
}

/** A session that has been welcomed: keeps its rooms, calls and presence over any number of connections. */
export class LiveSession implements Session {
  readonly #connection: Connection
  readonly #clock: Clock
  readonly #openMedia: OpenMedia | undefined
  readonly #files: FilesPlatform
  readonly #serverClock = new ServerClock()
  readonly #rooms = new Map<string, JoinedRoom>()
  readonly #joining = new Map<string, Joining>()
  readonly #people: People
  readonly #calls: CallBook
  readonly #events = new EventSource<SessionEvents>((event, listeners) => {
    if (event === 'incomingCall' && listeners > 0) queueMicrotask(() => this.#tellOfCalls())
  })
  #welcome: Welcome
  #iceServers: readonly IceServer[]
  /** Calls that rang before anybody listened. */
  #untold: CallHandle[] = []
  #listening = false
  #stopRefresh: Unsubscribe = () => {}

  constructor({ connection, welcome, clock, openMedia, files }: LiveSessionOptions) {
    this.#connection = connection
    this.#clock = clock
    this.#openMedia = openMedia
    this.#files = files
    this.#welcome = welcome
    this.#iceServers = welcome.iceServers
    this.#people = new People(connection, people => this.#events.emit('presence', people))
    this.#calls = new CallBook({
      signalling: connection,
      clock,
      identity: () => this.identity,
      session: () => this.id,
      status: () => this.state.status,
      join: room => this.join(room),
      checkMedia: () => void this.#needMedia(),
      incoming: call => this.#incoming(call),
      serverNow: () => this.#serverNow(),
    })
    if (openMedia) connection.on('room.entered', snapshot => this.#seated(snapshot))
  }

  get id(): string {
    return this.#welcome.session
  }

  get identity(): string {
    return this.#welcome.identity
  }

  get name(): string | undefined {
    return this.#welcome.name
  }

  get token(): string {
    return this.#connection.token ?? this.#welcome.token
  }

  get state(): SessionState {
    return this.#connection.state ?? { status: 'connected' }
  }

  get serverVersion(): string {
    return this.#welcome.version
  }

  get iceServers(): readonly IceServer[] {
    return this.#iceServers
  }

  get clockAheadMs(): number {
    return this.#clock.now() - this.#serverNow()
  }

  get calls(): ReadonlyMap<string, CallHandle> {
    return this.#calls.calls
  }

  get people(): ReadonlyMap<string, Presence> {
    return this.#people.people
  }

  on<K extends keyof SessionEvents>(event: K, listener: (payload: SessionEvents[K]) => void): Unsubscribe {
    return this.#events.on(event, listener)
  }

  peek(room: string): Promise<RequestOutput<'room.peek'>> {
    return this.#connection.request('room.peek', { room })
  }

  async join(spelling: string, { signal, ...options }: JoinOptions = {}): Promise<Room> {
    const name = roomNameOf(spelling)
    this.#needMedia()
    if (options.e2ee) checkE2ee(options.e2ee)
    if (signal?.aborted) throw givenUp(signal)
    const joining = this.#joining.get(name) ?? this.#ask(name, options)
    joining.waiting++
    if (!signal) return joining.room
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        reject(givenUp(signal))
        if (--joining.waiting === 0) this.#letGo(name, joining)
      }
      signal.addEventListener('abort', giveUp)
      joining.room
        .then(room => signal.aborted || resolve(room), reject)
        .finally(() => signal.removeEventListener('abort', giveUp))
    })
  }

  call(identity: string, media: CallMedia = 'video'): Promise<CallHandle> {
    return this.#calls.invite(identity, media)
  }

  setPresence(status: 'available' | 'away' | 'offline', name?: string): Promise<void> {
    return this.#people.set({ status, ...(name !== undefined && { name }) })
  }

  watchPeople(): Promise<Unsubscribe> {
    return this.#people.watch()
  }

  reconnect(): void {
    if (this.state.status === 'reconnecting') this.#connection.wake()
  }

  close(): void {
    this.#connection.close()
  }

  /** Called at the start of every connection; settles when everything that the server has forgotten has been requested again. */
  async welcomed(welcome: Welcome): Promise<void> {
    const first = welcome === this.#welcome
    this.#welcome = welcome
    this.#serverClock.reset(welcome.at, this.#clock.now())
    this.#useIceServers(welcome.iceServers)
    const rooms = [...this.#rooms.values()]
    const resumed = welcome.resumed ? rooms.map(room => room.resume()) : []
    this.#calls.welcome(welcome.calls, !welcome.resumed)
    if (first) return
    await Promise.all(welcome.resumed ? resumed : [...rooms.map(room => room.rejoin()), this.#people.restore()])
  }

  /** The token was renewed, and the ICE servers with it. */
  renewIceServers(servers: readonly IceServer[]): void {
    this.#useIceServers(servers)
  }

  /** The connection's state changed. */
  entered(state: SessionState): void {
    const rooms = [...this.#rooms.values()]
    if (state.status === 'reconnecting') for (const room of rooms) room.suspend(state.since)
    this.#events.emit('state', state)
    if (state.status !== 'closed') return
    this.#stopRefresh()
    for (const room of rooms) room.end('session-closed', state.error)
    this.#calls.close()
    this.#people.close()
  }

  networkChanged(): void {
    for (const room of this.#rooms.values()) room.networkChanged()
  }

  /** @throws {ParleyError} `media-unsupported` */
  #needMedia(): OpenMedia {
    if (this.#openMedia) return this.#openMedia
    throw new ParleyError('media-unsupported', 'This browser has no WebRTC, or something in it takes it away.', {
      remedy: 'Use a current browser; switch off extensions that block WebRTC.',
    })
  }

  #ask(name: string, options: JoinedOptions): Joining {
    const joining: Joining = { waiting: 0, entered: undefined, room: this.#join(name, options, () => joining) }
    this.#joining.set(name, joining)
    // The caller gets the error; another `join` tries again.
    joining.room.catch(() => this.#joining.get(name) === joining && this.#joining.delete(name))
    return joining
  }

  async #join(name: string, options: JoinedOptions, joining: () => Joining): Promise<Room> {
    // The room is made inside onValue, so that it does not miss the next event.
    const onValue = (snapshot: RoomSnapshot) => {
      if (this.#joining.get(name) === joining()) joining().entered = this.#enter(options, snapshot)
    }
    const { e2ee: _, ...seat } = options // The secret is nothing for the server.
    await this.#connection.request('room.join', { room: name, ...seat }, { onValue })
    const { entered } = joining()
    if (!entered) throw new ParleyError('closed')
    return entered
  }

  /** Nobody waits for this room any more. Requests keep their order, so it is left as soon as it has been joined. */
  #letGo(name: string, joining: Joining): void {
    if (this.#joining.get(name) !== joining) return
    this.#joining.delete(name)
    if (joining.entered) void joining.entered.leave()
    else this.#connection.request('room.leave', { room: name }).catch(() => {}) // Then we are not in the room any more.
  }

  /** The server has put us in a room unasked: `join` then finds it entered. */
  #seated(snapshot: RoomSnapshot): void {
    if (this.#joining.has(snapshot.room)) return
    const entered = this.#enter({}, snapshot)
    this.#joining.set(snapshot.room, { waiting: 0, entered, room: Promise.resolve(entered) })
  }

  #enter({ e2ee, ...joinOptions }: JoinedOptions, snapshot: RoomSnapshot): JoinedRoom {
    const room = new JoinedRoom({
      snapshot,
      joinOptions,
      e2ee,
      signalling: this.#connection,
      clock: this.#clock,
      serverNow: () => this.#serverNow(),
      files: this.#files,
      iceServers: () => this.#iceServers,
      openMedia: (self, topology, events, transforms) =>
        this.#needMedia()({ self, topology, events, transforms, iceServers: () => this.#iceServers }),
    })
    this.#rooms.set(room.name, room)
    room.on('ended', () => {
      this.#rooms.delete(room.name)
      this.#joining.delete(room.name)
    })
    return room
  }

  #incoming(call: CallHandle): void {
    this.#untold.push(call)
    if (this.#listening) this.#tellOfCalls()
  }

  #tellOfCalls(): void {
    this.#listening = true
    const ringing = this.#untold.filter(({ call }) => call.state.status === 'ringing')
    this.#untold = []
    for (const call of ringing) this.#events.emit('incomingCall', call)
  }

  #useIceServers(servers: readonly IceServer[]): void {
    this.#iceServers = servers
    for (const room of this.#rooms.values()) room.setIceServers(servers)
    this.#stopRefresh()
    const delay = refreshDelay(servers, this.#serverNow())
    if (delay === undefined) return
    this.#stopRefresh = this.#clock.after(delay, () => {
      this.#connection.request('ice.servers', {}).then(
        ({ iceServers }) => this.#useIceServers(iceServers),
        () => {}, // A closed session needs none, and a new connection brings its own.
      )
    })
  }

  #serverNow(): number {
    return this.#serverClock.at(this.#clock.now())
  }
}
