import type { Grants, TokenClaims } from '@parley/protocol'
import type { Rate } from '../limits.ts'
import { TokenBucket } from '../token-bucket.ts'

/** The budgets of one session; a reconnection does not fill them. */
export interface Budgets {
  readonly requests: TokenBucket
  readonly chat: TokenBucket
  readonly invites: TokenBucket
}

/** A person in one tab: what outlives a socket. */
export interface Session {
  readonly id: string
  readonly identity: string
  readonly grants: Grants
  /** The only room this session may enter; without it every room, presence and calls. */
  readonly onlyRoom: string | undefined
  /** The token says what the person is called: nobody takes another name under it. */
  readonly named: boolean
  readonly budgets: Budgets
  readonly tab: string | undefined
  name: string | undefined
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
}

export function createSession(
  { id, claims, name, tab }: Visitor,
  rates: { readonly [K in keyof Budgets]: Rate },
  now: number,
): Session {
  const { requests, chat, invites } = rates
  return {
    id,
    identity: claims.sub,
    grants: claims.grants,
    onlyRoom: claims.room,
    named: claims.name !== undefined,
    tab,
    budgets: {
      requests: new TokenBucket(requests, now),
      chat: new TokenBucket(chat, now),
      invites: new TokenBucket(invites, now),
    },
    name: claims.name ?? name,
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
