import { type ClientErrorCode, connect, type Session } from '@parley/client'
import type { Presence } from '@parley/protocol'
import { create } from 'zustand'
import { codeOf } from './errors.ts'
import { retryDelayMs } from './retry.ts'
import { changeSettings, useSettings } from './settings.ts'
import { tabId } from './tab.ts'
import { guestToken, keepAccessToken, takeAccessToken, takeAddressToken } from './token.ts'

/** This tab's connection to the server. `retryAt` (ms since 1970) is when the next automatic attempt starts. */
export type Connection =
  | { readonly status: 'connecting' }
  | { readonly status: 'connected'; readonly session: Session; readonly polling: boolean }
  | {
      readonly status: 'reconnecting'
      readonly session: Session
      readonly since: number
      readonly retryAt: number | undefined
    }
  | { readonly status: 'failed'; readonly code: ClientErrorCode; readonly retryAt: number | undefined }

export interface SessionStore {
  readonly connection: Connection
  /** Everybody else who is online, by identity. */
  readonly people: ReadonlyMap<string, Presence>
}

export const useSession = create<SessionStore>()(() => ({ connection: { status: 'connecting' }, people: new Map() }))

/** The session, if there is one that is connected or reconnecting. */
export function sessionOf(connection: Connection): Session | undefined {
  return 'session' in connection ? connection.session : undefined
}

/** Why there is no session, if there will be none until a person does something about it. */
export function lastingFailure(connection: Connection): ClientErrorCode | undefined {
  return connection.status === 'failed' && connection.retryAt === undefined ? connection.code : undefined
}

/** Errors that another attempt may fix; the others need a person to act. */
const passing: ReadonlySet<ClientErrorCode> = new Set([
  'unreachable',
  'timeout',
  'internal',
  'server-stopping',
  'too-many-connections',
  'rate-limited',
])

let accessToken: string | undefined
let attempt = 0
let timer: ReturnType<typeof setTimeout> | undefined

/** Takes the token from the address and connects to the server this page came from; retries while it is unreachable. */
export function startSession(): void {
  accessToken = takeAccessToken()
  void open()
  useSettings.subscribe((now, before) => {
    if (now.relayOnly !== before.relayOnly) reopen()
  })
  // Pasting a personal link into an open tab of the same page changes only the fragment and does not reload it.
  addEventListener('hashchange', () => {
    const token = takeAddressToken()
    if (token !== undefined) become(token)
  })
}

/** Accepts a pasted invitation: from now on, this tab is the person it was made for. */
export function acceptInvitation(token: string): void {
  keepAccessToken(token)
  become(token)
}

function become(token: string): void {
  if (token === accessToken && useSession.getState().connection.status !== 'failed') return
  accessToken = token
  attempt = 0
  reopen()
}

/** Retries now instead of at `retryAt`. */
export function retryConnection(): void {
  const { connection } = useSession.getState()
  if (connection.status === 'reconnecting') connection.session.reconnect()
  if (connection.status === 'failed') void open()
}

/** Makes a new connection, because some options can be set only when it is made. */
function reopen(): void {
  sessionOf(useSession.getState().connection)?.close()
  void open()
}

/** Aborted when an attempt with other options replaces the current one. */
let opening = new AbortController()

async function open(): Promise<void> {
  clearTimeout(timer)
  opening.abort()
  opening = new AbortController()
  const { signal } = opening
  useSession.setState({ connection: { status: 'connecting' } })
  try {
    const session = await connectOnce(signal)
    if (signal.aborted) return session.close()
    follow(session)
    attempt = 0
  } catch (error) {
    if (!signal.aborted) fail(codeOf(error) ?? 'unreachable')
  }
}

/** Only one tab at a time creates the guest, so that two tabs opened together are the same person. */
async function connectOnce(signal: AbortSignal): Promise<Session> {
  if (accessToken !== undefined) return connectWith(accessToken, signal)
  const locks: LockManager | undefined = navigator.locks
  if (guestToken.load() === undefined && locks) {
    return locks.request('parley.guest', { signal }, () => connectAsGuest(signal))
  }
  return connectAsGuest(signal)
}

async function connectAsGuest(signal: AbortSignal): Promise<Session> {
  const known = guestToken.load()
  try {
    return keep(await connectWith(known, signal))
  } catch (error) {
    const code = codeOf(error)
    if (known === undefined || (code !== 'token-invalid' && code !== 'token-expired')) throw error
    guestToken.save(undefined)
    return keep(await connectWith(undefined, signal))
  }
}

function keep(session: Session): Session {
  guestToken.save(session.token)
  return session
}

let tab: Promise<string | undefined> | undefined

async function connectWith(token: string | undefined, signal: AbortSignal): Promise<Session> {
  // Without an id the old session cannot be resumed after a reload, but connecting still works.
  tab ??= tabId().catch(() => undefined)
  const id = await tab
  const { name, relayOnly } = useSettings.getState()
  return connect(location.origin, {
    signal,
    ...(id !== undefined && { tab: id }),
    ...(token !== undefined && { token }),
    ...(name !== '' && { name }),
    iceTransportPolicy: relayOnly ? 'relay' : 'all',
  })
}

let latest: Session | undefined

function follow(session: Session): void {
  latest = session
  const update = () => {
    const { state } = session
    if (session !== latest) return
    if (state.status === 'connected') {
      // A server that has lost its key makes us a new guest: save its token, so that the next tab is the same guest.
      if (accessToken === undefined) keep(session)
      useSession.setState({ connection: { status: 'connected', session, polling: state.polling ?? false } })
    } else if (state.status === 'reconnecting') useSession.setState({ connection: { ...state, session } })
    else fail(state.error?.code ?? 'closed')
  }
  session.on('state', update)
  // An invitation may say who it is for.
  if (session.name !== undefined && useSettings.getState().name === '') changeSettings({ name: session.name })
  session.on('presence', people => useSession.setState({ people }))
  useSession.setState({ people: session.people })
  update()
}

function fail(code: ClientErrorCode): void {
  const retryAt = passing.has(code) ? Date.now() + retryDelayMs(attempt++) : undefined
  useSession.setState({ connection: { status: 'failed', code, retryAt }, people: new Map() })
  if (retryAt !== undefined) timer = setTimeout(() => void open(), retryAt - Date.now())
}
