import { Boards } from '../board/boards.ts'
import { createHoldings } from '../holdings.ts'
import { defaultLimits, type SignalingLimits } from '../limits.ts'

/** The whiteboards of a server; they are called `board-1`, `board-2` … */
export function whiteboards(given: Partial<SignalingLimits> = {}): Boards {
  const limits = { ...defaultLimits, ...given }
  let made = 0
  return new Boards({ caps: limits, holdings: createHoldings(limits), newId: () => `board-${++made}` })
}
