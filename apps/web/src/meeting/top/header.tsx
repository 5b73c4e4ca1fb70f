import { Tooltip, useNow } from '@parley/ui'
import { copyText, toast } from '@parley/ui/page'
import { Link2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { otherOf } from '../../calls/call-phase.ts'
import { useRoomLink } from '../../room-link.ts'
import { useMeeting, useRoomState } from '../context.ts'
import { RecordingBadge } from '../recording/recording-badge.tsx'
import { formatDuration, isoDuration } from './clock.ts'
import { ConnectionBadge } from './connection-badge.tsx'
import { EncryptionBadge } from './encryption-badge.tsx'

/** The meeting's name, its duration, and the state of its encryption and connection. */
export function Header() {
  return (
    <header className="flex h-13 shrink-0 items-center gap-1 pr-2 pl-3 sm:pl-4">
      <RoomName />
      <Timer />
      <RecordingBadge />
      <div className="ml-auto flex items-center">
        <EncryptionBadge />
        <ConnectionBadge />
      </div>
    </header>
  )
}

function RoomName() {
  const { t } = useTranslation('meeting')
  const { t: common } = useTranslation()
  const { call, view } = useMeeting()
  const { name } = useRoomState()
  const link = useRoomLink(name)
  if (call) return <h1 className="truncate font-semibold">{otherOf(call).name}</h1>
  const copy = async () => {
    if (await copyText(link)) toast({ id: 'link', title: common('linkCopied') })
    else view.setState({ dialog: 'invite' })
  }
  return (
    <h1 className="-ml-2 min-w-0">
      <Tooltip content={common('copyLink')} side="bottom">
        <button
          type="button"
          aria-label={t('copyLinkOf', { room: name })}
          onClick={() => void copy()}
          className="flex h-11 max-w-full items-center gap-2 rounded-lg px-2 font-semibold hover:bg-hover"
        >
          <span className="truncate">{name}</span>
          <Link2 size={16} aria-hidden="true" className="shrink-0 text-ink-soft" />
        </button>
      </Tooltip>
    </h1>
  )
}

/** The time since the room was created, by the server's clock, so that everybody sees the same. */
function Timer() {
  const { t } = useTranslation('meeting')
  const { room } = useMeeting()
  const { createdAt } = useRoomState()
  useNow(1000)
  const elapsed = room.serverNow() - createdAt
  return (
    <time
      dateTime={isoDuration(elapsed)}
      aria-label={t('duration', { time: formatDuration(elapsed) })}
      role="timer"
      aria-live="off"
      className="shrink-0 px-2 text-[0.9375rem] tabular-nums text-ink-soft"
    >
      {formatDuration(elapsed)}
    </time>
  )
}
