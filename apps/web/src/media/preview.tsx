import { cx } from '@parley/ui'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMedia } from './store.ts'

/** What the camera sees, mirrored like a looking glass unless it is a back camera. */
export function Preview({ className }: { readonly className?: string }) {
  const { t } = useTranslation()
  const track = useMedia(media => (media.camera.status === 'on' ? media.camera.track : undefined))
  const video = useRef<HTMLVideoElement>(null)

  useEffect(() => {
    const element = video.current
    if (!element) return
    element.srcObject = track ? new MediaStream([track]) : null
    return () => {
      element.srcObject = null
    }
  }, [track])

  const mirrored = track?.getSettings().facingMode !== 'environment'
  return (
    <video
      ref={video}
      aria-label={t('device.preview')}
      muted
      autoPlay
      playsInline
      className={cx(mirrored && '-scale-x-100', className)}
    />
  )
}
