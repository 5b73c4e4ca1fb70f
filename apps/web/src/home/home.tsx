import { ConnectionBanner, Header, InsecureBanner } from '@parley/ui'
import { useTitle } from '@parley/ui/page'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NameField } from '../name-field.tsx'
import { RecordingsButton } from '../recordings/recordings-host.tsx'
import { PeopleCard } from './people-card.tsx'
import { RecentList } from './recent-list.tsx'
import { StartForm } from './start-form.tsx'

/** The start page: a new meeting, a code or link to an existing one, people who are online, recent rooms. */
export function Home() {
  const { t } = useTranslation('home')
  const nameField = useRef<HTMLInputElement>(null)
  const [nameMissing, setNameMissing] = useState(false)
  useTitle(undefined)

  const askForName = () => {
    setNameMissing(true)
    nameField.current?.focus()
  }

  return (
    <div className="flex min-h-dvh flex-col">
      <Header />
      <main className="mx-auto w-full max-w-6xl flex-1 px-4 pb-16 sm:px-6">
        <InsecureBanner className="mb-4" />
        <ConnectionBanner className="mb-4" />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-16 gap-y-12 pt-6 sm:pt-12 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)] lg:pt-20">
          <div className="min-w-0">
            <h1 className="text-4xl font-semibold tracking-tight sm:text-5xl">{t('title')}</h1>
            <p className="mt-3 text-lg whitespace-pre-line text-ink-soft">{t('subtitle')}</p>
            <StartForm />
            <RecentList />
            <RecordingsButton />
          </div>
          <PeopleCard onNameMissing={askForName}>
            <NameField ref={nameField} missing={nameMissing} onNamed={() => setNameMissing(false)} />
          </PeopleCard>
        </div>
      </main>
    </div>
  )
}
