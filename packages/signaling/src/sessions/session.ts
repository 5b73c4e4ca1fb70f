import { type Rate, TokenBucket } from '@parley/net'
import type { Grants, IceServer, TokenClaims } from '@parley/protocol'
import type { IceServerSource } from '../ports.ts'
import { endOf, type Term } from '../rights/term.ts'

/** The budgets of one session; a reconnection does not fill them. */
export interface Budgets {
  readonly requests: TokenBucket
  readonly chat: TokenBucket
  readonly invites: TokenBucket
  readonly descriptions: TokenBucket
  readonly costs: TokenBucket
}

/** A person in one tab: what outlives a socket. */
export interface Session {
  readonly id: string
  readonly identity: string
  /** What the token allows; a renewed one may allow something else. */
  grants: Grants
  /** How long that lasts. */
  term: Term
  /** Made up by the server for who had no token. */
  readonly guest: boolean
  /** The address that it was last seen at. */
  source: string
  /** The only room this session may enter; without it every room, presence and calls. */
  readonly onlyRoom: string | undefined
  /** Nobody takes another name here: the token says it, or does not allow to write. */
  readonly named: boolean
  readonly budgets: Budgets
  readonly tab: string | undefined
  readonly costs: TokenBucket
  name: string | undefined
  /** Rooms whose chat was sent on this connection already. */
  readonly told: Set<string>
}

/** What people are called who gave no name. */
export const nameless = 'Guest'

/** Who comes, as the handshake has shown. */
export interface Visitor {
  readonly id: string
  readonly claims: TokenClaims
  /** From the handshake, for who has no name in the token. */
  readonly name: string | undefined
  /** The browser's tab, which outlives a reload of its page. */
  readonly tab?: string | undefined
  /** How long the claims count. */
  readonly term: Term
  /** The address that they come from. */
  readonly source: string
}

export function createSession(
  { id, claims, name, tab, term, source }: Visitor,
  rates: { readonly [K in keyof Budgets]: Rate },
  now: number,
): Session {
  const { requests, chat, invites, descriptions, costs } = rates
  const budgets = {
    requests: new TokenBucket(requests, now),
    chat: new TokenBucket(chat, now),
    invites: new TokenBucket(invites, now),
    descriptions: new TokenBucket(descriptions, now),
    costs: new TokenBucket(costs, now),
  }
  return {
    id,
    identity: claims.sub,
    grants: claims.grants,
    term,
    guest: claims.guest,
    source,
    onlyRoom: claims.room,
    named: claims.name !== undefined || !claims.grants.chat,
    tab,
    budgets,
    costs: budgets.costs,
    name: claims.name ?? (claims.grants.chat ? name : undefined),
    told: new Set(),
  }
}

/** Whether a visitor may do just what the session may: else the seat was taken with other rights and is not theirs. */
export function hasSameRights(session: Session, { claims }: Visitor): boolean {
  const { grants } = session
  return (
    session.identity === claims.sub &&
    session.onlyRoom === claims.room &&
    grants.publish === claims.grants.publish &&
    grants.subscribe === claims.grants.subscribe &&
    grants.chat === claims.grants.chat
  )
}

/** Servers for a session, with credentials for no longer than its rights last. */
export function iceServersFor(
  { identity, term }: Session,
  source: IceServerSource,
  host: string | undefined,
  now: number,
): IceServer[] {
  return [...source.iceServers(identity, host, endOf(term, now) ? now : term.expiresAt)]
}
