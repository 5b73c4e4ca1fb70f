import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { otherOf } from '../../calls/call-phase.ts'
import { useMedia } from '../../media/store.ts'
import { useMeeting, useRoomState, useView } from '../context.ts'
import { whoRecords } from '../recording/who-records.ts'

/**
 * The tab's title shows which meeting this is, whether it is recorded, whether the person is muted and how many messages are unread. Does not
 * use `useTitle`, which also announces the title: each of these is already announced in its own way.
 */
export function useMeetingTitle(): void {
  const { t } = useTranslation('meeting')
  const { call } = useMeeting()
  const state = useRoomState()
  const { name, status } = state
  const recorded = whoRecords(state).length > 0
  const unread = useView(state => state.unread)
  const { t: recording } = useTranslation('recording')
  const muted = useMedia(media => media.microphone.status !== 'on')
  const place = call ? otherOf(call).name : name
  const parts = [
    recorded && `● ${recording('title.recording')}`,
    status.status === 'reconnecting' && t('reconnecting'),
    muted && t('title.muted'),
    place,
  ]
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
