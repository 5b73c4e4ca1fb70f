import { flashTitle } from '@parley/ui/page'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useMedia } from '../media/store.ts'
import { notifyHidden } from './notification.ts'
import { startRinging } from './ringing.ts'

/** Everything that says “somebody calls”, for as long as the component is shown: sound, title, notification. */
export function useIncomingRing(caller: string, video: boolean): void {
  const { t } = useTranslation('calls')
  const text = t('isCalling', { name: caller })
  const body = t(video ? 'videoCall' : 'audioCall')

  useEffect(() => startRinging('incoming', useMedia.getState().speaker), [])
  useEffect(() => {
    flashTitle(text)
    return () => flashTitle(undefined)
  }, [text])
  useEffect(() => {
    let close = notifyHidden(text, body)
    const hidden = () => {
      close()
      close = notifyHidden(text, body)
    }
    document.addEventListener('visibilitychange', hidden)
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      close()
    }
  }, [text, body])
}

/** The soft tone a caller hears. */
export function useRingback(): void {
  useEffect(() => startRinging('outgoing', useMedia.getState().speaker), [])
}
