import { ring, startRinging } from '@parley/ui/page'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useMedia } from '../media/store.ts'

/** Rings, blinks the title and notifies of an incoming call for as long as the component is mounted. */
export function useIncomingRing(caller: string, video: boolean): void {
  const { t } = useTranslation('calls')
  const title = t('isCalling', { name: caller })
  const body = t(video ? 'videoCall' : 'audioCall')
  useEffect(() => ring(title, body, useMedia.getState().speaker), [title, body])
}

/** Plays the soft ringback tone that a caller hears. */
export function useRingback(): void {
  useEffect(() => startRinging('outgoing', useMedia.getState().speaker), [])
}
