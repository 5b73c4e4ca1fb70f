import { cx } from '@parley/ui'
import { useEffect, useMemo, useRef, useState } from 'react'
import { EffectsDialog } from '../effects/effects-dialog.tsx'
import type { MeetingProps } from '../types.ts'
import { useActions } from './bar/actions.ts'
import { Bar } from './bar/bar.tsx'
import { BoardArea, useStageClass } from './board/board-area.tsx'
import { useBoardNotes } from './board/use-board-notes.ts'
import { Outbox } from './chat/outbox.ts'
import { MeetingContext, type MeetingTools } from './context.ts'
import { DropFiles } from './files/drop-files.tsx'
import { useFileEvents } from './files/use-file-events.ts'
import { HelpDialog } from './keys/help-dialog.tsx'
import { useKeys } from './keys/use-keys.ts'
import { useDeviceNotes } from './life/use-device-notes.ts'
import { useEnding } from './life/use-ending.ts'
import { useMeetingTitle } from './life/use-meeting-title.ts'
import { useRoomEvents } from './life/use-room-events.ts'
import { useWakeLock } from './life/use-wake-lock.ts'
import './meeting.css'
import { useMeeting, useView } from './context.ts'
import { Panels } from './panels/panels.tsx'
import { Countdown } from './recording/countdown.tsx'
import { RecordDialog } from './recording/record-dialog.tsx'
import { useRecordingNotes } from './recording/use-recording-notes.ts'
import { RemoteSound } from './sound/remote-sound.tsx'
import { AloneCard } from './stage/alone-card.tsx'
import { Notices } from './stage/notices.tsx'
import { Stage } from './stage/stage.tsx'
import { useStatsFeed } from './stats/feed.ts'
import { useLab } from './stats/lab.tsx'
import { PipWindow } from './tools/pip-window.tsx'
import { Reactions } from './tools/reactions.tsx'
import { ScreenShare } from './tools/screen-share.ts'
import { SettingsDialog } from './tools/settings-dialog.tsx'
import { Header } from './top/header.tsx'
import { InviteDialog } from './top/invite.tsx'
import { createView } from './view.ts'

/** A joined meeting until its end; one instance per room. */
export function Meeting(props: MeetingProps) {
  const { room, call } = props
  const leave = useEnding(props)
  const [view] = useState(createView)
  const outbox = useMemo(
    () =>
      new Outbox({
        send: text => room.sendChat(text),
        now: () => room.serverNow(),
        changed: pending => view.setState({ pending }),
      }),
    [room, view],
  )
  const share = useMemo(() => new ScreenShare(room), [room])
  useEffect(() => () => void share.stop(), [share])
  const tools = useMemo<MeetingTools>(
    () => ({ room, call, view, outbox, share, leave }),
    [room, call, view, outbox, share, leave],
  )
  return (
    <MeetingContext value={tools}>
      <Screen />
    </MeetingContext>
  )
}

function Screen() {
  const actions = useActions()
  const stage = useStageClass()
  useKeys(actions)
  useRoomEvents()
  useFileEvents()
  useBoardNotes()
  useRecordingNotes()
  useDeviceNotes()
  useStatsFeed()
  useLab()
  useMeetingTitle()
  useWakeLock()
  return (
    <div data-meeting className="fixed inset-0 flex h-dvh flex-col overflow-hidden bg-bg pt-[env(safe-area-inset-top)]">
      <DropFiles />
      <Header />
      <div className="relative flex min-h-0 flex-1 gap-2 px-2">
        <main className={cx('relative overflow-hidden rounded-2xl bg-stage text-ink', stage)} data-theme="dark">
          <Stage />
          <Reactions />
          <Flash />
          <Notices />
          <Countdown />
          <AloneCard />
        </main>
        <BoardArea />
        <Panels />
      </div>
      <Bar actions={actions} />
      <RemoteSound />
      <PipWindow actions={actions} />
      <SettingsDialog />
      <Effects />
      <HelpDialog />
      <InviteDialog />
      <RecordDialog />
    </div>
  )
}

function Effects() {
  const { view } = useMeeting()
  const open = useView(state => state.dialog === 'effects')
  return <EffectsDialog open={open} onClose={() => view.setState({ dialog: undefined })} />
}

/** A short flash over what a snapshot is taken of, the stage or a tile; none with reduced motion. */
function Flash() {
  const { count, key } = useView(state => state.flash)
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const flash = element.current
    if (count === 0 || !flash || matchMedia('(prefers-reduced-motion: reduce)').matches) return
    const tile = key === undefined ? undefined : document.querySelector(`[data-tile-key="${CSS.escape(key)}"]`)
    const around = flash.parentElement?.getBoundingClientRect()
    const at = tile?.getBoundingClientRect()
    flash.style.clipPath =
      at && around
        ? `inset(${at.top - around.top}px ${around.right - at.right}px ${around.bottom - at.bottom}px ${at.left - around.left}px)`
        : 'none'
    flash.animate([{ opacity: 0.7 }, { opacity: 0 }], { duration: 350, easing: 'ease-out' })
  }, [count, key])
  return (
    <div ref={element} aria-hidden="true" className="pointer-events-none absolute inset-0 z-20 bg-white opacity-0" />
  )
}
