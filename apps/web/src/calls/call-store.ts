import type { CallHandle, Room } from '@parley/client'
import type { CallMedia, Person } from '@parley/protocol'
import { codeOf, onIncomingCall, sessionOf, toast, useSession } from '@parley/ui/page'
import i18next from 'i18next'
import { navigate } from 'wouter/use-browser-location'
import { create } from 'zustand'
import { attachRoom } from '../media/attach.ts'
import { startMedia, stopMedia } from '../media/media.ts'
import { type CallPhase, otherOf, phaseOf } from './call-phase.ts'
import { noteCallError, noteMissed } from './notes.ts'

/** The one call of this tab: there are never two. */
export interface ActiveCall {
  readonly handle: CallHandle
  readonly phase: CallPhase
  readonly room: Room | undefined
}

export const useCalls = create<{ readonly active: ActiveCall | undefined }>()(() => ({ active: undefined }))

/** Shows the calls that come in; once, at the start. */
export function startCalls(): void {
  onIncomingCall(ring)
}

function ring(handle: CallHandle): void {
  if (useCalls.getState().active?.handle.call.id === handle.call.id) return
  if (phaseOf(handle, undefined).phase === 'incoming') adopt(handle)
}

/** Makes a call this tab's own and keeps what is shown of it in step. */
function adopt(handle: CallHandle): void {
  const update = () => {
    const { active } = useCalls.getState()
    if (active?.handle !== handle) return stop()
    const phase = phaseOf(handle, active.room)
    useCalls.setState({ active: { ...active, phase } })
    if (phase.phase === 'elsewhere') close(handle)
    if (phase.phase === 'over') {
      stop()
      over(handle, active.phase, phase)
    }
  }
  const stops = [handle.on('changed', update), handle.on('accepted', update), handle.on('ended', update)]
  const stop = () => {
    for (const one of stops) one()
  }
  useCalls.setState({ active: { handle, phase: phaseOf(handle, undefined), room: undefined } })
}

function over(handle: CallHandle, before: CallPhase, phase: CallPhase & { phase: 'over' }): void {
  if (before.phase !== 'incoming') {
    stopMedia()
    if (before.phase === 'connecting' && handle.direction === 'incoming') show(handle)
    return
  }
  close(handle)
  if (phase.outcome === 'cancelled' || phase.outcome === 'no-answer') {
    noteMissed(otherOf(handle), () => void placeCall(otherOf(handle), handle.call.media))
  }
}

function show({ call }: CallHandle): void {
  navigate(`/call/${encodeURIComponent(call.id)}`)
}

function close(handle: CallHandle): void {
  if (useCalls.getState().active?.handle === handle) useCalls.setState({ active: undefined })
}

/** Calls a person and shows the call; what makes that impossible is said in a toast. */
export async function placeCall(person: Person, media: CallMedia): Promise<void> {
  const session = sessionOf(useSession.getState().connection)
  if (!session) return
  const page = location.pathname
  try {
    const handle = await session.call(person.identity, media)
    // Whoever has gone to another page, or into another call, does not want this one any more.
    if (location.pathname !== page || isCallingAnother(handle)) return await handle.cancel()
    adopt(handle)
    show(handle)
    void startMedia({ microphone: true, camera: media === 'video' })
    await enter(handle, handle.joined())
  } catch (error) {
    noteCallError(error, person)
  }
}

/** Answers in this tab, and shows the call once there is one; `audio` answers a video call without video. */
export async function acceptCall(handle: CallHandle, media: CallMedia): Promise<void> {
  // Said before anything is drawn: the other side waits for it.
  const joining = handle.accept(media)
  void startMedia({ microphone: true, camera: media === 'video' })
  if (await enter(handle, joining)) show(handle)
  else stopMedia()
}

/** Whether this tab is in a call, or about to be: the devices are the call's. */
export function isCalling(): boolean {
  const { active } = useCalls.getState()
  return active !== undefined && active.phase.phase !== 'incoming' && active.phase.phase !== 'over'
}

/** Two who call each other at once are in one call: that one is no other. */
function isCallingAnother({ call }: CallHandle): boolean {
  return isCalling() && useCalls.getState().active?.handle.call.id !== call.id
}

/** False if the call ended first. */
async function enter(handle: CallHandle, joining: Promise<Room>): Promise<boolean> {
  try {
    const room = await joining
    const { active } = useCalls.getState()
    if (active?.handle !== handle) {
      void room.leave()
      return false
    }
    attachRoom(room)
    useCalls.setState({ active: { handle, room, phase: phaseOf(handle, room) } })
    return true
  } catch (error) {
    if (codeOf(error) === 'call-ended') return false // The call's own state says how it ended.
    stopMedia()
    close(handle)
    noteCallError(error, otherOf(handle))
    return false
  }
}

export function declineCall(handle: CallHandle, message?: string): Promise<void> {
  return settle(handle, handle.reject(message))
}

export function cancelCall(handle: CallHandle): Promise<void> {
  return settle(handle, handle.cancel())
}

export function hangUp(handle: CallHandle): Promise<void> {
  return handle.call.state.status === 'accepted' ? settle(handle, handle.hangUp()) : Promise.resolve()
}

/** Ends a call from this side. That it was over a moment before is not an error; one that was accepted is hung up. */
async function settle(handle: CallHandle, ending: Promise<void>): Promise<void> {
  try {
    await ending
  } catch (error) {
    const code = codeOf(error)
    if (code === 'call-state' && handle.call.state.status === 'accepted' && !handle.answeredElsewhere) {
      return settle(handle, handle.hangUp())
    }
    if (code === 'call-state' || code === 'no-such-call' || code === 'call-ended') return
    toast({ title: i18next.t('calls:failed.generic', { name: otherOf(handle).name }), tone: 'danger' })
  }
}

/** The call's page is being left: nothing of the call stays behind. */
export function dismissCall(handle: CallHandle): void {
  const { active } = useCalls.getState()
  if (active?.handle !== handle) return
  const { phase } = active.phase
  if (phase === 'outgoing') void cancelCall(handle)
  if (phase === 'connecting' || phase === 'connected') void hangUp(handle)
  if (phase !== 'incoming') {
    stopMedia()
    close(handle)
  }
}
