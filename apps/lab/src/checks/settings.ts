import { list, number, settingsCodec } from '../report/permalink.ts'
import { type CheckId, checkIds } from './check-list.ts'

export const checksSettings = settingsCodec({
  /** Left out. */
  without: list([], 20),
  seconds: number(3, { min: 2, max: 60 }),
})

export function chosenChecks(without: readonly string[]): readonly CheckId[] {
  return checkIds.filter(id => !without.includes(id))
}
