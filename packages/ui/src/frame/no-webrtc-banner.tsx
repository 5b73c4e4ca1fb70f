import { useTranslation } from 'react-i18next'
import { Banner } from '../components/banner.tsx'
import { hasWebRtc, missingWebRtc } from '../page/web-rtc.ts'

export function NoWebRtcBanner({ className }: { readonly className?: string | undefined }) {
  const { t } = useTranslation()
  if (hasWebRtc) return null
  return (
    <Banner tone="danger" role="alert" title={t('noWebRtc.title')} className={className}>
      {missingWebRtc.includes('RTCPeerConnection')
        ? t('noWebRtc.hint')
        : t('noWebRtc.partHint', { parts: missingWebRtc.join(', ') })}
    </Banner>
  )
}
