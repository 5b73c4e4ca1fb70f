import { CSPProvider } from '@base-ui/react/csp-provider'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Route, Switch } from 'wouter'
import { CallPage } from '../meet/calls/call-page.tsx'
import { IncomingCall } from '../meet/calls/incoming-call.tsx'
import { Home } from '../meet/home/home.tsx'
import { RoomPage } from '../meet/room-page.tsx'
import { buttonClass } from '../ui/button.tsx'
import { LiveRegion } from '../ui/live-region.tsx'
import { Toasts } from '../ui/toasts.tsx'
import { TooltipProvider } from '../ui/tooltip.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { loadLabTexts } from './i18n.ts'
import { Notice } from './notice.tsx'
import { usePresence } from './presence.ts'
import { useTitle } from './title.ts'

const Lab = lazy(async () => {
  const [page] = await Promise.all([import('../lab/lab.tsx'), loadLabTexts()])
  return page
})

/** Every page, and what lies over all of them: incoming calls, toasts, the live region. */
export function App() {
  const { t } = useTranslation()
  usePresence()
  return (
    <CSPProvider disableStyleElements>
      <TooltipProvider delay={400}>
        <ErrorBoundary>
          <Switch>
            <Route path="/" component={Home} />
            <Route path="/r/:room">{({ room }) => <RoomPage key={room} name={decode(room)} />}</Route>
            <Route path="/call/:id">{({ id }) => <CallPage key={id} id={id} />}</Route>
            <Route path="/lab/*?">
              <Suspense fallback={null}>
                <Lab />
              </Suspense>
            </Route>
            <Route component={NotFound} />
          </Switch>
          <IncomingCall />
        </ErrorBoundary>
        <Toasts label={t('notifications')} closeLabel={t('close')} />
        <LiveRegion />
      </TooltipProvider>
    </CSPProvider>
  )
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function NotFound() {
  const { t } = useTranslation()
  useTitle(t('notFound.title'))
  return (
    <Notice title={t('notFound.title')} text={t('notFound.hint')}>
      <Link href="/" className={buttonClass({ variant: 'primary' })}>
        {t('backHome')}
      </Link>
    </Notice>
  )
}
