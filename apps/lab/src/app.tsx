import { Button, Header, InsecureBanner, NoWebRtcBanner, Sheet, Spinner } from '@parley/ui'
import { hasWebRtc } from '@parley/ui/page'
import { Menu } from 'lucide-react'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect, useLocation } from 'wouter'
import { withoutWebRtc } from './page-ids.ts'
import { labPages } from './pages.ts'
import { Navigation } from './shell/navigation.tsx'
import { useWords } from './shell/words.ts'

/** The Lab: the current page beside a list of all pages, which on a phone is a sheet. */
export function App() {
  const { t } = useTranslation('labShell')
  const { t: common } = useTranslation()
  const words = useWords()
  const [location] = useLocation()
  const [listed, setListed] = useState(false)
  const path = location.replace(/^\/lab\/?/, '').replace(/\/$/, '')
  const page = labPages.find(each => each.path === path)
  const first = labPages[0]
  if (!page && first) return <Redirect to={`/lab/${first.path}`} replace />
  if (!page) return null
  const { Page, id } = page
  return (
    <div className="flex min-h-dvh flex-col">
      <button
        type="button"
        onClick={() => document.getElementById('lab-page')?.focus()}
        className="sr-only z-50 rounded-lg bg-raised px-4 py-3 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('skip')}
      </button>
      <Header />
      <div className="mx-auto w-full max-w-6xl px-4 sm:px-6">
        <InsecureBanner className="mb-4" />
        <NoWebRtcBanner className="mb-4" />
        <div className="mb-4 lg:hidden">
          <Button
            block
            icon={<Menu size={18} aria-hidden="true" />}
            aria-haspopup="dialog"
            onClick={() => setListed(true)}
            className="justify-start"
          >
            {t('lab')}: {words.title(id)}
          </Button>
          <Sheet open={listed} onClose={() => setListed(false)} title={t('lab')} closeLabel={common('close')}>
            <div className="px-3 pb-4">
              <Navigation current={id} onNavigate={() => setListed(false)} />
            </div>
          </Sheet>
        </div>
      </div>
      <div className="mx-auto flex w-full max-w-6xl flex-1 lg:px-2">
        <aside className="sticky top-4 hidden w-56 shrink-0 self-start pl-2 lg:block">
          <p className="mb-2 px-3 text-sm font-medium text-ink-soft">{t('lab')}</p>
          <Navigation current={id} />
        </aside>
        <Suspense
          fallback={
            <div className="flex flex-1 justify-center pt-24 text-ink-soft">
              <Spinner size={32} />
            </div>
          }
        >
          {hasWebRtc || withoutWebRtc.has(id) ? <Page key={id} /> : <Unusable title={words.title(id)} />}
        </Suspense>
      </div>
    </div>
  )
}

/** Shown instead of a page that cannot work in this browser; the banner above says why. */
function Unusable({ title }: { readonly title: string }) {
  return (
    <main id="lab-page" tabIndex={-1} className="min-w-0 flex-1 px-4 pb-20 outline-none sm:px-6">
      <h1 className="text-2xl font-semibold tracking-tight sm:text-3xl">{title}</h1>
    </main>
  )
}
