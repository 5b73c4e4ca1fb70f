import { useTranslation } from 'react-i18next'
import { Banner } from '../ui/banner.tsx'
import { useServerInfo } from './server-info.ts'

/** The page's HTTPS twin: the address the server gives for this host, else its first, else this one with https. */
export function secureLink(page: Pick<Location, 'hostname' | 'pathname' | 'hash'>, urls: readonly string[]): string {
  const same = urls.find(url => URL.canParse(url) && new URL(url).hostname === page.hostname)
  const origin = same ?? urls[0] ?? `https://${page.hostname}`
  return origin + page.pathname + page.hash
}

/** Browsers give a page that came over plain HTTP neither camera nor microphone: lead to the page that may. */
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
