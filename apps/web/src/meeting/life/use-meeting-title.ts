import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { otherOf } from '../../calls/call-phase.ts'
import { useMedia } from '../../media/store.ts'
import { useMeeting, useRoomState, useView } from '../context.ts'

/**
 * The tab's title shows which meeting this is, whether the person is muted and how many messages are unread. Does not
 * use `useTitle`, which also announces the title: each of these is already announced in its own way.
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
