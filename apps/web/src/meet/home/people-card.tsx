import type { Presence } from '@parley/protocol'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../app/session.ts'
import { useSettings } from '../../app/settings.ts'
import { placeCall } from '../calls/call-store.ts'
import { NotifyMe } from '../calls/notify-me.tsx'
import { InviteOthers } from './invite-others.tsx'
import { sortPeople } from './people.ts'
import { PersonRow } from './person-row.tsx'

export interface PeopleCardProps {
  /** Asks for the person's own name, without which nobody can be called. */
  readonly onNameMissing: () => void
  /** The field for it. */
  readonly children: ReactNode
}

/** Who is online, each with a button for a call by voice and one by video. */
export function PeopleCard({ onNameMissing, children }: PeopleCardProps) {
  const { t } = useTranslation('home')
  const people = usePeople()
  const name = useSettings(settings => settings.name)
  const [calling, setCalling] = useState<string>()

  const call = async (person: Presence, media: 'audio' | 'video') => {
    if (!name) return onNameMissing()
    setCalling(person.identity)
    await placeCall(person, media)
    setCalling(undefined)
  }

  return (
    <section
      aria-labelledby="people"
      className="self-start rounded-2xl border border-line bg-surface p-5 shadow-card sm:p-6 lg:sticky lg:top-6"
    >
      {children}
      <div className="mt-6 flex items-baseline justify-between gap-3">
        <h2 id="people" className="font-semibold">
          {t('callPerson')}
        </h2>
        {people.length > 0 && <p className="text-sm text-ink-soft">{t('online', { count: people.length })}</p>}
      </div>
      {people.length === 0 ? (
        <InviteOthers />
      ) : (
        <ul className="mt-2 -mr-2 max-h-[26rem] overflow-y-auto pr-2">
          {people.map(person => (
            <PersonRow key={person.identity} person={person} busy={calling === person.identity} onCall={call} />
          ))}
        </ul>
      )}
      {name && <NotifyMe />}
    </section>
  )
}

/** Everybody else who is online, live, in a stable order. */
function usePeople(): readonly Presence[] {
  const connection = useSession(state => state.connection)
  const people = useSession(state => state.people)
  const session = connection.status === 'connected' ? connection.session : undefined
  const tag = useSettings(settings => settings.language)

  useEffect(() => {
    if (!session) return
    let stop = () => {}
    let gone = false
    session.watchPeople().then(
      unwatch => {
        if (gone) unwatch()
        else stop = unwatch
      },
      (error: unknown) => console.warn('The list of people is not to be had:', error),
    )
    return () => {
      gone = true
      stop()
    }
  }, [session])

  return sortPeople([...people.values()], session?.identity, tag)
}
