import i18next from 'i18next'
import { loadServerInfo } from './server-info.ts'
import { sessionOf, useSession } from './session.ts'
import { toast } from './toasts.ts'

/** How often to check whether the app is still busy, ms. */
const quietMs = 5_000

/** `registerSW` of vite-plugin-pwa: registers the service worker; the returned function activates the new version. */
export type RegisterWorker = (options: {
  readonly onNeedRefresh: () => void
  readonly onRegisterError: (error: unknown) => void
}) => (reload: boolean) => Promise<void>

/**
 * Registers the service worker and offers a new version when there is one, but not while the app is busy: reloading
 * would take people out of their meeting. Nothing reloads unless the person asks for it.
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
  /** The server's version has changed, so there may be a new version of this page. */
  const lookForUpdate = async () => {
    void loadServerInfo()
    const found = await registration()
    if (found)
      await found.update() // Triggers `onNeedRefresh` if there is a new version.
    else offer(() => location.reload())
  }
  const update = registerWorker({
    // Firefox reports the very first version as well.
    onNeedRefresh: () => void registration().then(found => isUpdate(found) && offer(() => void update(true))),
    // Service workers do not work if a certificate warning was clicked through; the app works without one.
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

/** Whether a new version waits to replace an active one; the very first version also waits briefly. */
export function isUpdate(registration: Pick<ServiceWorkerRegistration, 'active' | 'waiting'> | undefined): boolean {
  return Boolean(registration?.active && registration.waiting)
}

/** Notices when the server's version differs from the one this page first connected to. */
export class VersionWatch {
  #known: string | undefined

  isNews(version: string): boolean {
    const before = this.#known
    this.#known = version
    return before !== undefined && before !== version
  }
}
