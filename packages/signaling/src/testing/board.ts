import {
  type CallOutcome,
  type RequestInput,
  type RequestName,
  type RequestOutput,
  tokenClaims,
} from '@parley/protocol'
import { FakeClock } from '@parley/testkit'
import { beforeEach, expect } from 'vitest'
import { Alarm } from '../alarm.ts'
import { handlers } from '../handlers/index.ts'
import { createHoldings } from '../holdings.ts'
import { defaultLimits } from '../limits.ts'
import { Bans } from '../rights/bans.ts'
import type { Session } from '../sessions/session.ts'
import { Spending } from '../spending.ts'
import { Switchboard } from '../switchboard.ts'
import { testAuthenticator } from './server.ts'
import { Tape } from './tape.ts'

export let clock: FakeClock
export let tape: Tape
export let board: Switchboard
/** The outcomes of calls that have ended. */
export let outcomes: CallOutcome[]
const authenticator = testAuthenticator()
const iceServers = { iceServers: () => [] }

/** Gives each test of a file a switchboard of its own, without sockets, in virtual time. */
export function boardForEachTest(): void {
  beforeEach(() => {
    clock = new FakeClock(1_000_000)
    tape = new Tape()
    outcomes = []
    let rooms = 0
    let boards = 0
    const alarm = new Alarm(clock, () => board.timeout(clock.now()))
    board = new Switchboard(
      {
        wire: tape,
        limits: defaultLimits,
        holdings: createHoldings(defaultLimits),
        spending: new Spending(defaultLimits.costs, defaultLimits.costsPerAddress),
        bans: new Bans(),
        tokenEnd: 'stay',
        revoked() {},
        settings: { capacity: 100, wish: 'auto' },
        mediaPlane: undefined,
        newBoard: () => `board-${++boards}`,
        newRoom: () => `call-${++rooms}`,
        callEnded: outcome => outcomes.push(outcome),
        wake: at => alarm.set(at),
      },
      clock.now(),
    )
  })
}

/** Somebody connects, or reconnects, who has seen every event up to `after`. */
export function enter(id: string, claims: object = {}, after = 0) {
  const { expiresAt, source = '192.0.2.1', ...rest } = { ...claims } as { expiresAt?: number; source?: string }
  const term = expiresAt === undefined ? {} : { expiresAt }
  const parsed = tokenClaims.parse({ sub: id.replace(/\d+$/, ''), ...rest })
  const visitor = { id, claims: parsed, name: undefined, term, source }
  return board.sessions.enter(visitor, after, clock.now())
}

export const come = (id: string, claims?: object) => enter(id, claims).session

/** Handles a request as the door does. */
export function ask<K extends RequestName>(session: Session, name: K, input: RequestInput<K>): RequestOutput<K> {
  return handlers[name]({ board, session, authenticator, iceServers, now: clock.now() }, input) as RequestOutput<K>
}

/** An AppError with this code. */
export const code = (code: string) => expect.objectContaining({ code })

/** The events that a session has been sent since the last call. */
export const eventsOf = (session: Session) => tape.take(session.id).map(([event]) => event)
