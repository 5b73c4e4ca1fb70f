import { type Filtering, type Finding, found, type Sureness, untold } from './findings.ts'
import type { Outcomes } from './tests.ts'
import type { Outcome } from './transactions.ts'

const heard = {
  both: 'an answer from another address and port came in',
  port: 'an answer from another port of the same address came in',
}
const notHeard = {
  both: 'no answer from another address came in',
  port: 'no answer from another port of the same address came in',
}

/** What came in from where nothing had been sent to (RFC 5780 §4.4). */
export function judgeFiltering(outcomes: Outcomes): Finding<Filtering> {
  const { binding, filteringBoth: both, filteringPort: port } = outcomes
  if (binding?.is !== 'answer') return untold('the server did not answer the first test')
  if (both?.is === 'answer') return found('endpoint-independent', 'certain', [heard.both])
  if (port === undefined) return untold('it takes a server that answers from a second address (RFC 5780)')
  if (refuses(both) || refuses(port)) return untold('the server does not answer from elsewhere when asked to')

  const doubt = doubtsOf(outcomes)
  const sure: Sureness = doubt.length === 0 ? 'certain' : 'likely'
  if (port.is === 'silence') {
    const silent = both ? [notHeard.both, notHeard.port] : [notHeard.port]
    return found('address-and-port-dependent', sure, [...silent, ...doubt])
  }
  if (both === undefined) return untold('another port of the server gets in; it takes a server with a second address')
  return found('address-dependent', sure, [heard.port, notHeard.both, ...doubt])
}

function refuses(outcome: Outcome | undefined): boolean {
  return outcome?.is === 'ignored' || outcome?.is === 'error'
}

/** Other reasons for silence than a filter. */
function doubtsOf({ binding, mappingBinding, hairpinBinding, mappingBoth }: Outcomes): string[] {
  const firstRound = [binding, mappingBinding, hairpinBinding, mappingBoth]
  const lost = firstRound.some(outcome => outcome?.is === 'answer' && outcome.requests > 1)
  return [
    ...(mappingBoth?.is === 'answer' ? [] : ['the server’s other address does not answer when asked directly, either']),
    ...(lost ? ['packets are being lost here, so silence may be loss'] : []),
  ]
}
