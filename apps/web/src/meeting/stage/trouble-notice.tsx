import { Button, IconButton } from '@parley/ui'
import { Gauge, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { setInput } from '../../media/media.ts'
import { useMedia } from '../../media/store.ts'
import { useMeeting, useRoomState, useView } from '../context.ts'

/** What is wrong with this device or its connection, why, and what helps; one trouble at a time, while it lasts. */
export function TroubleNotice() {
  const { t } = useTranslation('meeting')
  const { t: common } = useTranslation()
  const { view } = useMeeting()
  const { troubles } = useRoomState()
  const dismissed = useView(state => state.dismissed)
  const sendsPicture = useMedia(media => media.camera.status === 'on')
  const trouble = troubles.find(each => !dismissed.has(each))
  return (
    // Always rendered, even when empty: screen readers announce only what changes inside an existing live region.
    <div role="status" className="w-full max-w-lg">
      {trouble && (
        <div
          data-trouble={trouble}
          className="flex animate-fade-in items-start gap-3 rounded-xl border border-line bg-surface px-4 py-3 text-ink shadow-pop"
        >
          <Gauge size={20} aria-hidden="true" className="mt-0.5 shrink-0" />
          <div className="min-w-0 flex-1">
            <p className="font-medium text-sm">{t(`trouble.${trouble}`)}</p>
            <p className="mt-0.5 text-ink-soft text-sm">{t(`remedy.${trouble}`)}</p>
            {sendsPicture && trouble !== 'thin-downlink' && (
              <Button className="mt-2" onClick={() => void setInput('camera', false)}>
                {common('device.turnCameraOff')}
              </Button>
            )}
          </div>
          <IconButton
            label={t('trouble.dismiss')}
            icon={<X size={18} aria-hidden="true" />}
            onClick={() => view.setState({ dismissed: new Set(dismissed).add(trouble) })}
            className="-my-1.5 -mr-2"
          />
        </div>
      )}
    </div>
  )
}
