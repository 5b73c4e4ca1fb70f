import { type Finding, good, note } from './finding.ts'

/** When each major version gets its last fix (nodejs.org/en/about/previous-releases), and which one to use instead. */
const ends: Readonly<Record<number, string>> = { 20: '2026-04-30', 22: '2027-04-30', 24: '2028-04-30' }
const recommended = 24

/** Whether this Node still gets security fixes. Odd versions get them for half a year only. `now` is in ms since 1970. */
export function checkNode(version: string, now: number): Finding {
  const check = 'Node'
  const major = Number(version.split('.')[0])
  const end = ends[major]
  const over = end !== undefined && Date.parse(end) < now
  if (!over && major % 2 === 0) return good(check, version)
  const why = over
    ? `${version} works, but Node ${major} had its last fix on ${end}`
    : `${version} is no long-term version`
  return note(check, why, `Take Node ${recommended}: https://nodejs.org`)
}
