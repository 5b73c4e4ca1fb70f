import { startRinging } from '../sound/ringing.ts'
import { notifyHidden } from './notification.ts'
import { flashTitle } from './title.ts'

/**
 * Gets the person's attention in every way a page can: a ringtone, a blinking tab title and, while the page is hidden,
 * a notification. The returned function ends it.
 */
export function ring(title: string, body: string, speaker: string | undefined): () => void {
  const stopRinging = startRinging('incoming', speaker)
  flashTitle(title)
  let close = notifyHidden(title, body)
  const renew = () => {
    close()
    close = notifyHidden(title, body)
  }
  document.addEventListener('visibilitychange', renew)
  return () => {
    stopRinging()
    flashTitle(undefined)
    document.removeEventListener('visibilitychange', renew)
    close()
  }
}
