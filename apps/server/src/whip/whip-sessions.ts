import { randomBytes, randomUUID } from 'node:crypto'
import { type GuestCalls, RemoteError, type SfuCalls, type WhipCalls } from '@parley/edge'
import { type Hold, sourceKey } from '@parley/net'
import { AppError, type ErrorCode, type Track, type UnservedTrack } from '@parley/protocol'
import type { Holdings, HttpGuest, Pass, Signaling } from '@parley/signaling'
import type { Log } from '../log/log.ts'
import { mediaAnswer } from '../media/media-answer.ts'

export interface WhipSessionsOptions {
  readonly signaling: () => Pick<Signaling, 'admissible' | 'admit' | 'announce' | 'dismiss' | 'room'>
  /** What each source holds, over all ways in. */
  readonly holdings: Holdings
  readonly sfu: WhipCalls & Pick<SfuCalls, 'unseat'>
  readonly log: Log
}

/** What a client that came by HTTP may do with its session. */
export interface WhipSession {
  /** Unguessable: whoever has it may change and end the session. */
  readonly key: string
  readonly kind: 'whip' | 'whep'
  readonly room: string
  /** The seat, which everybody in the room knows once the client has connected. */
  readonly id: string
  readonly etag: string
}

/** The outcome of a PATCH with an SDP fragment. */
export type Patched =
  | { readonly is: 'trickled' }
  /** It would restart ICE, which needs a condition that the request did not have. */
  | { readonly is: 'unconditional' }
  | { readonly is: 'restarted'; readonly fragment: string }

/** Who asks for a session, and for what. */
export interface WhipOpening {
  readonly room: string
  readonly sdp: string
  /** WHEP: the participant to play; undefined: the first who sends. */
  readonly of: string | undefined
  /** The source whose budget the session counts against. */
  readonly address: string
}

interface Session extends WhipSession {
  etag: string
  /** Has connected and has a seat in the room; until then it only waits. */
  seated: boolean
  readonly person: HttpGuest
  tracks: readonly Track[]
  readonly address: string
  readonly hold: Hold
}

/** What the SFU says when it refuses; everything else is the client's description. */
const refusals: Readonly<Record<string, ErrorCode>> = {
  'not-found': 'not-found',
  'not-allowed': 'not-allowed',
  'too-large': 'too-large',
  'no-codec': 'no-codec',
}

const forEncoders = 'Offer what docs/encoders.md says of encoders and players.'

const names = { whip: 'Stream', whep: 'Viewer' } as const

/** The most clients that have not connected yet, over all sources. */
const mostWaiting = 1024
/** Ended sessions that are remembered, so that a client that was given up can still say goodbye. */
const mostEnded = 1024

/**
 * The sessions of WHIP and WHEP clients. Such a client takes a seat in its room once it has connected to the SFU, not when it
 * asks: until then it takes nothing from anybody, and gives way if there are too many like it.
 */
export class WhipSessions implements GuestCalls {
  readonly #options: WhipSessionsOptions
  /** By seat, the oldest first. */
  readonly #sessions = new Map<string, Session>()
  readonly #byKey = new Map<string, Session>()
  /** Sessions that we have ended, and why. */
  readonly #ended = new Map<string, Pick<WhipSession, 'kind' | 'room'> & { readonly why: string }>()

  constructor(options: WhipSessionsOptions) {
    this.#options = options
  }

  /** Clients that have asked and have not connected yet. */
  get waiting(): number {
    let waiting = 0
    for (const { seated } of this.#sessions.values()) if (!seated) waiting++
    return waiting
  }

  /**
   * Negotiates; the seat comes with the connection.
   * @throws {AppError} and there is no session. `over-quota`: its source has too many.
   */
  async open(
    kind: WhipSession['kind'],
    { claims, expiresAt }: Pass,
    { room, sdp, of, address }: WhipOpening,
  ): Promise<{ readonly session: WhipSession; readonly sdp: string }> {
    this.#sweep()
    const id = randomUUID()
    const { sub: identity, name = names[kind], guest } = claims
    const person = {
      id,
      identity,
      name,
      via: kind,
      guest,
      source: address,
      ...(expiresAt !== undefined && { expiresAt }),
    }
    this.#options.signaling().admissible(room, person)
    const hold = this.#hold(address)
    const key = randomBytes(24).toString('base64url')
    const seat = { key, kind, room, id, person, address, hold }
    const session: Session = { ...seat, etag: '', tracks: [], seated: false }
    this.#sessions.set(id, session)
    this.#byKey.set(key, session)
    try {
      const { sfu } = this.#options
      if (kind === 'whip') {
        const published = await answered(sfu.publish(room, id, sdp))
        session.etag = published.etag
        session.tracks = published.tracks.map(track => ({ ...track, muted: false }))
        return { session, sdp: published.sdp }
      }
      const played = await answered(sfu.play(room, id, sdp, of ?? null))
      session.etag = played.etag
      return { session, sdp: played.sdp }
    } catch (error) {
      this.close(session)
      throw error
    }
  }

  /** Undefined: there is none of that kind in that room. */
  find(kind: WhipSession['kind'], room: string, key: string): WhipSession | undefined {
    const session = this.#byKey.get(key)
    if (session && !this.#isThere(session)) this.#forget(session)
    else if (session?.kind === kind && session.room === room) return session
    return undefined
  }

  /** Why we have ended a session; undefined if we have not, or if it was long ago. */
  ended(kind: WhipSession['kind'], room: string, key: string): string | undefined {
    const ended = this.#ended.get(key)
    return ended?.kind === kind && ended.room === room ? ended.why : undefined
  }

  /** Candidates, or new credentials where those are to be taken: then there is an answer. Throws AppError. */
  async patch({ id }: WhipSession, fragment: string, mayRestart: boolean): Promise<Patched> {
    const session = this.#sessions.get(id)
    if (!session) throw new AppError('not-found')
    const patched = this.#options.sfu.patch(session.room, id, fragment, mayRestart).catch(error => {
      if (error instanceof RemoteError && error.code === 'unconditional') return 'unconditional' as const
      throw error
    })
    const restarted = await answered(patched)
    if (restarted === 'unconditional') return { is: 'unconditional' }
    if (!restarted) return { is: 'trickled' }
    session.etag = restarted.etag
    return { is: 'restarted', fragment: restarted.fragment }
  }

  close({ id, room }: WhipSession): void {
    const session = this.#sessions.get(id)
    if (!session) return
    this.#forget(session)
    if (session.seated) this.#options.signaling().dismiss(room, id, 'left')
    else this.#options.sfu.unseat(room, id)
  }

  /** It has connected: now it takes its seat, if there still is one. */
  came(room: string, id: string): void {
    const session = this.#sessions.get(id)
    if (!session || session.seated) return
    const { person, tracks } = session
    try {
      this.#options.signaling().admit(room, person)
      session.seated = true
      if (tracks.length > 0) this.#options.signaling().announce(room, id, tracks)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      this.#options.sfu.unseat(room, id)
      this.#end(session, error.message)
    }
  }

  gone(room: string, id: string, why: string): void {
    const session = this.#sessions.get(id)
    if (!session) return
    // Before it leaves the room, so that no session is ever found without a seat.
    this.#end(session, why)
    if (session.seated) this.#options.signaling().dismiss(room, id, 'lost')
    else this.#options.sfu.unseat(room, id)
  }

  excess(room: string, id: string): void {
    this.#options.log.warn(
      { room, participant: id },
      'somebody sends more than 200 Mbit/s or 20,000 packets/s: the rest is dropped',
    )
  }

  unserved(room: string, id: string, tracks: readonly UnservedTrack[]): void {
    for (const { participant, codecs } of tracks) {
      this.#options.log.warn(
        { room, participant: id, sender: participant, codecs },
        'somebody cannot decode what is sent to them: let the sender use VP8 or H.264 (Constrained Baseline)',
      )
    }
  }

  lost(): void {
    for (const session of [...this.#sessions.values()]) this.#forget(session)
  }

  /** Makes room for one more of this source, in place of the one that has waited longest if need be. */
  #hold(address: string): Hold {
    const room = () => this.#options.holdings.take(address, 'guests')
    const waiting = [...this.#sessions.values()].filter(({ seated }) => !seated)
    if (waiting.length >= mostWaiting) this.#giveWay(waiting[0])
    const held = room()
    if (held) return held
    this.#giveWay(waiting.find(session => sourceKey(session.address) === sourceKey(address)))
    const freed = room()
    if (!freed) throw new AppError('over-quota', 'There are too many streams and viewers by HTTP from this address.')
    return freed
  }

  #giveWay(session: Session | undefined): void {
    if (session) this.gone(session.room, session.id, 'it had not connected, and gave way to newer clients')
  }

  #end(session: Session, why: string): void {
    const { kind, key, room, id } = session
    this.#forget(session)
    this.#ended.set(key, { kind, room, why })
    for (const oldest of this.#ended.keys()) {
      if (this.#ended.size <= mostEnded) break
      this.#ended.delete(oldest)
    }
    this.#options.log.info({ room, participant: id, via: kind, why }, `${kind.toUpperCase()} client gone`)
  }

  #forget({ id, key, hold }: Session): void {
    this.#sessions.delete(id)
    this.#byKey.delete(key)
    hold.release()
  }

  #isThere({ seated, room, id }: Session): boolean {
    if (!seated) return true
    const participants = this.#options.signaling().room(room)?.participants
    return participants?.some(participant => participant.id === id) ?? false
  }

  /** Forgets those whose seat was given up elsewhere. */
  #sweep(): void {
    for (const session of this.#sessions.values()) if (!this.#isThere(session)) this.#forget(session)
  }
}

/** What the SFU answers. Throws AppError, with the code of what it refuses; see {@link mediaAnswer}. */
async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await mediaAnswer(answer)
  } catch (error) {
    if (!(error instanceof RemoteError) || error.name !== 'NegotiationError') throw error
    const code = refusals[error.code ?? '']
    throw code ? new AppError(code, error.message) : new AppError('bad-request', error.message, { remedy: forEncoders })
  }
}
