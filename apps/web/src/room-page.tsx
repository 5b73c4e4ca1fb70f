import type { Room } from '@parley/client'
import { buttonClass, Notice, Spinner } from '@parley/ui'
import { codeOf, lastingFailure, retryConnection, sessionOf, useSession, useSettings, useTitle } from '@parley/ui/page'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Redirect, useLocation } from 'wouter'
import { isCalling } from './calls/call-store.ts'
import { GreenRoom } from './green-room/green-room.tsx'
import { isFinal, type JoinState } from './green-room/join-state.ts'
import { Refused } from './green-room/refused.tsx'
import { rememberRoom } from './home/recent-rooms.ts'
import { toRoomName } from './home/room-code.ts'
import { loadMeeting } from './load-meeting.ts'
import { attachRoom } from './media/attach.ts'
import { startMedia, stopMedia } from './media/media.ts'
import { roomPath, secretIn } from './room-link.ts'
import type { MeetingEnd } from './types.ts'

const Meeting = lazy(() => loadMeeting().then(module => ({ default: module.Meeting })))
const Ended = lazy(() => import('./meeting/ended.tsx').then(module => ({ default: module.Ended })))

type Phase =
  | { readonly phase: 'before'; readonly state: JoinState }
  | { readonly phase: 'inside'; readonly room: Room }
  | { readonly phase: 'after'; readonly end: MeetingEnd }

/** A room, from the green room through the meeting to its end. */
export function RoomPage({ name }: { readonly name: string }) {
  const room = toRoomName(name)
  useTitle(room ?? name)
  if (room === undefined) return <BadName />
  // Everybody sees the same spelling of the name in the address bar.
  return room === name ? <Visit name={name} /> : <Redirect to={roomPath(room, secretIn(location.hash))} replace />
}

function Visit({ name }: { readonly name: string }) {
  const connection = useSession(state => state.connection)
  const session = sessionOf(connection)
  const [, navigate] = useLocation()
  const [phase, setPhase] = useState<Phase>({ phase: 'before', state: { status: 'idle' } })
  const [rejoining, setRejoining] = useState(false)
  const [secret] = useState(() => secretIn(location.hash))
  const here = useRef<Room>(undefined)
  /** Aborted when the seat being requested is no longer wanted. */
  const wanted = useRef<AbortController>(undefined)

  useEffect(() => {
    void loadMeeting()
    return () => {
      wanted.current?.abort()
      void here.current?.leave()
      here.current = undefined
      if (!isCalling()) stopMedia() // A call answered in this tab has taken over the devices.
    }
  }, [])

  const join = async () => {
    if (!session) return
    const wish = new AbortController()
    const { signal } = wish
    wanted.current = wish
    setPhase({ phase: 'before', state: { status: 'joining' } })
    try {
      const { name: called, topology } = useSettings.getState()
      // With `auto`, the server decides.
      const room = await session.join(name, {
        name: called,
        ...(topology !== 'auto' && { topology }),
        ...(secret !== undefined && { e2ee: { secret } }),
        signal,
      })
      if (signal.aborted) return void room.leave()
      here.current = room
      attachRoom(room)
      rememberRoom(name)
      setPhase({ phase: 'inside', room })
    } catch (error) {
      if (signal.aborted) return
      setPhase({ phase: 'before', state: { status: 'refused', code: codeOf(error) ?? 'internal' } })
    }
  }
  const ended = (end: MeetingEnd) => {
    here.current = undefined
    stopMedia()
    setPhase({ phase: 'after', end })
  }
  const rejoin = () => {
    void startMedia()
    if (session) return void join()
    // The session ended before the room: it reconnects, or reports why it cannot.
    setPhase({ phase: 'before', state: { status: 'joining' } })
    setRejoining(true)
    retryConnection()
  }
  useEffect(() => {
    if (!rejoining || connection.status !== 'connected') return
    setRejoining(false)
    void join()
  })

  if (phase.phase === 'inside') {
    return (
      <Suspense fallback={<Loading />}>
        <Meeting room={phase.room} call={undefined} onEnded={ended} />
      </Suspense>
    )
  }
  if (phase.phase === 'after') {
    return (
      <Suspense fallback={<Loading />}>
        <Ended room={name} end={phase.end} onRejoin={rejoin} onHome={() => navigate('/')} />
      </Suspense>
    )
  }
  const { state } = phase
  const refusal = state.status === 'refused' && isFinal(state.code) ? state.code : lastingFailure(connection)
  if (refusal) return <Refused code={refusal} />
  return <GreenRoom room={name} encrypted={secret !== undefined} state={state} onJoin={() => void join()} />
}

function Loading() {
  return (
    <div data-theme="dark" className="flex min-h-dvh items-center justify-center bg-stage text-ink-soft">
      <Spinner size={32} />
    </div>
  )
}

function BadName() {
  const { t } = useTranslation('greenRoom')
  const { t: common } = useTranslation()
  return (
    <Notice title={t('badName')} text={t('badNameHint')}>
      <Link href="/" className={buttonClass({ variant: 'primary' })}>
        {common('backHome')}
      </Link>
    </Notice>
  )
}
