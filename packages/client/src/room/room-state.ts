import type {
  ChatMessage,
  NetworkQuality,
  Participant,
  RoomSnapshot,
  Speakers,
  Topology,
  Track,
  TrackSource,
  UnsentTrack,
  UnservedTrack,
} from '@parley/protocol'
import type { Health } from '../stats/health-watch.ts'
import type { Trouble } from '../stats/types.ts'
import type { ConnectionStatus, ParticipantState, RoomState, RoomStatus, TrackState } from '../types.ts'
import { encryptionState, type KeyKnowledge } from './encryption-state.ts'

/** The state of a room as it is rendered, and media that has arrived but may not be shown yet. */
export interface RoomModel {
  readonly state: RoomState
  /** Remote tracks by participant and stream id; only those that have been announced are shown. */
  readonly media: ReadonlyMap<string, ReadonlyMap<string, MediaStreamTrack>>
  /** What is known of the keys of participants; empty while we have no secret. */
  readonly keys: ReadonlyMap<string, KeyKnowledge>
  /** What the server measured of people's media; empty in a mesh. */
  readonly networks: ReadonlyMap<string, NetworkQuality>
  /** What there is no room for. */
  readonly unsent: readonly UnsentTrack[]
  /** What this browser cannot decode. */
  readonly undecodable: readonly UnservedTrack[]
}

export type RoomAction =
  /** A fresh snapshot from the server. Participants in `keep` stay even if they are not in it. */
  | { readonly type: 'snapshot'; readonly snapshot: RoomSnapshot; readonly keep: ReadonlySet<string> }
  | { readonly type: 'joined'; readonly participant: Participant }
  | { readonly type: 'left'; readonly id: string }
  | { readonly type: 'changed'; readonly participant: Participant }
  /** Our own tracks, as they are here, since the server's view of them lags behind. */
  | { readonly type: 'local'; readonly tracks: readonly TrackState[] }
  | {
      readonly type: 'media'
      readonly id: string
      readonly stream: string
      readonly track: MediaStreamTrack | undefined
    }
  | { readonly type: 'keys'; readonly id: string; readonly keys: KeyKnowledge }
  | { readonly type: 'connection'; readonly id: string; readonly status: ConnectionStatus }
  /** The quality of the media paths; participants without one are absent from `qualities`. */
  | ({ readonly type: 'measured' } & Health)
  /** What the server measured of somebody's media. */
  | { readonly type: 'network'; readonly id: string; readonly quality: NetworkQuality }
  | { readonly type: 'unsent'; readonly tracks: readonly UnsentTrack[] }
  | { readonly type: 'undecodable'; readonly tracks: readonly UnservedTrack[] }
  | { readonly type: 'speakers'; readonly speakers: Speakers }
  | { readonly type: 'chat'; readonly messages: readonly ChatMessage[] }
  | { readonly type: 'status'; readonly status: RoomStatus }
  | { readonly type: 'topology'; readonly topology: Topology }

const nobody: Speakers = { recent: [], speaking: [] }

type Reducers = { [T in RoomAction['type']]: (model: RoomModel, action: Extract<RoomAction, { type: T }>) => RoomModel }

const kinds: Record<TrackSource, 'audio' | 'video'> = {
  camera: 'video',
  microphone: 'audio',
  screen: 'video',
  'screen-audio': 'audio',
}

export function kindOf(source: TrackSource): 'audio' | 'video' {
  return kinds[source]
}

const connected: ConnectionStatus = { status: 'connected' }

const reducers: Reducers = {
  snapshot(model, { snapshot, keep }) {
    const before = new Map(model.state.participants.map(participant => [participant.id, participant]))
    const present = snapshot.participants.map(wire => returned(before.get(wire.id), wire, model))
    // Those who were here before keep their position.
    const stayed = model.state.participants.flatMap(
      old => present.find(p => p.id === old.id) ?? (keep.has(old.id) ? old : []),
    )
    const participants = [...stayed, ...present.filter(({ id }) => !before.has(id))]
    return withState(throughSfu(forget(model, new Set(participants.map(({ id }) => id))), snapshot.topology.now), {
      name: snapshot.room,
      capacity: snapshot.capacity,
      createdAt: snapshot.createdAt,
      topology: same(model.state.topology, snapshot.topology),
      self: self(model.state.self, snapshot.self, model.state.encrypted),
      participants: share(model.state.participants, participants),
      messages: mergeMessages(model.state.messages, snapshot.chat),
    })
  },

  joined(model, { participant: wire }) {
    const { participants } = model.state
    if (participants.some(({ id }) => id === wire.id)) return update(model, wire.id, p => returned(p, wire, model))
    return withState(model, { participants: [...participants, returned(undefined, wire, model)] })
  },

  left(model, { id }) {
    const participants = model.state.participants.filter(participant => participant.id !== id)
    const ids = new Set(participants.map(participant => participant.id))
    return withState(forget(model, ids), { participants: share(model.state.participants, participants) })
  },

  changed(model, { participant: wire }) {
    if (wire.id === model.state.self.id)
      return withState(model, { self: self(model.state.self, wire, model.state.encrypted) })
    return update(model, wire.id, participant => remote(participant, wire, model))
  },

  local(model, { tracks }) {
    return withState(model, {
      self: same(model.state.self, { ...model.state.self, tracks: share(model.state.self.tracks, tracks) }),
    })
  },

  media(model, { id, stream, track }) {
    const streams = new Map(model.media.get(id))
    if (streams.get(stream) === track) return model
    if (track) streams.set(stream, track)
    else streams.delete(stream)
    const next = { ...model, media: new Map(model.media).set(id, streams) }
    return update(next, id, participant => ({
      tracks: share(
        participant.tracks,
        participant.tracks.map(wire => trackState(participant.tracks, wire, id, next)),
      ),
    }))
  },

  keys(model, { id, keys }) {
    const next = { ...model, keys: new Map(model.keys).set(id, keys) }
    return update(next, id, participant => ({ encryption: encryption(participant, next) }))
  },

  connection(model, { id, status }) {
    return update(model, id, ({ connection }) => ({ connection: same(connection, status) }))
  },

  measured(model, { qualities, troubles }) {
    const judged = (person: ParticipantState) =>
      same(person, { ...person, ...quality(qualities.get(person.id), model.networks.get(person.id)) })
    const { self, participants } = model.state
    return withState(model, {
      self: judged(self),
      participants: share(participants, participants.map(judged)),
      troubles: share(model.state.troubles, withTold(troubles, model.networks.get(self.id))),
    })
  },

  network(model, { id, quality: told }) {
    const next = { ...model, networks: new Map(model.networks).set(id, told) }
    if (id !== model.state.self.id) return update(next, id, () => quality(undefined, told))
    const { self } = model.state
    return withState(next, { self: same(self, { ...self, ...quality(self.quality, told) }) })
  },

  unsent(model, { tracks: unsent }) {
    return withTracks({ ...model, unsent })
  },

  undecodable(model, { tracks: undecodable }) {
    return withTracks({ ...model, undecodable })
  },

  speakers(model, { speakers }) {
    return withState(model, { speakers: present(model.state, speakers) })
  },

  chat(model, { messages }) {
    return withState(model, { messages: mergeMessages(model.state.messages, messages) })
  },

  topology(model, { topology }) {
    return withState(throughSfu(model, topology), {
      topology: same(model.state.topology, { ...model.state.topology, now: topology }),
    })
  },

  status(model, { status }) {
    return withState(model, { status: same(model.state.status, status) })
  },
}

/** The model after an action. Whatever has not changed stays the same object, as a whole and in its parts. Pure. */
export function reduceRoom<T extends RoomAction['type']>(
  model: RoomModel,
  action: Extract<RoomAction, { type: T }>,
): RoomModel {
  const reduce: (model: RoomModel, action: Extract<RoomAction, { type: T }>) => RoomModel = reducers[action.type as T]
  return reduce(model, action)
}

/** The model after the first snapshot. */
export function roomModel(snapshot: RoomSnapshot, encrypted = false): RoomModel {
  const empty: RoomModel = {
    media: new Map(),
    keys: new Map(),
    networks: new Map(),
    unsent: [],
    undecodable: [],
    state: {
      status: { status: 'connected' },
      name: snapshot.room,
      capacity: snapshot.capacity,
      createdAt: snapshot.createdAt,
      topology: snapshot.topology,
      encrypted,
      self: self(undefined, snapshot.self, encrypted),
      participants: [],
      messages: [],
      troubles: [],
      speakers: nobody,
    },
  }
  return reduceRoom(empty, { type: 'snapshot', snapshot, keep: new Set() })
}

/** The unmuted microphones, as track ids by participant. */
export function microphones({ self, participants }: RoomState): ReadonlyMap<string, string> {
  const open = [self, ...participants].flatMap(({ id, tracks }) => {
    const microphone = tracks.find(({ source, muted }) => source === 'microphone' && !muted)
    return microphone ? [[id, microphone.id] as const] : []
  })
  return new Map(open)
}

function self(before: ParticipantState | undefined, wire: Participant, encrypted: boolean): ParticipantState {
  return same(before, {
    ...person(wire),
    local: true,
    tracks: before?.tracks ?? [],
    connection: connected,
    encryption: encrypted ? 'on' : 'off',
    quality: before?.quality,
    qualityReason: before?.qualityReason,
    serverQuality: before?.serverQuality,
  })
}

/** A server that adapts what it sends leaves little to be seen here of a link that is too thin; it knows. */
function withTold(troubles: readonly Trouble[], told: NetworkQuality | undefined): readonly Trouble[] {
  const isThin = told?.reason === 'downlink-bandwidth' && told.score === 1
  return isThin && !troubles.includes('thin-downlink') ? [...troubles, 'thin-downlink'] : troubles
}

/** The worse of what was measured here and at the server. */
function quality(
  measured: ParticipantState['quality'],
  told: NetworkQuality | undefined,
): Pick<ParticipantState, 'quality' | 'qualityReason' | 'serverQuality'> {
  const isWorseHere = !told || (measured !== undefined && measured < told.score)
  return {
    ...(isWorseHere
      ? { quality: measured, qualityReason: undefined }
      : { quality: told.score, qualityReason: told.reason }),
    serverQuality: told,
  }
}

function remote(before: ParticipantState | undefined, wire: Participant, model: RoomModel): ParticipantState {
  const tracks = wire.tracks.map(track => trackState(before?.tracks ?? [], track, wire.id, model))
  return same(before, {
    ...person(wire),
    local: false,
    tracks: share(before?.tracks ?? [], tracks),
    connection: before?.connection ?? connected,
    encryption: encryption(wire, model),
    quality: before?.quality,
    qualityReason: before?.qualityReason,
    serverQuality: before?.serverQuality,
  })
}

/**
 * Somebody joins. If they come back after a restart of the server, they have not announced their tracks again yet, while their
 * media still flows: the tracks that we know of stay until they do.
 */
function returned(before: ParticipantState | undefined, wire: Participant, model: RoomModel): ParticipantState {
  const flowing = wire.tracks.length === 0 ? before?.tracks.filter(({ mediaTrack }) => mediaTrack) : undefined
  const announced = flowing?.map(wireTrack) ?? wire.tracks
  return remote(before, { ...wire, tracks: announced }, model)
}

function person({ id, identity, name, metadata, hand, recording, joinedAt, via }: Participant) {
  return { id, identity, name, metadata, hand, recording, joinedAt, via }
}

/** A track as it was announced. */
function wireTrack({ id, source, muted, encrypted }: Track): Track {
  return { id, source, muted, ...(encrypted && { encrypted }) }
}

function encryption(
  { id, via, tracks }: Pick<ParticipantState, 'id'> & Pick<Participant, 'via'> & { readonly tracks: readonly Track[] },
  { keys, state }: RoomModel,
) {
  return encryptionState({ encrypted: state.encrypted, keys: keys.get(id), throughServer: via !== undefined, tracks })
}

function trackState(
  before: readonly TrackState[],
  announced: Track,
  participant: string,
  model: RoomModel,
): TrackState {
  const { id, source, muted, encrypted } = announced
  const kind = kindOf(source)
  // To whoever has no secret, what is encrypted would be noise.
  const closed = encrypted && !model.state.encrypted
  // A muted camera has been released; its track would show a frozen frame.
  const mediaTrack = closed || (kind === 'video' && muted) ? undefined : model.media.get(participant)?.get(id)
  const unknown = model.undecodable.find(one => one.participant === participant && one.track === id)
  const left = model.unsent.some(one => one.participant === participant && one.track === id)
  return same(
    before.find(track => track.id === id),
    {
      ...wireTrack(announced),
      kind,
      mediaTrack,
      ...(unknown && { undecodable: unknown.codecs.join(', ') }),
      ...(left && { unsent: true }),
    },
  )
}

/** In a mesh, what a server measured before says nothing. */
function throughSfu(model: RoomModel, topology: Topology): RoomModel {
  if (topology === 'sfu' || model.networks.size === 0) return model
  const { self, participants } = model.state
  const unmeasured = (person: ParticipantState) => same(person, { ...person, serverQuality: undefined })
  return withState(
    { ...model, networks: new Map() },
    { self: unmeasured(self), participants: share(participants, participants.map(unmeasured)) },
  )
}

/** Everybody's tracks anew, after what is known of them has changed. */
function withTracks(model: RoomModel): RoomModel {
  const participants = model.state.participants.map(participant => {
    const { id, tracks } = participant
    const now = tracks.map(track => trackState(tracks, track, id, model))
    return same(participant, { ...participant, tracks: share(tracks, now) })
  })
  return withState(model, { participants: share(model.state.participants, participants) })
}

function update(
  model: RoomModel,
  id: string,
  change: (participant: ParticipantState) => Partial<ParticipantState>,
): RoomModel {
  const participants = model.state.participants.map(p => (p.id === id ? same(p, { ...p, ...change(p) }) : p))
  return withState(model, { participants: share(model.state.participants, participants) })
}

/** Drops the media and keys of everybody who is not in `stay`. */
function forget(model: RoomModel, stay: ReadonlySet<string>): RoomModel {
  const media = new Map([...model.media].filter(([id]) => stay.has(id)))
  const keys = new Map([...model.keys].filter(([id]) => stay.has(id)))
  const { self } = model.state
  const networks = new Map([...model.networks].filter(([id]) => stay.has(id) || id === self.id))
  const same = media.size === model.media.size && keys.size === model.keys.size && networks.size === model.networks.size
  return same ? model : { ...model, media, keys, networks }
}

/** Only those who are in the room. */
function present({ self, participants, speakers }: RoomState, next: Speakers): Speakers {
  const ids = new Set([self, ...participants].map(({ id }) => id))
  const here = (before: readonly string[], list: readonly string[]) =>
    share(
      before,
      list.filter(id => ids.has(id)),
    )
  return same(speakers, {
    recent: here(speakers.recent, next.recent),
    speaking: here(speakers.speaking, next.speaking),
  })
}

function withState(model: RoomModel, change: Partial<RoomState>): RoomModel {
  const next = { ...model.state, ...change }
  const speakers = change.participants ? present(next, next.speakers) : next.speakers
  const state = same(model.state, { ...next, speakers })
  return state === model.state ? model : { ...model, state }
}

/** `before` if it has the same properties as `next`, otherwise `next`. */
function same<T extends object>(before: T | undefined, next: T): T {
  if (!before) return next
  const keys = Object.keys(next) as (keyof T)[]
  const equal = keys.length === Object.keys(before).length && keys.every(key => Object.is(before[key], next[key]))
  return equal ? before : next
}

/** `before` if it holds the same objects in the same order as `next`, otherwise `next`. */
function share<T>(before: readonly T[], next: readonly T[]): readonly T[] {
  return before.length === next.length && before.every((item, index) => item === next[index]) ? before : next
}

/**
 * Both lists as one, each message once, oldest first; `known` itself when nothing is new.
 * Ids are made by senders, so two people may use the same one.
 */
function mergeMessages(known: readonly ChatMessage[], more: readonly ChatMessage[]): readonly ChatMessage[] {
  const fresh = newMessages(known, more)
  return fresh.length === 0 ? known : [...known, ...fresh].sort((a, b) => a.at - b.at)
}

/** What of `more` is not `known`. */
export function newMessages(known: readonly ChatMessage[], more: readonly ChatMessage[]): readonly ChatMessage[] {
  const keys = new Set(known.map(messageKey))
  return more.filter(message => {
    const isNew = !keys.has(messageKey(message))
    keys.add(messageKey(message))
    return isNew
  })
}

function messageKey({ id, from }: ChatMessage): string {
  return `${from.identity} ${id}`
}
