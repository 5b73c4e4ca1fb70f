import type { ParticipantState } from '@parley/client'
import { avatarLook } from '@parley/ui'
import { announce, languageTags, toast, useSettings } from '@parley/ui/page'
import i18next from 'i18next'
import { useStore } from 'zustand'
import { countKept, loadKit, showRecordings, useKept } from '../../recordings/kept.ts'
import { formatBytes, recordingCode } from '../../recordings/words.ts'
import { formatDuration } from '../top/clock.ts'
import { type Outcome, Recorder, type RecorderState, type StartFailure } from './recorder.ts'

/** Texts as they are when something happens, on whatever page that is. */
const say = i18next.getFixedT(null, 'recording')

/** The recorder of this page: at most one recording at a time, whichever meeting it is of. */
export const recorder = new Recorder({
  load: loadKit,
  wait: ms => new Promise(resolve => setTimeout(resolve, ms)),
  failed: sayFailure,
  ended: outcome => {
    if (outcome.saved) countKept(useKept.getState().count + 1)
    sayOutcome(outcome)
  },
})

export function useRecorder<T>(select: (state: RecorderState) => T): T {
  return useStore(recorder.store, select)
}

/** How people look in the composed picture: as on the page. */
export const looks = {
  look: ({ name, identity }: ParticipantState) => avatarLook(name, identity),
  screenName: ({ name }: ParticipantState) => say('screenOf', { name }),
}

// A page that is closed while it records loses nothing but its last seconds, but one should know.
recorder.store.subscribe(({ phase }) => {
  if (phase === 'recording' || phase === 'finishing') addEventListener('beforeunload', ask)
  else removeEventListener('beforeunload', ask)
})

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

function sayFailure({ at, error }: StartFailure): void {
  console.warn('The recording did not start:', error)
  const why =
    at === 'record' ? say(`error.${recordingCode(error)}`) : say(at === 'load' ? 'failed.load' : 'failed.tell')
  toast({ id: 'recording', title: say('failed'), description: why, tone: 'danger', timeoutMs: 12_000 })
}

function sayOutcome({ end, saved }: Outcome): void {
  const title = end === 'stopped' ? say('saved') : say(`ended.${end}`)
  const kept = saved === undefined ? 'ended.nothing' : saved.state === 'finished' ? 'ended.kept' : 'ended.unfinished'
  const what =
    saved &&
    `${formatDuration(saved.durationMs)} · ${formatBytes(saved.bytes, languageTags[useSettings.getState().language])}`
  const isWell = saved?.state === 'finished' && (end === 'stopped' || end === 'left')
  announce(title)
  toast({
    id: 'recording',
    title,
    description: isWell ? what : say(kept),
    tone: isWell ? 'info' : 'danger',
    action: saved && { label: say('show'), onSelect: () => showRecordings(true) },
    timeoutMs: isWell ? 12_000 : 0,
  })
}
