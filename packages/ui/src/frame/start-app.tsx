import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { type BaseLocationHook, Router } from 'wouter'
import { useBrowserLocation } from 'wouter/use-browser-location'
import { type LoadTexts, startI18n } from '../page/i18n.ts'
import { usePresence } from '../page/presence.ts'
import { loadServerInfo } from '../page/server-info.ts'
import { startSession } from '../page/session.ts'
import { followOtherTabs } from '../page/settings.ts'
import { followTheme } from '../page/theme.ts'
import { type RegisterWorker, startUpdates } from '../page/update-prompt.ts'
import { Shell } from './shell.tsx'

export interface StartOptions {
  readonly texts: LoadTexts
  /** Whether this app shows the page at a path; a link to any other path loads a new page. */
  readonly owns: (path: string) => boolean
  readonly registerWorker: RegisterWorker
  /** While this returns true, the person is not asked to reload the page. */
  readonly isBusy?: () => boolean
}

/** Shows an app in this page, in the person's theme and language, and connects it to the server that the page came from. */
export async function startApp(app: ReactNode, { texts, owns, registerWorker, isBusy }: StartOptions): Promise<void> {
  const root = document.getElementById('root')
  if (!root) throw new Error('index.html has no #root')
  followTheme()
  followOtherTabs()
  startSession()
  void loadServerInfo()
  await startI18n(texts)
  createRoot(root).render(
    <StrictMode>
      <Router hook={locationWithin(owns)}>
        <Present />
        <Shell>{app}</Shell>
      </Router>
    </StrictMode>,
  )
  startUpdates(registerWorker, isBusy)
}

function Present() {
  usePresence()
  return null
}

/** The browser's location for an app that shares its origin with another; paths of the other one load a new page. */
function locationWithin(owns: StartOptions['owns']): BaseLocationHook {
  return () => {
    const [path, navigate] = useBrowserLocation()
    const go: typeof navigate = (to, options) => (owns(String(to)) ? navigate(to, options) : location.assign(to))
    return [path, go]
  }
}
