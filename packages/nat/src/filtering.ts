import { type Doubt, type Filtering, type Finding, found, said, type Untried, untold } from './finding.ts'

type Fate = 'got-in' | 'kept-out'

/** What came of packets from where nothing had been sent to; of each kind undefined where none was sent. */
export interface Unasked {
  /** From an address that nothing had been sent to. */
  readonly otherAddress?: Fate
  /** From another port of an address that something had been sent to. */
  readonly otherPort?: Fate
  readonly doubts: readonly Doubt[]
}

/** RFC 5780 §4.4. A reason in place of observations: nothing was sent. */
export function judgeFiltering(unasked: Unasked | Untried): Finding<Filtering> {
  if (typeof unasked === 'string') return untold(unasked)
  const { otherAddress, otherPort, doubts } = unasked
  if (otherAddress === 'got-in') return found('endpoint-independent', 'certain', [said('other-address-got-in')])
  const sure = doubts.length === 0 ? 'certain' : 'likely'
  const keptOut = otherAddress === 'kept-out' ? [said('other-address-kept-out')] : []
  const doubted = doubts.map(doubt => said(doubt))
  if (otherPort === 'kept-out') {
    return found('address-and-port-dependent', sure, [...keptOut, said('other-port-kept-out'), ...doubted])
  }
  if (otherPort === undefined) return untold('kept-out-elsewhere')
  if (otherAddress === undefined) return untold('other-port-got-in')
  return found('address-dependent', sure, [said('other-port-got-in'), ...keptOut, ...doubted])
}
