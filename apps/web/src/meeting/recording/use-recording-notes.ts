import { announce, toast } from '@parley/ui/page'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting } from '../context.ts'
import { recordingNotes } from './who-records.ts'

/** Tells by toast and live region when anybody begins or stops recording, also whoever comes while it runs. */
export function useRecordingNotes(): void {
  const { t } = useTranslation('recording')
  const { room } = useMeeting()
  const texts = useRef(t)
  texts.current = t

  useEffect(() => {
    let before: typeof room.state | undefined
    const look = (after: typeof room.state) => {
      for (const { what, who, id, name } of recordingNotes(before, after)) {
        const title = texts.current(what === 'started' ? `started.${who}` : `stopped.${who}`, { name })
        announce(title)
        // Our own end is told by what became of the recording.
        if (what === 'stopped' && who === 'you') continue
        const description = what === 'started' ? texts.current(`started.${who}Hint`) : undefined
        toast({ id: `records-${id}`, title, description, ...(what === 'started' && { timeoutMs: 10_000 }) })
      }
      before = after
    }
    look(room.state)
    return room.on('changed', look)
  }, [room])
}
