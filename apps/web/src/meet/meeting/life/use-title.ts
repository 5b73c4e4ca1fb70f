import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useMedia } from '../../../media/store.ts'
import { otherOf } from '../../calls/call-phase.ts'
import { useMeeting, useRoomState, useView } from '../context.ts'

/** The tab says which meeting this is, whether one is muted and how much is unread. */
export function useTitle(): void {
  const { t } = useTranslation('meeting')
  const { t: common } = useTranslation()
  const { call } = useMeeting()
  const { name, status } = useRoomState()
  const unread = useView(state => state.unread)
  const muted = useMedia(media => media.microphone.status !== 'on')
  const parts = [
    status.status === 'reconnecting' && t('reconnecting'),
    muted && t('title.muted'),
    call ? otherOf(call).name : name,
    common('appName'),
  ]
  const title = `${unread > 0 ? `(${unread}) ` : ''}${parts.filter(Boolean).join(' · ')}`
  useEffect(() => {
    document.title = title
  }, [title])
  const appName = common('appName')
  useEffect(
    () => () => {
      document.title = appName
    },
    [appName],
  )
}
