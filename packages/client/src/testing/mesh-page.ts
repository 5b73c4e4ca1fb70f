import type { SignalBody, TrackSource } from '@parley/protocol'
import { type Clock, systemClock } from '../clock.ts'
import { Mesh } from '../mesh/mesh.ts'
import type { OutgoingTrack } from '../room/media-plane.ts'
import { kindOf } from '../room/room-state.ts'
import type { PeerStats } from '../stats/types.ts'
import type { ConnectionStatus } from '../types.ts'
import { until } from './until.ts'

/** How signals travel between the people of this page. */
export interface Wire {
  delayMs: number
  /** Every signal arrives twice. */
  duplicate: boolean
  /** Drops the signals for which it returns true. */
  lose: (from: string, to: string, body: SignalBody) => boolean
  /** Changes a signal on its way. */
  change: (body: SignalBody, from: string) => SignalBody
}

export interface WorldOptions extends Partial<Wire> {
  /** How many times faster the clock of the meshes runs, since their timeouts are long. */
  readonly haste?: number
  /** Whether newcomers leave the first offer to those who are there already. */
  readonly inOrder?: boolean
}

/** A person with a mesh of their own. */
class Person {
  readonly id: string
  readonly subscribe: boolean
  readonly published = new Map<TrackSource, OutgoingTrack>()
  readonly streams = new Map<TrackSource, MediaStream>()
  readonly muted = new Set<TrackSource>()
  /** Tracks that have arrived, by participant and stream. */
  readonly media = new Map<string, Map<string, MediaStreamTrack>>()
  readonly statuses = new Map<string, ConnectionStatus>()
  readonly sent: { readonly to: string; readonly body: SignalBody }[] = []
  mesh!: Mesh

  constructor(id: string, subscribe: boolean) {
    this.id = id
    this.subscribe = subscribe
  }

  tracks() {
    return [...this.published.values()].map(({ id, source }) => ({ id, source, muted: this.muted.has(source) }))
  }
}

/** A room in one page, with real peer connections and simulated signalling. */
export class World {
  readonly people = new Map<string, Person>()
  readonly wire: Wire
  readonly #clock: Clock
  readonly #inOrder: boolean
  readonly #reachable = new Map<string, boolean>()

  constructor({
    delayMs = 0,
    duplicate = false,
    lose = () => false,
    change = body => body,
    haste = 1,
    inOrder = false,
  }: WorldOptions = {}) {
    this.wire = { delayMs, duplicate, lose, change }
    this.#clock = hasty(haste)
    this.#inOrder = inOrder
  }

  /** Somebody joins; a person with the same id is replaced, as after a crash. */
  enter(id: string, { subscribe = true } = {}): void {
    this.people.get(id)?.mesh.close()
    const person = new Person(id, subscribe)
    person.mesh = this.#mesh(person)
    this.people.set(id, person)
    this.tell()
  }

  leave(id: string): void {
    this.people.get(id)?.mesh.close()
    this.people.delete(id)
    this.tell()
  }

  /** The server is away, or back, for everybody. */
  setReachable(reachable: boolean): void {
    for (const id of this.people.keys()) this.#reachable.set(id, reachable)
    this.tell()
  }

  async publish(id: string, source: TrackSource, track?: MediaStreamTrack): Promise<void> {
    const carrier = track ?? (await device(source))
    const { streams } = this.person(id)
    const own = streams.get(source) ?? new MediaStream()
    streams.set(source, own)
    const outgoingTrack = { source, id: own.id, streams: [own], carrier, track: carrier, options: {} }
    this.person(id).published.set(source, outgoingTrack)
    this.#send(id)
  }

  unpublish(id: string, source: TrackSource): void {
    this.person(id).published.delete(source)
    this.#send(id)
  }

  /** Does the same as a room: a muted camera sends nothing, a muted microphone sends silence. */
  mute(id: string, source: TrackSource, muted: boolean): void {
    const person = this.person(id)
    const outgoingTrack = person.published.get(source)
    if (!outgoingTrack) throw new Error(`${id} has no ${source}`)
    if (muted) person.muted.add(source)
    else person.muted.delete(source)
    outgoingTrack.carrier.enabled = !muted
    const track = muted && kindOf(source) === 'video' ? undefined : outgoingTrack.carrier
    person.published.set(source, { ...outgoingTrack, track })
    this.#send(id)
  }

  person(id: string): Person {
    const person = this.people.get(id)
    if (!person) throw new Error(`nobody is called ${id}`)
    return person
  }

  /** Tells every mesh who is in the room. */
  tell(): void {
    const people = [...this.people.values()]
    for (const [place, person] of people.entries()) {
      const others = [...people.entries()].filter(([, other]) => other !== person)
      person.mesh.setPeers(
        others.map(([otherPlace, other]) => ({
          id: other.id,
          subscribe: other.subscribe,
          tracks: other.tracks(),
          unwanted: new Set(),
          reachable: this.#reachable.get(other.id) ?? true,
          throughServer: false,
          unreadable: false,
          offersFirst: this.#inOrder && otherPlace < place,
        })),
      )
    }
  }

  status(of: string, to: string): ConnectionStatus | undefined {
    return this.person(of).statuses.get(to)
  }

  /** How many descriptions somebody has sent, to see how many negotiations a change has cost. */
  descriptions(id: string): number {
    return this.person(id).sent.filter(({ body }) => body.signal.kind === 'description').length
  }

  /** What one person has received of another's track, by the statistics. */
  async received(of: string, from: string, source: TrackSource): Promise<PeerStats['tracks'][number] | undefined> {
    const stats = await this.person(of).mesh.stats()
    return stats
      .find(({ participant }) => participant === from)
      ?.tracks.find(track => track.direction === 'in' && track.source === source)
  }

  /**
   * Routes media through ports of 127.0.0.1, one for each person.
   * @param aim Is told each person's real address.
   */
  leadThrough(ports: Record<string, number>, aim: (id: string, at: { address: string; port: number }) => void): void {
    this.wire.lose = (_from, _to, { signal }) => signal.kind === 'candidate' && !overIpv4(signal.candidate?.candidate)
    this.wire.change = (body, from) => {
      const copy = structuredClone(body)
      const { signal } = copy
      if (signal.kind === 'description')
        signal.description.sdp = signal.description.sdp.replace(/a=candidate:.*\r\n/g, '')
      if (signal.kind === 'candidate' && signal.candidate) {
        const words = signal.candidate.candidate.split(' ')
        aim(from, { address: words[4] ?? '', port: Number(words[5]) })
        signal.candidate.candidate = words.with(4, '127.0.0.1').with(5, String(ports[from])).join(' ')
      }
      return copy
    }
  }

  /** Whether a track shows pictures in a video element. */
  async plays(of: string, from: string, source: TrackSource): Promise<boolean> {
    const id = this.person(from).published.get(source)?.id ?? ''
    const track = this.person(of).media.get(from)?.get(id)
    if (!track) return false
    const video = document.createElement('video')
    video.muted = true
    video.srcObject = new MediaStream([track])
    await video.play()
    await new Promise(resolve => video.requestVideoFrameCallback(resolve))
    return video.videoWidth > 0
  }

  close(): void {
    for (const id of [...this.people.keys()]) this.leave(id)
  }

  #send(id: string): void {
    const person = this.person(id)
    person.mesh.setOutgoingTracks([...person.published.values()])
    this.tell()
  }

  #mesh(person: Person): Mesh {
    return new Mesh({
      self: { id: person.id, subscribe: person.subscribe },
      iceServers: [],
      iceTransportPolicy: 'all',
      clock: this.#clock,
      events: {
        negotiate: () => Promise.reject(new Error('there is no SFU')),
        unsent: () => {},
        send: async (to, body) => this.#carry(person, to, body),
        media: (participant, stream, incoming) => {
          const streams = person.media.get(participant) ?? new Map<string, MediaStreamTrack>()
          if (incoming?.flows) streams.set(stream, incoming.track)
          else streams.delete(stream)
          person.media.set(participant, streams)
          if (incoming?.track.kind === 'audio') listen(incoming.track)
        },
        connection: (participant, status) => person.statuses.set(participant, status),
        measured: () => {},
        undecodable: () => {},
      },
    })
  }

  #carry(from: Person, to: string, body: SignalBody): void {
    from.sent.push({ to, body })
    if (this.wire.lose(from.id, to, body)) return
    const text = JSON.stringify(this.wire.change(body, from.id))
    const deliver = () => this.people.get(to)?.mesh.receive(from.id, JSON.parse(text))
    for (let copies = this.wire.duplicate ? 2 : 1; copies > 0; copies--) setTimeout(deliver, this.wire.delayMs)
  }
}

/** Lets some time pass in which something must not happen. */
function frame(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** `a` and `b`, who see and hear each other. */
async function meet(options: WorldOptions = {}): Promise<World> {
  const world = new World(options)
  world.enter('a')
  world.enter('b')
  await Promise.all(['a', 'b'].flatMap(id => [world.publish(id, 'microphone'), world.publish(id, 'camera')]))
  for (const [of, from] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    const frames = async () => (await world.received(of, from, 'camera'))?.framesDecoded ?? 0
    await until(async () => (await frames()) > 5, `${of} sees ${from}`)
    await until(async () => (await world.received(of, from, 'microphone'))?.totalAudioEnergy, `${of} hears ${from}`)
  }
  return world
}

function overIpv4(candidate = ''): boolean {
  const [, , transport, , address] = candidate.split(' ')
  return transport === 'udp' && /^[\d.]+$/.test(address ?? '')
}

/** Plays the sound, because Chromium does not decode audio that is not played. */
function listen(track: MediaStreamTrack): void {
  const audio = new Audio()
  audio.srcObject = new MediaStream([track])
  audio.play().catch(reportError)
}

function hasty(haste: number): Clock {
  const start = systemClock.now()
  return {
    now: () => start + (systemClock.now() - start) * haste,
    after: (delayMs, callback) => systemClock.after(delayMs / haste, callback),
  }
}

/** Opens the camera with small pictures, since the tests share a machine. */
async function device(source: TrackSource): Promise<MediaStreamTrack> {
  const video = { width: 320, height: 240, frameRate: 15 }
  const constraints = kindOf(source) === 'video' ? { video } : { audio: true }
  const [track] = (await navigator.mediaDevices.getUserMedia(constraints)).getTracks()
  if (!track) throw new Error(`no ${source}`)
  return track
}

/** Every peer connection that the page has made. */
const connections: RTCPeerConnection[] = []
globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration)
    connections.push(this)
  }
}

/** Uncaught errors of the page. */
const errors: string[] = []
addEventListener('error', event => errors.push(event.message))
addEventListener('unhandledrejection', event => errors.push(String(event.reason)))

/** The peer connections that are not closed. */
function open(): readonly RTCPeerConnection[] {
  return connections.filter(({ connectionState }) => connectionState !== 'closed')
}

Object.assign(globalThis, { World, until, frame, device, meet, open, errors })
