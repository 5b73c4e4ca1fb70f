import { registerSW } from 'virtual:pwa-register'
import i18next from 'i18next'
import { toast } from '../ui/toasts.tsx'
import { loadServerInfo } from './server-info.ts'
import { sessionOf, useSession } from './session.ts'
import { isUpdate, VersionWatch } from './versions.ts'

/** How often it is looked whether a meeting is over, ms. */
const quietMs = 5_000

/** Registers the service worker and offers a new version when there is one. Nothing reloads unless the person says so. */
export function startUpdates(): void {
  const update = registerSW({
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

/** The server has changed under this page: its own page may have too. */
async function lookForUpdate(): Promise<void> {
  void loadServerInfo()
  const found = await registration()
  if (found)
    await found.update() // Tells by itself what it finds.
  else offer(() => location.reload())
}

async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  return navigator.serviceWorker?.getRegistration()
}

/** Not during a meeting: whoever presses the button would be out of it. */
function offer(reload: () => void): void {
  if (document.querySelector('[data-meeting]')) return void setTimeout(() => offer(reload), quietMs)
  toast({
    id: 'update',
    title: i18next.t('update.title'),
    action: { label: i18next.t('update.reload'), onSelect: reload },
    timeoutMs: 0,
  })
}
