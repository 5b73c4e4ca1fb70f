import { useTranslation } from 'react-i18next'
import { Banner } from '../components/banner.tsx'
import { secureLink, useServerInfo } from '../page/server-info.ts'

/** Browsers give a page loaded over plain HTTP neither camera nor microphone, so this links to the HTTPS page. */
export function InsecureBanner({ className }: { readonly className?: string | undefined }) {
  const { t } = useTranslation()
  const urls = useServerInfo(({ info }) => info?.urls ?? none)
  if (window.isSecureContext) return null
  const link = secureLink(location, urls)
  return (
    <Banner tone="warn" role="alert" title={t('insecure.title')} className={className}>
      {t('insecure.hint')}{' '}
      <a href={link} className="font-medium break-all underline underline-offset-2">
        {link}
      </a>
    </Banner>
  )
}

const none: readonly string[] = []
