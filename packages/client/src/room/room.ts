import type {
  ChatMessage,
  EventName,
  EventPayload,
  IceServer,
  LeaveReason,
  Participant,
  RequestInput,
  RoomSnapshot,
  SubscriptionWishes,
  Topology,
  TrackSource,
} from '@parley/protocol'
import { RoomBoard } from '../board/room-board.ts'
import type { Clock } from '../clock.ts'
import { RoomEncryption } from '../e2ee/room-encryption.ts'
import { EventSource } from '../emitter.ts'
import { ParleyError } from '../error.ts'
import type { RoomFiles } from '../files/types.ts'
import type { Signalling } from '../signalling/ports.ts'
import { HealthWatch } from '../stats/health-watch.ts'
import type { PeerStats } from '../stats/types.ts'
import type {
  ClientError,
  E2eeOptions,
  JoinOptions,
  LocalTrack,
  PictureSize,
  PublishOptions,
  Room,
  RoomEnd,
  RoomEvents,
  RoomState,
  TrackView,
  Unsubscribe,
  ViewOptions,
} from '../types.ts'
import type { FrameTransforms } from './frame-transforms.ts'
import { LocalTracks } from './local-tracks.ts'
import { MediaPeers } from './media-peers.ts'
import type { MediaSelf, RoomMedia, RoomMediaEvents } from './media-plane.ts'
import { Reception } from './reception.ts'
import { microphones, newMessages, type RoomAction, type RoomModel, reduceRoom, roomModel } from './room-state.ts'
import { type FilesPlatform, RoomTalk } from './room-talk.ts'
import { Seat } from './seat.ts'
import { SpeakerWatch } from './speaker-watch.ts'

/** What is sent to the server to join a room. */
type Joining = Omit<JoinOptions, 'signal' | 'e2ee'>

export interface JoinedRoomOptions {
  readonly snapshot: RoomSnapshot
  readonly joinOptions: Joining
  /** How media is encrypted end to end; undefined: it is not. */
  readonly e2ee: E2eeOptions | undefined
  readonly signalling: Signalling
  readonly clock: Clock
  readonly serverNow: () => number
  readonly files: FilesPlatform
  readonly iceServers: () => readonly IceServer[]
  readonly openMedia: (
    self: MediaSelf,
    topology: Topology,
    events: RoomMediaEvents,
    transforms: FrameTransforms | undefined,
  ) => RoomMedia
}

/** The events that are about one room. */
type RoomEventName = Exclude<EventName, 'welcome' | 'session.ended' | 'presence' | 'call' | 'server.stopping'>

/** A room that we are in: connects signalling, the room's state, our tracks and the media plane. */
export class JoinedRoom implements Room {
  readonly #options: JoinedRoomOptions
  readonly #events: EventSource<RoomEvents>
  readonly #speakers: SpeakerWatch
  readonly #tracks: LocalTracks
  readonly #encryption: RoomEncryption | undefined
  readonly board: RoomBoard
  readonly #media: RoomMedia
  readonly #reception: Reception
  readonly #peers: MediaPeers
  readonly #health = new HealthWatch()
  readonly #stopListening: readonly Unsubscribe[]
  readonly #seat: Seat
  readonly #talk: RoomTalk
  #joining: RequestInput<'room.join'>
  #model: RoomModel

  constructor(options: JoinedRoomOptions) {
    const { snapshot, joinOptions, e2ee, clock } = options
    this.#options = options
    this.#model = roomModel(snapshot, e2ee !== undefined)
    this.#joining = { room: snapshot.room, ...joinOptions }
    this.#seat = new Seat({ clock, take: () => this.#takeSeat(), refused: error => this.end('closed', error) })
    this.#speakers = new SpeakerWatch({
      clock,
      measure: () => this.#media.levels(microphones(this.state)),
      heard: levels => this.#events.emit('levels', levels),
      speakers: speakers => this.#apply({ type: 'speakers', speakers }),
    })
    this.#events = new EventSource((event, listeners) => {
      if (event === 'levels' || event === 'speakers') this.#speakers.listening(event, listeners)
    })
    this.#peers = new MediaPeers(clock, snapshot.participants, id => this.#left(id, 'lost'))
    this.#tracks = new LocalTracks({
      changed: () => this.#tracksChanged(),
      ended: source => this.#events.emit('trackEnded', { source }),
      encrypted: e2ee !== undefined,
      announce: (tracks, mutesHeard) =>
        this.#signalling.request('participant.update', { room: this.name, tracks: [...tracks], mutesHeard }),
    })
    this.#reception = new Reception({
      clock,
      topology: () => this.state.topology.now,
      ask: async wishes => this.#signalling.request('media.subscribe', { room: this.name, ...wishes }),
      changed: () => this.#updatePeers(),
    })
    this.#encryption = e2ee && this.#encrypt(e2ee)
    this.board = new RoomBoard({
      room: snapshot.room,
      clock,
      signalling: options.signalling,
      secret: e2ee?.secret,
      used: snapshot.board ?? false,
      self: () => this.state.self.id,
      others: () => this.state.participants.length,
    })
    const events: RoomMediaEvents = {
      negotiate: body => options.signalling.request('media.negotiate', { room: this.name, ...body }),
      report: (topology, state) =>
        options.signalling.request('media.report', { room: this.name, topology, state }, { urgent: true }),
      send: (to, body) => options.signalling.request('signal.send', { room: this.name, to, ...body }),
      media: (id, stream, incoming) => this.#apply({ type: 'media', id, stream, track: incoming?.track }),
      connection: (id, status) => this.#apply({ type: 'connection', id, status }),
      measured: stats =>
        this.#apply({ type: 'measured', ...this.#health.receive(this.state.self.id, stats, clock.now()) }),
      unsent: tracks => this.#apply({ type: 'unsent', tracks }),
      undecodable: tracks => this.#apply({ type: 'undecodable', tracks }),
    }
    this.#media = options.openMedia(snapshot.self, snapshot.topology.now, events, this.#encryption?.transforms)
    this.#talk = new RoomTalk({
      clock,
      platform: options.files,
      secret: e2ee?.secret,
      state: this.state,
      signalling: () => this.#signalling,
      iceServers: options.iceServers,
      wrote: message => this.#chat([message]),
      heard: message => this.#events.emit('message', message),
    })
    this.#stopListening = this.#listen()
    this.#hearSfu(snapshot)
    this.#updatePeers()
  }

  get name(): string {
    return this.state.name
  }

  get state(): RoomState {
    return this.#model.state
  }

  get localTracks(): ReadonlyMap<TrackSource, LocalTrack> {
    return this.#tracks.bySource
  }

  on<K extends keyof RoomEvents>(event: K, listener: (payload: RoomEvents[K]) => void): Unsubscribe {
    return this.#events.on(event, listener)
  }

  publish(source: TrackSource, mediaTrack: MediaStreamTrack, options: PublishOptions = {}): Promise<LocalTrack> {
    return this.#tracks.publish(source, mediaTrack, options)
  }

  get files(): RoomFiles {
    return this.#talk.files
  }

  sendChat(text: string): Promise<ChatMessage> {
    return this.#talk.chat(text)
  }

  sendReaction(emoji: string): Promise<void> {
    return this.#talk.react(emoji)
  }

  sendMessage(topic: string, body: string, to?: string): Promise<void> {
    return this.#talk.send(topic, body, to)
  }

  async raiseHand(up: boolean): Promise<void> {
    const onValue = (self: Participant) => this.#changed(self)
    await this.#signalling.request('participant.update', { room: this.name, hand: up }, { onValue })
  }

  async rename(name: string): Promise<void> {
    const onValue = (self: Participant) => this.#changed(self)
    await this.#signalling.request('participant.update', { room: this.name, name }, { onValue })
    this.#joining = { ...this.#joining, name }
  }

  async setRecording(on: boolean): Promise<void> {
    const onValue = (self: Participant) => this.#changed(self)
    await this.#signalling.request('participant.update', { room: this.name, recording: on }, { onValue })
  }

  subscribe(wishes: SubscriptionWishes): Promise<void> {
    return this.#reception.subscribe(wishes)
  }

  view(participant: string, track: string, place: HTMLElement | PictureSize, options: ViewOptions = {}): TrackView {
    return this.#reception.view({ participant, track }, place, options)
  }

  async stats(): Promise<readonly PeerStats[]> {
    const stats = await this.#media.stats()
    const encryption = this.#encryption
    if (!encryption) return stats
    const self = this.state.self.id
    return stats.map(peer =>
      peer.participant === self ? peer : { ...peer, undecryptedFrames: encryption.undecryptedOf(peer.participant) },
    )
  }

  serverNow(): number {
    return this.#options.serverNow()
  }

  retry(): void {
    this.#media.retry()
  }

  async leave(): Promise<void> {
    if (this.#ended) return
    const connected = this.state.status.status === 'connected'
    const told = this.#options.signalling.request('room.leave', { room: this.name }).then(
      () => {},
      () => {}, // Then we are not in the room any more, which is what was wanted.
    )
    this.end('left')
    if (connected) await told
  }

  /** The session has lost its connection; media goes on. */
  suspend(since: number): void {
    if (this.#ended) return
    this.#apply({ type: 'status', status: { status: 'reconnecting', since } })
    this.#speakers.tell(undefined)
    this.#updatePeers()
    this.board.suspend()
  }

  /** The session is connected again, and is still in the room, unless it was lost before it had its seat back. */
  async resume(): Promise<void> {
    if (this.#ended) return
    if (!this.#seat.held) return this.rejoin()
    this.#apply({ type: 'status', status: { status: 'connected' } })
    this.#updatePeers()
    this.#talk.reconnected()
    this.board.resume()
  }

  /** The session is connected again but no longer in the room: joins it again, and finds out what has changed. */
  async rejoin(): Promise<void> {
    if (!this.#ended) await this.#seat.regain()
  }

  async #takeSeat(): Promise<void> {
    const { signalling } = this.#options
    const { self, capacity, topology } = this.state
    const hand = self.hand !== undefined
    const recording = self.recording !== undefined
    // If the server has forgotten the room, the first to come back makes it again, as it was.
    const seat = { ...this.#joining, capacity, topology: topology.wish, topologyNow: topology.now }
    await signalling.request('room.join', seat, { urgent: true, onValue: snapshot => this.#reconcile(snapshot) })
    if (this.#ended) return
    const update = { room: this.name, hand, ...(recording && { recording }), tracks: [...this.#tracks.announced()] }
    const onValue = (self: Participant) => this.#changed(self)
    await signalling.request('participant.update', update, { urgent: true, onValue })
  }

  networkChanged(): void {
    this.#media.networkChanged()
  }

  setIceServers(servers: readonly IceServer[]): void {
    this.#media.setIceServers(servers)
  }

  /** We are no longer in the room: stops everything. */
  end(reason: RoomEnd['reason'], error?: ClientError): void {
    if (this.#ended) return
    for (const stop of this.#stopListening) stop()
    this.#seat.giveUp()
    this.#speakers.close()
    this.#peers.close()
    this.#reception.close()
    this.#tracks.close()
    this.#media.close()
    this.#talk.close(reason === 'left')
    this.#encryption?.close()
    this.board.end()
    const end: RoomEnd = { reason, ...(error && { error }) }
    this.#apply({ type: 'status', status: { status: 'ended', ...end } })
    this.#events.emit('ended', end)
  }

  get #ended(): boolean {
    return this.state.status.status === 'ended'
  }

  /** @throws {ParleyError} `closed` */
  get #signalling(): Signalling {
    if (this.#ended) throw new ParleyError('closed', 'You are no longer in this room.')
    return this.#options.signalling
  }

  #listen(): readonly Unsubscribe[] {
    return [
      this.#hear('room.joined', ({ participant }) => this.#joined(participant)),
      this.#hear('room.left', ({ id, reason }) => this.#left(id, reason)),
      this.#hear('room.changed', ({ participant }) => this.#changed(participant)),
      this.#hear('room.ended', ({ reason }) => this.end(reason)),
      this.#hear('room.muted', ({ source }) => this.#mutedByHost(source)),
      this.#hear('signal', ({ from, connection, seq, signal }) =>
        this.#media.receive(from, { connection, seq, signal }),
      ),
      this.#hear('key', ({ from, key }) => this.#encryption?.receive(from, key)),
      this.#hear('room.topology', ({ topology }) => this.#turn(topology)),
      this.#hear('room.settled', () => this.#settled()),
      this.#hear('room.speakers', ({ recent, speaking }) => this.#speakers.tell({ recent, speaking })),
      this.#hear('room.quality', ({ participant: id, room: _, ...quality }) =>
        this.#apply({ type: 'network', id, quality }),
      ),
      this.#hear('media.signal', ({ room: _, ...body }) => this.#media.negotiate(body)),
      this.#hear('media.lost', () => this.#mediaLost()),
      this.#hear('message', message => this.#talk.receive(message)),
      this.#hear('chat', message => this.#chat([message])),
      this.#hear('board', change => this.board.receive(change)),
      this.#hear('board.cursor', cursor => this.board.receiveCursor(cursor)),
      this.#hear('board.touched', touch => this.board.receiveTouch(touch)),
      this.#hear('reaction', ({ from, emoji }) => this.#events.emit('reaction', { from, emoji })),
    ]
  }

  #encrypt(e2ee: E2eeOptions): RoomEncryption {
    const { signalling, clock } = this.#options
    const encryption: RoomEncryption = new RoomEncryption({
      e2ee,
      clock,
      room: this.name,
      self: this.state.self.id,
      send: (to, key) => signalling.request('key.send', { room: this.name, ...(to !== undefined && { to }), key }),
      changed: id => {
        this.#apply({ type: 'keys', id, keys: encryption.stateOf(id) })
        this.#updatePeers()
      },
    })
    return encryption
  }

  #hear<K extends RoomEventName>(event: K, handle: (payload: EventPayload<K>) => void): Unsubscribe {
    return this.#options.signalling.on(event, payload => {
      if (payload.room === this.name) handle(payload)
    })
  }

  #joined(participant: Participant): void {
    if (participant.id === this.state.self.id) return
    const known = this.#participant(participant.id) !== undefined
    this.#peers.joined(participant)
    this.#apply({ type: 'joined', participant })
    this.#updatePeers()
    this.#reception.repeat(participant.id)
    const joined = known ? undefined : this.#participant(participant.id)
    if (joined) this.#events.emit('joined', joined)
  }

  #left(id: string, reason: LeaveReason): void {
    const participant = this.#participant(id)
    if (!participant) return
    this.#peers.left(id)
    this.#speakers.forget(id)
    this.#reception.forget(id)
    this.#apply({ type: 'left', id })
    this.#updatePeers()
    this.#events.emit('left', { participant, reason })
  }

  #changed(participant: Participant): void {
    if (participant.id !== this.state.self.id) this.#peers.changed(participant)
    this.#apply({ type: 'changed', participant })
    this.#updatePeers()
  }

  #chat(messages: readonly ChatMessage[]): void {
    const fresh = newMessages(this.state.messages, messages)
    this.#apply({ type: 'chat', messages: fresh })
    for (const message of fresh) this.#events.emit('chat', message)
  }

  #turn(topology: Topology): void {
    this.#media.setTopology(topology)
    this.#speakers.tell(undefined)
    if (topology === 'mesh') return // Until everybody has settled, some media may still go through the server.
    this.#apply({ type: 'topology', topology })
    this.#reception.repeat()
  }

  #settled(): void {
    this.#media.settled()
    this.#apply({ type: 'topology', topology: this.#media.topology })
  }

  /** The SFU has forgotten us. */
  #mediaLost(): void {
    this.#media.lost()
    this.#speakers.tell(undefined)
    this.#reception.repeat()
  }

  /** What the SFU says of people. */
  #hearSfu({ topology, speakers, qualities = [] }: RoomSnapshot): void {
    if (topology.now !== 'sfu') return
    if (speakers) this.#speakers.tell(speakers)
    for (const { participant: id, ...quality } of qualities) this.#apply({ type: 'network', id, quality })
  }

  #mutedByHost(source: TrackSource): void {
    this.#tracks.mutedByHost(source)
    this.#events.emit('mutedByHost', { source })
  }

  #tracksChanged(): void {
    this.#media.setOutgoingTracks(this.#tracks.outgoingTracks())
    this.#apply({ type: 'local', tracks: this.#tracks.states() })
  }

  /** A fresh snapshot after we had dropped out of the room: tells the application what it missed. */
  #reconcile(snapshot: RoomSnapshot): void {
    if (this.#ended) return // Left while the answer was on its way.
    const before = this.state
    const here = new Map(snapshot.participants.map(participant => [participant.id, participant]))
    const missing = before.participants.filter(({ id }) => !here.has(id))
    const sameSelf = snapshot.self.id === before.self.id
    // A room that was made again has lost everybody, and they come back as we do.
    const isNew = snapshot.createdAt !== before.createdAt
    const keep = new Set(missing.map(({ id }) => id).filter(id => sameSelf && (isNew || this.#media.flows(id))))
    // Wishes about whoever is missing are kept: they may only be slower to come back.
    this.#peers.reconcile(snapshot.participants, keep)
    this.#tracks.newSeat()
    this.#apply({ type: 'snapshot', snapshot, keep })
    this.#apply({ type: 'status', status: { status: 'connected' } })
    this.#media.setSelf(snapshot.self)
    this.#encryption?.setSelf(snapshot.self.id)
    this.#encryption?.announce() // Whoever has come back may have missed what we sent.
    this.#media.setTopology(snapshot.topology.now)
    this.#mediaLost()
    this.#hearSfu(snapshot)
    this.#updatePeers()
    this.#talk.reconnected()
    this.board.resume()

    const known = new Set(before.participants.map(({ id }) => id))
    for (const participant of missing) {
      if (!keep.has(participant.id)) this.#events.emit('left', { participant, reason: 'lost' })
    }
    for (const participant of this.state.participants) {
      if (!known.has(participant.id)) this.#events.emit('joined', participant)
    }
    for (const message of newMessages(before.messages, snapshot.chat)) this.#events.emit('chat', message)
  }

  #updatePeers(): void {
    this.#encryption?.setPresent(new Set(this.state.participants.map(({ id }) => id)))
    this.#media.setReachable(this.state.status.status === 'connected')
    this.#media.setPeers(
      this.#peers.list(this.state, (participant, track) => this.#reception.wants(participant, track)),
    )
    this.#reception.setPresent(this.state.participants)
    this.#talk.update(this.state)
  }

  #participant(id: string) {
    return this.state.participants.find(participant => participant.id === id)
  }

  #apply<T extends RoomAction['type']>(action: Extract<RoomAction, { type: T }>): void {
    const model = reduceRoom<T>(this.#model, action)
    if (model === this.#model) return
    const before = this.#model.state
    this.#model = model
    if (model.state !== before) this.#events.emit('changed', model.state)
    if (model.state.speakers !== before.speakers) this.#events.emit('speakers', model.state.speakers)
  }
}
