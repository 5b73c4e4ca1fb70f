import { Button, CopyLink, QrCode } from '@parley/ui'
import { useShareableOrigin } from '@parley/ui/page'
import { Share2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'

/** Shown when nobody else is online: a link to invite people with. */
export function InviteOthers() {
  const { t } = useTranslation('home')
  const link = useShareableOrigin()
  return (
    <div className="mt-3 flex items-center gap-5 rounded-xl bg-sunken p-4">
      <QrCode value={link} label={t('inviteQr', { link })} className="size-28 shrink-0" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{t('nobody')}</p>
        <p className="mt-0.5 text-sm text-pretty text-ink-soft">{t('nobodyHint')}</p>
        <p className="mt-2 truncate text-sm font-medium text-accent-text" title={link}>
          {link.replace(/^https?:\/\//, '')}
        </p>
        <div className="mt-2 flex flex-wrap gap-2">
          <CopyLink link={link} />
          {'share' in navigator && <ShareLink link={link} />}
        </div>
      </div>
    </div>
  )
}

function ShareLink({ link }: { readonly link: string }) {
  const { t } = useTranslation()
  const share = () => {
    navigator.share({ url: link, title: t('appName') }).catch(() => {
      // The person closed the system's share sheet.
    })
  }
  return (
    <Button onClick={share} icon={<Share2 size={18} aria-hidden="true" />}>
      {t('share')}
    </Button>
  )
}
