import i18next from 'i18next'
import { loadServerInfo } from './server-info.ts'
import { sessionOf, useSession } from './session.ts'
import { toast } from './toasts.ts'

/** How often it is looked whether the app is still busy, ms. */
const quietMs = 5_000

/** `registerSW` of vite-plugin-pwa: registers the app's service worker; what it returns lets the new version take over. */
export type RegisterWorker = (options: {
  readonly onNeedRefresh: () => void
  readonly onRegisterError: (error: unknown) => void
}) => (reload: boolean) => Promise<void>

/**
 * Registers the service worker and offers a new version when there is one, but not while the app is busy: whoever presses
 * the button would be out of their meeting. Nothing reloads unless the person says so.
 */
export function startUpdates(registerWorker: RegisterWorker, isBusy = () => false): void {
  const offer = (reload: () => void): void => {
    if (isBusy()) return void setTimeout(() => offer(reload), quietMs)
    toast({
      id: 'update',
      title: i18next.t('update.title'),
      action: { label: i18next.t('update.reload'), onSelect: reload },
      timeoutMs: 0,
    })
  }
  /** The server has changed under this page: its own page may have too. */
  const lookForUpdate = async () => {
    void loadServerInfo()
    const found = await registration()
    if (found)
      await found.update() // Tells by itself what it finds.
    else offer(() => location.reload())
  }
  const update = registerWorker({
    // Firefox tells of the very first version as well.
    onNeedRefresh: () => void registration().then(found => isUpdate(found) && offer(() => void update(true))),
    // With a certificate that was only clicked through there is no service worker; the app works without.
    onRegisterError: (error: unknown) => console.info('No offline start:', error),
  })
  const versions = new VersionWatch()
  useSession.subscribe(({ connection }) => {
    const version = sessionOf(connection)?.serverVersion
    if (version !== undefined && versions.isNews(version)) void lookForUpdate()
  })
}

async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  return navigator.serviceWorker?.getRegistration()
}

/** Whether a version waits to take the place of one that runs; the first one ever waits too, for a moment. */
export function isUpdate(registration: Pick<ServiceWorkerRegistration, 'active' | 'waiting'> | undefined): boolean {
  return Boolean(registration?.active && registration.waiting)
}

/** Notices that the server is another version than it was when this page met it. */
export class VersionWatch {
  #known: string | undefined

  isNews(version: string): boolean {
    const before = this.#known
    this.#known = version
    return before !== undefined && before !== version
  }
}
