import { useNow } from '@parley/ui'
import { EyeOff, WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting, useRoomState, useView } from '../context.ts'
import { Finishing } from '../recording/finishing.tsx'
import { StartSound } from '../sound/remote-sound.tsx'
import { TroubleNotice } from './trouble-notice.tsx'

/** Urgent notices over the upper edge of the stage; nothing on the stage moves to make room for them. */
export function Notices() {
  return (
    <div className="pointer-events-none absolute inset-x-3 top-3 z-10 flex flex-col items-center gap-2 *:pointer-events-auto">
      <Reconnecting />
      <StartSound />
      <SelfHidden />
      <TroubleNotice />
      <Finishing />
    </div>
  )
}

function Reconnecting() {
  const { t } = useTranslation('meeting')
  const { status } = useRoomState()
  if (status.status !== 'reconnecting') return null
  return (
    <Pill icon={<WifiOff size={16} aria-hidden="true" className="shrink-0" />}>
      <span role="alert">{t('reconnecting')}</span>
      <Elapsed since={status.since} />
    </Pill>
  )
}

function Elapsed({ since }: { readonly since: number }) {
  const { t } = useTranslation('meeting')
  const now = useNow(1000)
  return <span className="tabular-nums">{t('seconds', { count: Math.max(0, Math.floor((now - since) / 1000)) })}</span>
}

/** Reminds the person that their picture is hidden only from themself, and offers to show it again. */
function SelfHidden() {
  const { t } = useTranslation('meeting')
  const { view } = useMeeting()
  const hidden = useView(state => state.hideSelf)
  const { participants } = useRoomState()
  if (!hidden || participants.length === 0) return null
  return (
    <button
      type="button"
      onClick={() => view.setState({ hideSelf: false })}
      className="flex h-11 items-center gap-2 rounded-full bg-black/65 px-4 text-sm font-medium text-white hover:bg-black/85"
    >
      <EyeOff size={16} aria-hidden="true" />
      {t('showSelf')}
    </button>
  )
}

interface PillProps {
  readonly icon: ReactNode
  readonly children: ReactNode
}

/** An amber note over the stage. */
function Pill({ icon, children }: PillProps) {
  return (
    <div className="flex min-h-9 max-w-full animate-fade-in items-center gap-2 rounded-full bg-[#f3c663] py-1 pr-4 pl-3 text-sm font-medium text-[#2b1d00] shadow-pop">
      {icon}
      {children}
    </div>
  )
}
