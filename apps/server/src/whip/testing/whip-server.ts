import { randomBytes } from 'node:crypto'
import { RemoteError } from '@parley/edge'
import { AppError, type Participant } from '@parley/protocol'
import type { HttpGuest, RoomInfo } from '@parley/signaling'
import { createHoldings } from '@parley/signaling'
import { Hono } from 'hono'
import { attempts } from '../../http/attempts.ts'
import type { Env } from '../../http/env.ts'
import { errorResponse } from '../../http/errors.ts'
import { createAuthenticator } from '../../tokens/authenticator.ts'
import { createTokenService, type NewClaims } from '../../tokens/token-service.ts'
import { whipApi } from '../whip-api.ts'
import { WhipSessions, type WhipSessionsOptions } from '../whip-sessions.ts'

/** What the SFU was asked. */
export type WhipRequest =
  | { readonly is: 'publish'; readonly sdp: string }
  | { readonly is: 'play'; readonly sdp: string; readonly of: string | null }
  | { readonly is: 'patch'; readonly fragment: string; readonly mayRestart: boolean }

/** How the SFU refuses. */
export function refusal(code: string, message = 'No.'): Promise<never> {
  return Promise.reject(new RemoteError({ name: 'NegotiationError', code, message, stack: undefined }))
}

export const offer = 'v=0 an offer'
export const fragment = 'a=ice-ufrag:new'
export const sdpType = { 'content-type': 'application/sdp' }
export const fragmentType = { 'content-type': 'application/trickle-ice-sdpfrag' }

/** Imitates the seats of signalling. */
class FakeSeats {
  readonly rooms = new Map<string, Participant[]>()
  readonly told: unknown[] = []
  /** What `admissible` and `admit` throw. */
  refusal: AppError | undefined

  admissible(): void {
    if (this.refusal) throw this.refusal
  }

  admit(room: string, guest: HttpGuest): Participant {
    this.admissible()
    const participant = { ...guest, tracks: [], subscribe: guest.via === 'whep', joinedAt: 1 }
    this.rooms.set(room, [...(this.rooms.get(room) ?? []), participant])
    this.told.push(['admit', room, guest.identity, guest.name, guest.via])
    return participant
  }

  announce(room: string, id: string, tracks: readonly { source: string }[]): void {
    if (!this.rooms.get(room)?.some(participant => participant.id === id)) throw new AppError('not-in-room')
    this.told.push(['announce', room, ...tracks.map(({ source }) => source)])
  }

  dismiss(room: string, id: string): void {
    const left = this.rooms.get(room)?.filter(participant => participant.id !== id) ?? []
    this.rooms.set(room, left)
    this.told.push(['dismiss', room])
  }

  room(name: string): RoomInfo | undefined {
    const participants = this.rooms.get(name)
    const topology = { wish: 'auto', now: 'sfu' } as const
    return participants && { name, capacity: 9, createdAt: 1, private: false, topology, participants }
  }

  get seats(): number {
    return [...this.rooms.values()].flat().length
  }
}

/** WHIP and WHEP with imitated seats and an imitated SFU, and a client for them. */
export class WhipServer {
  now = 1_700_000_000_000
  /** The client's address. */
  address = '192.0.2.7'
  readonly seats = new FakeSeats()
  readonly asked: WhipRequest[] = []
  /** Whom each request was about: room and seat. */
  readonly about: [room: string, id: string][] = []
  readonly released: string[] = []
  readonly logged: unknown[][] = []
  readonly reported: unknown[] = []
  readonly sessions: WhipSessions
  readonly #tokens = createTokenService(randomBytes(32), () => this.now)
  readonly #app = new Hono<Env>()

  constructor(mode: 'open' | 'token' = 'open') {
    const signaling = () => this.seats as unknown as ReturnType<WhipSessionsOptions['signaling']>
    const ask = async <T>(room: string, id: string, request: WhipRequest) => {
      this.asked.push(request)
      this.about.push([room, id])
      return (await this.answer(request)) as T
    }
    const sfu: WhipSessionsOptions['sfu'] = {
      publish: (room, id, sdp) => ask(room, id, { is: 'publish', sdp }),
      play: (room, id, sdp, of) => ask(room, id, { is: 'play', sdp, of }),
      patch: (room, id, fragment, mayRestart) => ask(room, id, { is: 'patch', fragment, mayRestart }),
      unseat: (_, id) => this.released.push(id),
    }
    const log = { info: (...said: unknown[]) => this.logged.push(said) } as unknown as WhipSessionsOptions['log']
    this.sessions = new WhipSessions({
      signaling,
      holdings: createHoldings(),
      sfu,
      log,
    })
    const options = {
      sessions: this.sessions,
      authenticator: createAuthenticator({ mode, tokens: this.#tokens, now: () => this.now }),
      iceServers: {
        iceServers: (identity: string, host?: string) => [
          { urls: [`stun:${host}:3478`] },
          {
            urls: ['turn:x:1?transport=udp', 'turns:x:2?transport=tcp'],
            username: `1:${identity}`,
            credential: 'secret',
          },
        ],
      },
      attempt: attempts({ addressOf: () => this.address, now: () => this.now }),
      addressOf: () => this.address,
    }
    this.#app.route('/whip', whipApi('whip', options))
    this.#app.route('/whep', whipApi('whep', options))
    this.#app.onError((error, c) => errorResponse(error, c, error => this.reported.push(error)))
  }

  /** What the SFU says. */
  answer: (request: WhipRequest) => unknown = ({ is }) => {
    if (is === 'publish') return { sdp: 'an answer', etag: 'e1', tracks: [{ id: 't', source: 'camera' }] }
    return is === 'play' ? { sdp: 'an answer', etag: 'e1' } : undefined
  }

  send(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
    return this.#app.request(path, { method, headers, ...(body !== undefined && { body }) })
  }

  post(path: string, headers: Record<string, string> = {}) {
    return this.send('POST', path, { ...sdpType, ...headers }, offer)
  }

  async bearer(claims: Partial<NewClaims>, seconds = 60): Promise<{ authorization: string }> {
    return { authorization: `Bearer ${await this.#tokens.mint({ sub: 'cam', ...claims }, seconds)}` }
  }

  /** The path of a new session, whose client has not connected. */
  async ask(path = '/whip/studio'): Promise<string> {
    return (await this.post(path)).headers.get('location') ?? ''
  }

  /** The path of a session whose client has connected. */
  async begin(path = '/whip/studio'): Promise<string> {
    const location = await this.ask(path)
    this.sessions.came(...this.last())
    return location
  }

  /** Who asked last. */
  last(): [room: string, id: string] {
    return this.about.at(-1) ?? ['', '']
  }
}

export async function code(response: Response | Promise<Response>): Promise<[number, string]> {
  const answered = await response
  const { code } = (await answered.json()) as { code: string }
  return [answered.status, code]
}
