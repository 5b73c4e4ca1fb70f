import { randomBytes, randomUUID } from 'node:crypto'
import { AppError, type ErrorCode, type TokenClaims } from '@parley/protocol'
import type { Signaling } from '@parley/signaling'
import type { WhipReply, WhipRequest } from '../edge/media-control.ts'

export interface WhipSessionsOptions {
  readonly signaling: () => Pick<Signaling, 'admit' | 'announce' | 'dismiss' | 'room'>
  /** Asks the SFU. Rejects with AppError where there is none. */
  readonly ask: (room: string, id: string, request: WhipRequest) => Promise<WhipReply>
}

/** What a client that came by HTTP may do with its session. */
export interface WhipSession {
  /** Nobody can guess it: who has it may change and end the session. */
  readonly key: string
  readonly kind: 'whip' | 'whep'
  readonly room: string
  /** The seat, which everybody in the room knows. */
  readonly id: string
  etag: string
}

/** What the SFU says when it refuses; everything else is the client's description. */
const refusals: Readonly<Record<string, ErrorCode>> = {
  'not-found': 'not-found',
  'not-allowed': 'not-allowed',
  'too-large': 'too-large',
  internal: 'internal',
}

const names = { whip: 'Stream', whep: 'Viewer' } as const

/** The sessions of WHIP and WHEP clients, and the seats that they have in rooms. */
export class WhipSessions {
  readonly #options: WhipSessionsOptions
  readonly #sessions = new Map<string, WhipSession>()

  constructor(options: WhipSessionsOptions) {
    this.#options = options
  }

  /**
   * Takes a seat and negotiates.
   * @param of WHEP: the participant to play; undefined: the first who sends.
   * @throws {AppError} and there is no seat.
   */
  async open(
    kind: WhipSession['kind'],
    claims: TokenClaims,
    { room, sdp, of }: { readonly room: string; readonly sdp: string; readonly of: string | undefined },
  ): Promise<{ readonly session: WhipSession; readonly sdp: string }> {
    this.#sweep()
    const { signaling, ask } = this.#options
    const id = randomUUID()
    const name = claims.name ?? names[kind]
    signaling().admit(room, { id, identity: claims.sub, name, via: kind })
    try {
      const reply = await ask(room, id, kind === 'whip' ? { is: 'publish', sdp } : { is: 'play', sdp, of })
      const { tracks, sdp: answer, etag } = granted(reply)
      if (tracks) signaling().announce(room, id, tracks)
      const session: WhipSession = { key: randomBytes(24).toString('base64url'), kind, room, id, etag }
      if (!this.#isSeated(session)) throw new AppError('not-in-room', 'The room was closed meanwhile.')
      this.#sessions.set(session.key, session)
      return { session, sdp: answer }
    } catch (error) {
      signaling().dismiss(room, id, 'left')
      throw error
    }
  }

  /** Undefined: there is none of that kind in that room, or no longer. */
  find(kind: WhipSession['kind'], room: string, key: string): WhipSession | undefined {
    const session = this.#sessions.get(key)
    if (session?.kind !== kind || session.room !== room) return undefined
    if (this.#isSeated(session)) return session
    this.#sessions.delete(key)
    return undefined
  }

  /** Candidates, or new credentials: then there is an answer. Throws AppError. */
  async patch(session: WhipSession, fragment: string): Promise<string | undefined> {
    const reply = await this.#options.ask(session.room, session.id, { is: 'patch', fragment })
    const { sdp, etag } = granted(reply)
    if (sdp === '') return undefined
    session.etag = etag
    return sdp
  }

  close(session: WhipSession): void {
    this.#sessions.delete(session.key)
    this.#options.signaling().dismiss(session.room, session.id, 'left')
  }

  #isSeated({ room, id }: WhipSession): boolean {
    return (
      this.#options
        .signaling()
        .room(room)
        ?.participants.some(participant => participant.id === id) ?? false
    )
  }

  /** Forgets those whose seat was given up elsewhere. */
  #sweep(): void {
    for (const [key, session] of this.#sessions) if (!this.#isSeated(session)) this.#sessions.delete(key)
  }
}

function granted(reply: WhipReply): Extract<WhipReply, { ok: true }> {
  if (reply.ok) return reply
  throw new AppError(refusals[reply.code] ?? 'bad-request', reply.message)
}
