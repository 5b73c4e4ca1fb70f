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

/** This tab's only call: there are never two at once. */
export interface ActiveCall {
  readonly handle: CallHandle
  readonly phase: CallPhase
  readonly room: Room | undefined
}

export const useCalls = create<{ readonly active: ActiveCall | undefined }>()(() => ({ active: undefined }))

/** Shows incoming calls. Call once, at startup. */
export function startCalls(): void {
  onIncomingCall(ring)
}

function ring(handle: CallHandle): void {
  if (useCalls.getState().active?.handle.call.id === handle.call.id) return
  if (phaseOf(handle, undefined).phase === 'incoming') adopt(handle)
}

/** Makes this the tab's active call and keeps the store in sync with it. */
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

/** Calls a person and shows the call; if that fails, a toast says why. */
export async function placeCall(person: Person, media: CallMedia): Promise<void> {
  const session = sessionOf(useSession.getState().connection)
  if (!session) return
  const page = location.pathname
  try {
    const handle = await session.call(person.identity, media)
    // The person has gone to another page or into another call meanwhile, so this one is no longer wanted.
    if (location.pathname !== page || isCallingAnother(handle)) return await handle.cancel()
    adopt(handle)
    show(handle)
    void startMedia({ microphone: true, camera: media === 'video' })
    await enter(handle, handle.joined())
  } catch (error) {
    noteCallError(error, person)
  }
}

/** Answers in this tab, and shows the call once it is joined; `audio` answers a video call without video. */
export async function acceptCall(handle: CallHandle, media: CallMedia): Promise<void> {
  // Accept before rendering anything: the other side is waiting.
  const joining = handle.accept(media)
  void startMedia({ microphone: true, camera: media === 'video' })
  if (await enter(handle, joining)) show(handle)
  else stopMedia()
}

/** Whether this tab is in a call or about to be, so that the call owns the devices. */
export function isCalling(): boolean {
  const { active } = useCalls.getState()
  return active !== undefined && active.phase.phase !== 'incoming' && active.phase.phase !== 'over'
}

/** False if two people called each other at the same time: that makes a single call, not another one. */
function isCallingAnother({ call }: CallHandle): boolean {
  return isCalling() && useCalls.getState().active?.handle.call.id !== call.id
}

/** Waits until the room is joined and attaches the media to it. False if the call ended first. */
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

/** Ends a call from this side. One that has just ended is not an error; one that was just accepted is hung up. */
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

/** Cleans up when the person leaves the call's page: ends the call and releases the devices. */
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
