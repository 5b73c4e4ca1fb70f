import { Popover } from '@parley/ui'
import { Shield, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useRoomState } from '../context.ts'
import { badgeClass } from './badge.ts'

const protections = {
  mesh: {
    title: 'encryption.title',
    texts: ['encryption.what', 'encryption.relay', 'encryption.trust'],
    Icon: ShieldCheck,
  },
  sfu: { title: 'encryption.server', texts: ['encryption.serverWhat', 'encryption.serverTrust'], Icon: Shield },
} as const

/** Shows how this meeting is encrypted; the popover says what that does and does not protect against. */
export function EncryptionBadge() {
  const { t } = useTranslation('meeting')
  const { topology } = useRoomState()
  const { title, texts, Icon } = protections[topology.now]
  return (
    <Popover
      title={t(title)}
      align="end"
      trigger={
        <button type="button" aria-label={t(title)} className={badgeClass}>
          <Icon size={18} aria-hidden="true" className="text-accent-text" />
          <span className="max-md:hidden">{t('encryption.short')}</span>
        </button>
      }
    >
      <div className="max-w-80 space-y-2 text-[0.9375rem] text-ink-soft">
        {texts.map(text => (
          <p key={text}>{t(text)}</p>
        ))}
      </div>
    </Popover>
  )
}
