import type { Presence } from '@parley/protocol'
import { codeOf, lastingFailure, useSession, useSettings } from '@parley/ui/page'
import { useEffect, useState } from 'react'
import { sortPeople } from './people.ts'

/** Who else is online. */
export type People =
  | { readonly status: 'loading' }
  /** The server is away. */
  | { readonly status: 'unknown' }
  /** Not for this person: the token is missing or does not open the list. */
  | { readonly status: 'closed' }
  | { readonly status: 'known'; readonly people: readonly Presence[] }

/** Everybody else who is online, live, in a stable order. */
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
