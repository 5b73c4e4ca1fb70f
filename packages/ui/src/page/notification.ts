/** Whether the person can still be asked for permission to notify. */
export function canAskToNotify(): boolean {
  return 'Notification' in globalThis && Notification.permission === 'default' && isSecureContext
}

/** Shows a notification if the page is hidden and notifications are permitted; the returned function removes it. */
export function notifyHidden(title: string, body: string): () => void {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted' || !document.hidden) return () => {}
  try {
    const notification = new Notification(title, { body, tag: 'parley-call', icon: '/icon-192.png' })
    notification.addEventListener('click', () => {
      window.focus()
      notification.close()
    })
    return () => notification.close()
  } catch {
    return notifyByWorker(title, body) // On phones, only a service worker may notify.
  }
}

function notifyByWorker(title: string, body: string): () => void {
  const shown = navigator.serviceWorker?.getRegistration().then(async registration => {
    await registration?.showNotification(title, { body, tag: 'parley-call', icon: '/icon-192.png' })
    return registration
  })
  return () => {
    void shown?.then(async registration => {
      for (const one of (await registration?.getNotifications({ tag: 'parley-call' })) ?? []) one.close()
    })
  }
}
