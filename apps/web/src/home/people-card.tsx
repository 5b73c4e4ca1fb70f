import type { Presence } from '@parley/protocol'
import { useSettings } from '@parley/ui/page'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { placeCall } from '../calls/call-store.ts'
import { NotifyMe } from '../calls/notify-me.tsx'
import { InviteOthers } from './invite-others.tsx'
import { PersonRow } from './person-row.tsx'
import { type People, usePeople } from './use-people.ts'

export interface PeopleCardProps {
  /** Called when the person has no name yet, which calling somebody requires. */
  readonly onNameMissing: () => void
  /** The name field. */
  readonly children: ReactNode
}

/** Who is online, each with a voice-call and a video-call button. */
export function PeopleCard({ onNameMissing, children }: PeopleCardProps) {
  const { t } = useTranslation('home')
  const people = usePeople()
  const named = useSettings(settings => settings.name !== '')
  const count = people.status === 'known' ? people.people.length : 0
  return (
    <div className="self-start rounded-2xl border border-line bg-surface p-5 shadow-card sm:p-6 lg:sticky lg:top-6">
      {children}
      {people.status !== 'closed' && (
        <section aria-labelledby="people" className="mt-6">
          <div className="flex items-baseline justify-between gap-3">
            <h2 id="people" className="font-semibold">
              {t('callPerson')}
            </h2>
            {count > 0 && <p className="text-sm text-ink-soft">{t('online', { count })}</p>}
          </div>
          <PeopleList people={people} onNameMissing={onNameMissing} />
          {named && <NotifyMe />}
        </section>
      )}
    </div>
  )
}

interface PeopleListProps {
  readonly people: Exclude<People, { status: 'closed' }>
  readonly onNameMissing: () => void
}

function PeopleList({ people, onNameMissing }: PeopleListProps) {
  const { t } = useTranslation('home')
  const [calling, setCalling] = useState<string>()

  const call = async (person: Presence, media: 'audio' | 'video') => {
    if (!useSettings.getState().name) return onNameMissing()
    setCalling(person.identity)
    await placeCall(person, media)
    setCalling(undefined)
  }

  if (people.status === 'unknown') return <p className="mt-2 text-ink-soft">{t('peopleUnknown')}</p>
  if (people.status === 'loading') return <div className="h-36" />
  if (people.people.length === 0) return <InviteOthers />
  return (
    <ul className="mt-2 -mr-2 max-h-[26rem] overflow-y-auto pr-2">
      {people.people.map(person => (
        <PersonRow key={person.identity} person={person} busy={calling === person.identity} onCall={call} />
      ))}
    </ul>
  )
}
