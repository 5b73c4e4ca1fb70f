import { ring, startRinging } from '@parley/ui/page'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useMedia } from '../media/store.ts'

/** Everything that says “somebody calls”, for as long as the component is shown. */
export function useIncomingRing(caller: string, video: boolean): void {
  const { t } = useTranslation('calls')
  const title = t('isCalling', { name: caller })
  const body = t(video ? 'videoCall' : 'audioCall')
  useEffect(() => ring(title, body, useMedia.getState().speaker), [title, body])
}

/** The soft tone a caller hears. */
export function useRingback(): void {
  useEffect(() => startRinging('outgoing', useMedia.getState().speaker), [])
}
