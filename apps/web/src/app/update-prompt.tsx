import { registerSW } from 'virtual:pwa-register'
import i18next from 'i18next'
import { toast } from '../ui/toasts.tsx'

/** Registers the service worker and offers a new version when there is one. Nothing reloads unless the person says so. */
export function startUpdates(): void {
  const update = registerSW({
    onNeedRefresh: () => {
      toast({
        id: 'update',
        title: i18next.t('update.title'),
        action: { label: i18next.t('update.reload'), onSelect: () => void update(true) },
        timeoutMs: 0,
      })
    },
    // With a certificate that was only clicked through there is no service worker; the app works without.
    onRegisterError: (error: unknown) => console.info('No offline start:', error),
  })
}
