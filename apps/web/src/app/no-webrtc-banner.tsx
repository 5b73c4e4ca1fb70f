import { useTranslation } from 'react-i18next'
import { Banner } from '../ui/banner.tsx'

/** Whether this browser can be in a call at all: some are built without WebRTC, and extensions take it away. */
export const hasWebRtc = typeof globalThis.RTCPeerConnection === 'function'

export function NoWebRtcBanner({ className }: { readonly className?: string | undefined }) {
  const { t } = useTranslation()
  if (hasWebRtc) return null
  return (
    <Banner tone="danger" role="alert" title={t('noWebRtc.title')} className={className}>
      {t('noWebRtc.hint')}
    </Banner>
  )
}
