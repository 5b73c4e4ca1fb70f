import type { CallHandle, Room } from '@parley/client'
import { buttonClass, Notice } from '@parley/ui'
import { useTitle } from '@parley/ui/page'
import { lazy, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { loadMeeting } from '../load-meeting.ts'
import { CallOver } from './call-over.tsx'
import { otherOf } from './call-phase.ts'
import { dismissCall, hangUp, useCalls } from './call-store.ts'
import { OutgoingCall } from './outgoing-call.tsx'

const Meeting = lazy(() => loadMeeting().then(module => ({ default: module.Meeting })))

/** One call between two people, from the first ring to the end. */
export function CallPage({ id }: { readonly id: string }) {
  const active = useCalls(state => state.active)
  const mine = active?.handle.call.id === id ? active : undefined
  useTitle(mine && otherOf(mine.handle).name)

  useEffect(() => leaveOnExit(id), [id])

  if (!mine) return <NoSuchCall />
  const { phase } = mine
  if (phase.phase === 'over') return <CallOver handle={mine.handle} phase={phase} />
  if (phase.phase === 'connected') return <Connected handle={mine.handle} room={phase.room} />
  if (phase.phase === 'outgoing') return <OutgoingCall handle={mine.handle} connecting={false} />
  if (phase.phase === 'connecting') return <OutgoingCall handle={mine.handle} connecting />
  return <NoSuchCall />
}

/** Going to another page ends the call; StrictMode running effects twice does not. */
function leaveOnExit(id: string): () => void {
  return () => {
    queueMicrotask(() => {
      const { active } = useCalls.getState()
      if (active?.handle.call.id === id && !location.pathname.includes(encodeURIComponent(id)))
        dismissCall(active.handle)
    })
  }
}

function Connected({ handle, room }: { readonly handle: CallHandle; readonly room: Room }) {
  return (
    <Suspense fallback={<OutgoingCall handle={handle} connecting />}>
      <Meeting room={room} call={handle} onEnded={() => void hangUp(handle)} />
    </Suspense>
  )
}

function NoSuchCall() {
  const { t } = useTranslation('calls')
  const { t: common } = useTranslation()
  return (
    <Notice title={t('none.title')} text={t('none.hint')}>
      <Link href="/" className={buttonClass({ variant: 'primary' })}>
        {common('backHome')}
      </Link>
    </Notice>
  )
}
