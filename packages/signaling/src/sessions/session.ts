import { type Rate, TokenBucket } from '@parley/net'
import type { Grants, IceServer, TokenClaims } from '@parley/protocol'
import type { IceServerSource } from '../ports.ts'
import { endOf, type Term } from '../rights/term.ts'

/** The rate budgets of one session; reconnecting does not refill them. */
export interface Budgets {
  readonly requests: TokenBucket
  readonly chat: TokenBucket
  readonly invites: TokenBucket
  readonly descriptions: TokenBucket
  readonly cursors: TokenBucket
  readonly costs: TokenBucket
}

/** A person in one tab, for longer than one socket lives. */
export interface Session {
  readonly id: string
  readonly identity: string
  /** What the token allows; a renewed token may allow something else. */
  grants: Grants
  /** How long the grants last. */
  term: Term
  /** The server made the identity up, since they had no token. */
  readonly guest: boolean
  /** The client's address when it last connected. */
  source: string
  /** The only room that this session may enter. Undefined: it may enter every room, and use presence and calls. */
  readonly onlyRoom: string | undefined
  /** The name cannot be changed, because the token sets it or does not allow writing. */
  readonly named: boolean
  readonly budgets: Budgets
  readonly tab: string | undefined
  readonly costs: TokenBucket
  name: string | undefined
  /** Rooms whose chat has already been sent on this connection. */
  readonly told: Set<string>
}

/** The name of people who gave none. */
export const nameless = 'Guest'

/** Somebody who connects, as their handshake proved. */
export interface Visitor {
  readonly id: string
  readonly claims: TokenClaims
  /** The name in the handshake, used if the token has none. */
  readonly name: string | undefined
  /** Identifies the browser tab, also after a reload of its page. */
  readonly tab?: string | undefined
  /** How long the claims are valid. */
  readonly term: Term
  /** The address that they come from. */
  readonly source: string
}

export function createSession(
  { id, claims, name, tab, term, source }: Visitor,
  rates: { readonly [K in keyof Budgets]: Rate },
  now: number,
): Session {
  const { requests, chat, invites, descriptions, cursors, costs } = rates
  const budgets = {
    requests: new TokenBucket(requests, now),
    chat: new TokenBucket(chat, now),
    invites: new TokenBucket(invites, now),
    descriptions: new TokenBucket(descriptions, now),
    cursors: new TokenBucket(cursors, now),
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

/** Whether a visitor has the rights of the session; one with other rights may not continue it. */
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

/** ICE servers for a session, with credentials that expire with its rights. */
export function iceServersFor(
  { identity, term }: Session,
  source: IceServerSource,
  host: string | undefined,
  now: number,
): IceServer[] {
  return [...source.iceServers(identity, host, endOf(term, now) ? now : term.expiresAt)]
}
