import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useTitle } from '../../../app/title.ts'
import { useMedia } from '../../../media/store.ts'
import { otherOf } from '../../calls/call-phase.ts'
import { useMeeting, useRoomState, useView } from '../context.ts'

/** The tab says which meeting this is, whether one is muted and how much is unread. */
export function useMeetingTitle(): void {
  const { t } = useTranslation('meeting')
  const { call } = useMeeting()
  const { name, status } = useRoomState()
  const unread = useView(state => state.unread)
  const muted = useMedia(media => media.microphone.status !== 'on')
  const place = call ? otherOf(call).name : name
  const parts = [status.status === 'reconnecting' && t('reconnecting'), muted && t('title.muted'), place]
  useTitle(`${unread > 0 ? `(${unread}) ` : ''}${parts.filter(Boolean).join(' · ')}`)
  useEffect(
    () => () => {
      document.title = `${place} · Parley`
    },
    [place],
  )
}
