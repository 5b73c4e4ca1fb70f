import type { Presence, PresenceStatus } from '@parley/protocol'

const rank: Record<PresenceStatus, number> = { available: 0, 'in-call': 1, away: 2, offline: 3 }

/** Those who can be called first, then by name; oneself and who is offline left out. */
export function sortPeople(people: readonly Presence[], self: string | undefined, language: string): Presence[] {
  const byName = new Intl.Collator(language, { numeric: true })
  return people
    .filter(person => person.identity !== self && person.status !== 'offline')
    .sort((a, b) => rank[a.status] - rank[b.status] || byName.compare(a.name, b.name))
}
