import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { otherOf } from '../../calls/call-phase.ts'
import { useMedia } from '../../media/store.ts'
import { useMeeting, useRoomState, useView } from '../context.ts'

/**
 * The tab says which meeting this is, whether one is muted and how much is unread. Without the page's `useTitle`, which
 * also speaks: each of these is announced in its own way.
 */
export function useMeetingTitle(): void {
  const { t } = useTranslation('meeting')
  const { call } = useMeeting()
  const { name, status } = useRoomState()
  const unread = useView(state => state.unread)
  const muted = useMedia(media => media.microphone.status !== 'on')
  const place = call ? otherOf(call).name : name
  const parts = [status.status === 'reconnecting' && t('reconnecting'), muted && t('title.muted'), place]
  const title = `${unread > 0 ? `(${unread}) ` : ''}${parts.filter(Boolean).join(' · ')} · Parley`
  useEffect(() => {
    document.title = title
  }, [title])
  useEffect(
    () => () => {
      document.title = `${place} · Parley`
    },
    [place],
  )
}
