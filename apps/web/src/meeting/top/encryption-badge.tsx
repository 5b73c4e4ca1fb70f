import type { RoomState } from '@parley/client'
import { Popover } from '@parley/ui'
import { Shield, ShieldAlert, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useRoomState } from '../context.ts'
import { badgeClass } from './badge.ts'
import { isClosed, type Protection, protectionOf } from './protection.ts'

const looks = {
  mesh: {
    title: 'encryption.title',
    texts: ['encryption.what', 'encryption.relay', 'encryption.trust'],
    Icon: ShieldCheck,
  },
  server: { title: 'encryption.server', texts: ['encryption.serverWhat', 'encryption.serverTrust'], Icon: Shield },
  e2ee: { title: 'encryption.title', texts: ['encryption.e2ee', 'encryption.e2eeTrust'], Icon: ShieldCheck },
  pending: { title: 'encryption.pending', texts: ['encryption.pendingWhat'], Icon: Shield },
  alert: { title: 'encryption.alert', texts: ['encryption.alertWhat'], Icon: ShieldAlert },
  'no-key': { title: 'encryption.noKey', texts: ['encryption.noKeyWhat'], Icon: ShieldAlert },
} as const satisfies Record<Protection, unknown>

/** Shows how this meeting is encrypted; the popover says what that does and does not protect against, and for whom it fails. */
export function EncryptionBadge() {
  const { t } = useTranslation('meeting')
  const state = useRoomState()
  const { title, texts, Icon } = looks[protectionOf(state)]
  const warns = Icon === ShieldAlert
  return (
    <Popover
      title={t(title)}
      align="end"
      trigger={
        <button type="button" aria-label={t(title)} className={badgeClass}>
          <Icon size={18} aria-hidden="true" className={warns ? 'text-warn-text' : 'text-accent-text'} />
          {!warns && <span className="max-md:hidden">{t('encryption.short')}</span>}
        </button>
      }
    >
      <div className="max-w-80 space-y-2 text-[0.9375rem] text-ink-soft">
        {texts.map(text => (
          <p key={text}>{t(text)}</p>
        ))}
        <Exceptions state={state} />
      </div>
    </Popover>
  )
}

/** Everybody whose media is not encrypted with our key, and why. */
function Exceptions({ state }: { readonly state: RoomState }) {
  const { t } = useTranslation('meeting')
  if (!state.encrypted) return null
  const exceptions = state.participants.flatMap(({ id, name, encryption }) =>
    isClosed(encryption) || encryption === 'pending' ? { id, name, encryption } : [],
  )
  if (exceptions.length === 0) return null
  return (
    <ul className="space-y-1">
      {exceptions.map(({ id, name, encryption }) => (
        <li key={id} className="text-ink">
          <span className="font-medium break-words">{name}</span>
          <span className="block text-ink-soft text-sm">{t(`encryptionOf.${encryption}`)}</span>
        </li>
      ))}
    </ul>
  )
}
