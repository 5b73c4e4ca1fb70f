import type { Presence, PresenceStatus } from '@parley/protocol'
import { codeOf, lastingFailure, useSession, useSettings } from '@parley/ui/page'
import { useEffect, useState } from 'react'

/** Who else is online. */
export type People =
  | { readonly status: 'loading' }
  /** The server cannot be reached. */
  | { readonly status: 'unknown' }
  /** This person may not see the list: the token is missing or does not allow it. */
  | { readonly status: 'closed' }
  | { readonly status: 'known'; readonly people: readonly Presence[] }

/** Everybody else who is online, updated live, in a stable order. */
export function usePeople(): People {
  const connection = useSession(state => state.connection)
  const people = useSession(state => state.people)
  const language = useSettings(settings => settings.language)
  const [watch, setWatch] = useState<'loading' | 'watching' | 'closed'>('loading')
  const session = connection.status === 'connected' ? connection.session : undefined

  useEffect(() => {
    setWatch('loading')
    if (!session) return
    let stop = () => {}
    let gone = false
    session.watchPeople().then(
      unwatch => {
        stop = unwatch
        if (gone) unwatch()
        else setWatch('watching')
      },
      (error: unknown) => {
        if (gone) return
        if (codeOf(error) === 'not-allowed') setWatch('closed')
        else console.warn('The list of people is not to be had:', error)
      },
    )
    return () => {
      gone = true
      stop()
    }
  }, [session])

  if (lastingFailure(connection)) return { status: 'closed' }
  if (connection.status === 'reconnecting' || connection.status === 'failed') return { status: 'unknown' }
  if (watch !== 'watching') return { status: watch }
  return { status: 'known', people: sortPeople([...people.values()], session?.identity, language) }
}

const rank: Record<PresenceStatus, number> = { available: 0, 'in-call': 1, away: 2, offline: 3 }

/** Sorts people who can be called first, then by name; leaves out the person themself and anybody offline. */
export function sortPeople(people: readonly Presence[], self: string | undefined, language: string): Presence[] {
  const byName = new Intl.Collator(language, { numeric: true })
  return people
    .filter(person => person.identity !== self && person.status !== 'offline')
    .sort((a, b) => rank[a.status] - rank[b.status] || byName.compare(a.name, b.name))
}
