import { Address } from '@parley/udp'
import type { Ask, Outcome } from './transactions.ts'

/** Whom the tests may ask. */
export interface Servers {
  readonly server: Address
  /** Another STUN server, or another port of the same: tells about mapping where the first has no OTHER-ADDRESS. */
  readonly second?: Address
}

interface Test {
  /** Runs when these have their outcomes. */
  readonly after: readonly TestName[]
  /** Undefined where the test makes no sense: it is left out. */
  ask(known: Known): Ask | undefined
}

export type TestName =
  | 'binding'
  | 'mappingBinding'
  | 'hairpinBinding'
  | 'secondServer'
  | 'mappingAddress'
  | 'mappingBoth'
  | 'filteringBoth'
  | 'filteringPort'
  | 'hairpinForth'
  | 'hairpinBack'

export type Outcomes = Partial<Readonly<Record<TestName, Outcome>>>

interface Known extends Servers {
  readonly outcomes: Outcomes
}

/**
 * The tests of RFC 5780 §3 and §4, each with the local port it is made from. Filtering has a port of its own that talks
 * to nobody but the server's first address, since what it sent elsewhere would open the NAT for answers from there
 * (§4.5); so all tests of one round can run at the same time.
 */
export const tests: Readonly<Record<TestName, Test>> = {
  // §4.2
  binding: { after: [], ask: ({ server }) => ({ port: 'filtering', to: server }) },
  mappingBinding: { after: [], ask: ({ server }) => ({ port: 'mapping', to: server }) },
  hairpinBinding: { after: [], ask: ({ server }) => ({ port: 'hairpin', to: server }) },
  // §4.3
  secondServer: { after: [], ask: ({ second }) => second && { port: 'mapping', to: second } },
  mappingAddress: {
    after: ['mappingBinding'],
    ask(known) {
      const other = otherAddress(known, 'mappingBinding')
      return other && hasOtherHost(known, other)
        ? { port: 'mapping', to: Address.from(other.bytes(), known.server.port) }
        : undefined
    },
  },
  mappingBoth: {
    after: ['mappingBinding'],
    ask(known) {
      const other = otherAddress(known, 'mappingBinding')
      return other && { port: 'mapping', to: other }
    },
  },
  // §4.4
  filteringBoth: {
    after: ['binding'],
    ask(known) {
      const other = otherAddress(known, 'binding')
      return other && hasOtherHost(known, other)
        ? { port: 'filtering', to: known.server, change: { changeIp: true, changePort: true }, from: other }
        : undefined
    },
  },
  filteringPort: {
    after: ['binding'],
    ask(known) {
      const other = otherAddress(known, 'binding')
      if (other === undefined) return undefined
      const from = Address.from(known.server.bytes(), other.port)
      return { port: 'filtering', to: known.server, change: { changeIp: false, changePort: true }, from }
    },
  },
  // §3.4, and back again: each of the two opens the NAT for the other, so that only hairpinning is tested, not filtering.
  hairpinForth: {
    after: ['mappingBinding', 'hairpinBinding'],
    ask: ({ outcomes }) => hairpin('mapping', 'hairpin', outcomes.hairpinBinding),
  },
  hairpinBack: {
    after: ['mappingBinding', 'hairpinBinding'],
    ask: ({ outcomes }) => hairpin('hairpin', 'mapping', outcomes.mappingBinding),
  },
}

export const testNames = Object.keys(tests) as readonly TestName[]

/** The mapped address that a test saw. */
export function mappedAddress(outcome: Outcome | undefined): Address | undefined {
  return outcome?.is === 'answer' ? outcome.mapped : undefined
}

/** OTHER-ADDRESS, where it is of use: the same IP version and another port (RFC 5780 §7.4). */
function otherAddress({ server, outcomes }: Known, test: TestName): Address | undefined {
  const outcome = outcomes[test]
  const other = outcome?.is === 'answer' ? outcome.other : undefined
  const useful = other && other.version === server.version && other.port !== 0 && other.port !== server.port
  return useful ? other : undefined
}

function hasOtherHost({ server }: Known, other: Address): boolean {
  return other.host !== server.host
}

function hairpin(port: string, answerAt: string, target: Outcome | undefined): Ask | undefined {
  const to = mappedAddress(target)
  return to && { port, to, answerAt, returns: true }
}
