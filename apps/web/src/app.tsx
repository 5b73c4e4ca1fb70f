import { buttonClass, Notice } from '@parley/ui'
import { useTitle } from '@parley/ui/page'
import { useTranslation } from 'react-i18next'
import { Link, Route, Switch } from 'wouter'
import { CallPage } from './calls/call-page.tsx'
import { IncomingCall } from './calls/incoming-call.tsx'
import { Home } from './home/home.tsx'
import { RecordingsHost } from './recordings/recordings-host.tsx'
import { RoomPage } from './room-page.tsx'

/** All pages, with the incoming-call dialog that can appear over any of them. */
export function App() {
  return (
    <>
      <Switch>
        <Route path="/" component={Home} />
        <Route path="/r/:room">{({ room }) => <RoomPage key={room} name={decode(room)} />}</Route>
        <Route path="/call/:id">{({ id }) => <CallPage key={id} id={id} />}</Route>
        <Route component={NotFound} />
      </Switch>
      <IncomingCall />
      <RecordingsHost />
    </>
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
