import type { Presence, PresenceStatus } from '@parley/protocol'
import { Avatar, IconButton } from '@parley/ui'
import { CircleCheck, CirclePause, Phone, PhoneCall, Video } from 'lucide-react'
import { useTranslation } from 'react-i18next'

const looks: Record<Exclude<PresenceStatus, 'offline'>, { Icon: typeof Phone; className: string }> = {
  available: { Icon: CircleCheck, className: 'text-accent-text' },
  'in-call': { Icon: PhoneCall, className: 'text-warn-text' },
  away: { Icon: CirclePause, className: 'text-ink-soft' },
}

export interface PersonRowProps {
  readonly person: Presence
  /** Being called right now. */
  readonly busy: boolean
  readonly onCall: (person: Presence, media: 'audio' | 'video') => void
}

export function PersonRow({ person, busy, onCall }: PersonRowProps) {
  const { t } = useTranslation('home')
  if (person.status === 'offline') return null
  const { Icon, className } = looks[person.status]
  return (
    <li className="flex min-h-16 items-center gap-3">
      <Avatar name={person.name} identity={person.identity} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{person.name}</p>
        <p className={`flex items-center gap-1.5 text-sm ${className}`}>
          <Icon size={14} aria-hidden="true" />
          {t(`status.${person.status}`)}
        </p>
      </div>
      <IconButton
        label={t('callAudio', { name: person.name })}
        tooltip={t('audioCall')}
        icon={<Phone size={20} aria-hidden="true" />}
        disabled={busy}
        onClick={() => onCall(person, 'audio')}
      />
      <IconButton
        label={t('callVideo', { name: person.name })}
        tooltip={t('videoCall')}
        icon={<Video size={20} aria-hidden="true" />}
        disabled={busy}
        variant="soft"
        onClick={() => onCall(person, 'video')}
      />
    </li>
  )
}
