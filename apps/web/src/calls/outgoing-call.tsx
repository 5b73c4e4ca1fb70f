import type { CallHandle } from '@parley/client'
import { Button, ConnectionBanner, useShortcuts } from '@parley/ui'
import { announce } from '@parley/ui/page'
import { PhoneOff } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { loadMeeting } from '../load-meeting.ts'
import { InputToggles } from '../media/input-toggles.tsx'
import { Preview } from '../media/preview.tsx'
import { useMedia } from '../media/store.ts'
import { CallFace } from './call-face.tsx'
import { otherOf } from './call-phase.ts'
import { cancelCall, hangUp } from './call-store.ts'
import { useRingback } from './use-ring.ts'

/** Shown while the call rings at the other end or is connecting, with a preview of the caller's own camera. */
export function OutgoingCall({ handle, connecting }: { readonly handle: CallHandle; readonly connecting: boolean }) {
  const { t } = useTranslation('calls')
  const other = otherOf(handle)
  const cameraOn = useMedia(media => media.camera.status === 'on')
  const cancel = () => void (connecting ? hangUp(handle) : cancelCall(handle))
  const status = connecting ? t('connecting') : t('ringing')
  useShortcuts([{ key: 'Escape', down: cancel }])
  useEffect(() => announce(status), [status])
  useEffect(() => void loadMeeting(), [])

  return (
    <main
      data-theme="dark"
      className="relative flex min-h-dvh flex-col items-center justify-between overflow-hidden bg-stage px-4 pt-16 pb-[max(2rem,env(safe-area-inset-bottom))] text-ink"
    >
      {cameraOn && (
        <div className="absolute inset-0 opacity-35">
          <Preview className="size-full object-cover" />
        </div>
      )}
      {!connecting && <Ringback />}
      <ConnectionBanner className="absolute inset-x-4 top-4 mx-auto max-w-xl" />
      <div className="relative flex flex-1 flex-col items-center justify-center text-center">
        <CallFace name={other.name} identity={other.identity} ringing={!connecting} />
        <h1 className="mt-7 text-3xl font-semibold tracking-tight">{other.name}</h1>
        <p className="mt-2 text-lg text-ink-soft">{status}</p>
      </div>
      <div className="relative flex items-center gap-3">
        <InputToggles />
        <Button variant="danger" size="lg" icon={<PhoneOff size={20} aria-hidden="true" />} onClick={cancel}>
          {connecting ? t('hangUp') : t('cancelCall')}
        </Button>
      </div>
    </main>
  )
}

function Ringback() {
  useRingback()
  return null
}
