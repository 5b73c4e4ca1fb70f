import { ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Popover } from '../../../ui/popover.tsx'
import { badgeClass } from './badge.ts'

/** Says what protects this meeting, and in the popover what that means and what not. */
export function EncryptionBadge() {
  const { t } = useTranslation('meeting')
  return (
    <Popover
      title={t('encryption.title')}
      align="end"
      trigger={
        <button type="button" aria-label={t('encryption.title')} className={badgeClass}>
          <ShieldCheck size={18} aria-hidden="true" className="text-accent-text" />
          <span className="max-md:hidden">{t('encryption.short')}</span>
        </button>
      }
    >
      <div className="max-w-80 space-y-2 text-[0.9375rem] text-ink-soft">
        <p>{t('encryption.what')}</p>
        <p>{t('encryption.relay')}</p>
        <p>{t('encryption.trust')}</p>
      </div>
    </Popover>
  )
}
