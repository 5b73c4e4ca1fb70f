import { startRinging } from '../sound/ringing.ts'
import { notifyHidden } from './notification.ts'
import { flashTitle } from './title.ts'

/**
 * Calls for attention with everything that a page has: it rings, the tab's title blinks, and there is a notification while
 * the page is hidden. The function returned ends it.
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
