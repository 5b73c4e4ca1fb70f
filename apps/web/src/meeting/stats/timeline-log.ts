import type { ParticipantState } from '@parley/client'
import { maxTimelineEvents, measured, type TimelineEvent, type TimelineKind } from '@parley/diagnostics'

/** A person of the room, as far as the timeline is concerned. */
export interface TimelinePerson {
  readonly id: string
  readonly name: string
  readonly connection: 'connecting' | 'connected' | 'reconnecting' | 'failed'
  readonly reason?: string | undefined
  /** The server that forwards our media: it neither comes nor goes. */
  readonly server?: boolean
}

/** What the server makes of somebody's media. */
export interface TimelineJudgement {
  readonly id: string
  /** Absent: ourselves. */
  readonly name?: string
  /** Undefined: nothing, as in a mesh. */
  readonly quality: ParticipantState['serverQuality']
}

/** A track of a measurement; `undefined` = not measured. */
export interface TimelineTrack {
  readonly id: string
  readonly source: string
  readonly direction: 'in' | 'out'
  readonly loss?: number | undefined
  readonly height?: number | undefined
  readonly freezeCount?: number | undefined
  readonly limitedBy?: string | undefined
}

export interface TimelinePath {
  readonly participant: string
  readonly route?: 'direct' | 'relayed' | undefined
  readonly roundTripMs?: number | undefined
  readonly availableOutBps?: number | undefined
  readonly tracks: readonly TimelineTrack[]
}

const lossBad = 0.05
const lossGood = 0.02
const slowMs = 400
const quickMs = 250
/** A change of the bandwidth is worth a line only if it is at least this factor. */
const bandwidthFactor = 2

interface PathMemory {
  route: string | undefined
  bandwidth: number | undefined
  slow: boolean
  readonly lossy: Set<string>
  readonly heights: Map<string, number>
  readonly freezes: Map<string, number>
  readonly limits: Map<string, string>
}

/**
 * Turns the meeting's measurements into the few lines that explain it afterwards: only changes are logged, with
 * hysteresis between “begins” and “ends” so that nothing flickers. Pure: time is passed in, in ms since 1970.
 */
export class TimelineLog {
  #events: readonly TimelineEvent[] = []
  #people: ReadonlyMap<string, TimelinePerson> | undefined
  #server: boolean | undefined
  /** People whose path was last logged as connected. */
  readonly #connected = new Set<string>()
  readonly #paths = new Map<string, PathMemory>()
  /** What the server said of whom it found less than excellent. */
  #judged: ReadonlyMap<string, NonNullable<TimelineJudgement['quality']>> = new Map()

  get events(): readonly TimelineEvent[] {
    return this.#events
  }

  /** The people in the room and the state of their paths. */
  people(people: readonly TimelinePerson[], at: number): void {
    const before = this.#people
    if (!before) this.#add(at, 'joined')
    for (const person of people) {
      const last = before?.get(person.id)
      if (!last && before && !person.server) this.#add(at, 'person-came', person.name)
      // A newcomer's path counts as connected at first and is not logged; its first measured route logs it.
      if ((last?.connection ?? 'connected') === person.connection) continue
      if (person.connection === 'connected') {
        this.#connect(person.id, person.name, at)
        continue
      }
      this.#connected.delete(person.id)
      if (person.connection === 'failed') this.#add(at, 'path-failed', person.name, { reason: person.reason ?? '' })
      else if (person.connection === 'reconnecting') this.#add(at, 'path-lost', person.name)
      else this.#add(at, 'path-connecting', person.name)
    }
    const here = new Map(people.map(person => [person.id, person]))
    for (const [id, { name, server }] of before ?? []) {
      if (here.has(id)) continue
      if (!server) this.#add(at, 'person-went', name)
      this.#connected.delete(id)
      this.#paths.delete(id)
    }
    this.#people = here
  }

  /** Whether the signalling server can be reached. */
  server(reachable: boolean, at: number): void {
    if (this.#server === reachable || (this.#server === undefined && reachable)) {
      this.#server = reachable
      return
    }
    this.#server = reachable
    this.#add(at, reachable ? 'server-back' : 'server-lost')
  }

  /** What the server measures, of everybody. */
  judged(judgements: readonly TimelineJudgement[], at: number): void {
    const before = this.#judged
    this.#judged = new Map(
      judgements.flatMap(({ id, quality }) => (quality?.reason === undefined ? [] : [[id, quality]])),
    )
    for (const { id, name, quality } of judgements) {
      const last = before.get(id)
      if (!quality || (quality.score === (last?.score ?? 4) && quality.reason === last?.reason)) continue
      const params = { score: measured(quality.score, 'count') }
      this.#add(at, `judged-${quality.reason ?? 'good'}`, name, params)
    }
  }

  /** One measurement of every path. */
  measured(paths: readonly TimelinePath[], at: number): void {
    for (const path of paths) {
      const who = this.#people?.get(path.participant)?.name ?? path.participant
      const memory = this.#memory(path.participant)
      this.#path(path, memory, who, at)
      for (const track of path.tracks) this.#track(track, memory, who, at)
    }
  }

  left(at: number): void {
    this.#add(at, 'left')
  }

  #memory(participant: string): PathMemory {
    const known = this.#paths.get(participant)
    if (known) return known
    const fresh: PathMemory = {
      route: undefined,
      bandwidth: undefined,
      slow: false,
      lossy: new Set(),
      heights: new Map(),
      freezes: new Map(),
      limits: new Map(),
    }
    this.#paths.set(participant, fresh)
    return fresh
  }

  #connect(id: string, who: string, at: number): void {
    if (this.#connected.has(id)) return
    this.#connected.add(id)
    this.#add(at, 'path-connected', who)
  }

  #path(path: TimelinePath, memory: PathMemory, who: string, at: number): void {
    const { participant, route, roundTripMs, availableOutBps } = path
    if (route && route !== memory.route) {
      // Covers a path that was never logged as connected: a newcomer's, or one from before this log began.
      if (memory.route === undefined) this.#connect(participant, who, at)
      memory.route = route
      this.#add(at, `route-${route}`, who)
    }
    if (roundTripMs !== undefined && (memory.slow ? roundTripMs < quickMs : roundTripMs > slowMs)) {
      memory.slow = !memory.slow
      this.#add(at, memory.slow ? 'slow-began' : 'slow-ended', who, { time: measured(roundTripMs, 'ms') })
    }
    if (availableOutBps === undefined || availableOutBps <= 0) return
    const last = memory.bandwidth
    if (last === undefined) memory.bandwidth = availableOutBps
    else if (availableOutBps > last * bandwidthFactor || availableOutBps < last / bandwidthFactor) {
      memory.bandwidth = availableOutBps
      const params = { was: measured(last, 'bit/s'), now: measured(availableOutBps, 'bit/s') }
      this.#add(at, availableOutBps > last ? 'bandwidth-rose' : 'bandwidth-fell', who, params)
    }
  }

  #track(track: TimelineTrack, memory: PathMemory, who: string, at: number): void {
    const { direction, source, loss, height, freezeCount, limitedBy } = track
    const key = `${direction} ${track.id}`
    const about = { direction, source }
    if (loss !== undefined && (memory.lossy.has(key) ? loss < lossGood : loss > lossBad)) {
      const began = !memory.lossy.delete(key)
      if (began) memory.lossy.add(key)
      this.#add(at, began ? 'loss-began' : 'loss-ended', who, { ...about, loss: measured(loss, 'share') })
    }
    const lastHeight = memory.heights.get(key)
    if (height !== undefined && height > 0 && height !== lastHeight) {
      memory.heights.set(key, height)
      if (lastHeight !== undefined) {
        const params = { ...about, was: measured(lastHeight, 'px'), now: measured(height, 'px') }
        this.#add(at, height > lastHeight ? 'picture-larger' : 'picture-smaller', who, params)
      }
    }
    const lastFreezes = memory.freezes.get(key)
    if (freezeCount !== undefined) {
      memory.freezes.set(key, freezeCount)
      if (lastFreezes !== undefined && freezeCount > lastFreezes) {
        this.#add(at, 'froze', who, { ...about, count: measured(freezeCount - lastFreezes, 'count') })
      }
    }
    if (limitedBy !== undefined && direction === 'out') this.#limit(limitedBy, key, memory, who, at)
  }

  #limit(limitedBy: string, key: string, memory: PathMemory, who: string, at: number): void {
    const last = memory.limits.get(key) ?? 'none'
    memory.limits.set(key, limitedBy)
    if (last === limitedBy) return
    if (limitedBy === 'bandwidth' || limitedBy === 'cpu') this.#add(at, `limited-${limitedBy}`, who)
    else if (last === 'bandwidth' || last === 'cpu') this.#add(at, 'limit-gone', who)
  }

  #add(at: number, kind: TimelineKind, who?: string, params?: TimelineEvent['params']): void {
    const event: TimelineEvent = { at, kind, ...(who !== undefined && { who }), ...(params && { params }) }
    this.#events = [...this.#events, event].slice(-maxTimelineEvents)
  }
}
