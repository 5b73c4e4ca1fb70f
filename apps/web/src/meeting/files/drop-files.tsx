import { FileUp } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoomState } from '../context.ts'
import { useSendFiles } from './use-send-files.ts'

/** Takes files that are dropped anywhere on the meeting, and offers them to everybody. */
export function DropFiles() {
  const { t } = useTranslation('files')
  const send = useSendFiles()
  const alone = useRoomState().participants.length === 0
  const [over, setOver] = useState(false)

  useEffect(() => {
    /** Entering an element comes before leaving the one before. */
    let depth = 0
    const on: Partial<Record<'dragenter' | 'dragleave' | 'dragover' | 'drop', (event: DragEvent) => void>> = {
      dragenter: () => {
        depth++
        setOver(true)
      },
      dragleave: () => {
        depth = Math.max(0, depth - 1)
        if (depth === 0) setOver(false)
      },
      dragover: event => event.preventDefault(),
      drop: event => {
        event.preventDefault()
        depth = 0
        setOver(false)
        if (!alone) send([...(event.dataTransfer?.files ?? [])], undefined)
      },
    }
    const entries = Object.entries(on).map(([type, handle]) => {
      // What a part of the meeting takes for itself, such as the whiteboard, is not ours.
      const listener = (event: Event) => {
        if (event instanceof DragEvent && event.dataTransfer?.types.includes('Files') && !event.defaultPrevented) {
          handle(event)
        }
      }
      window.addEventListener(type, listener)
      return () => window.removeEventListener(type, listener)
    })
    return () => {
      for (const stop of entries) stop()
    }
  }, [alone, send])

  if (!over) return null
  return (
    <div className="pointer-events-none fixed inset-3 z-50 flex items-center justify-center rounded-2xl border-2 border-accent border-dashed bg-bg/85">
      <p className="flex flex-col items-center gap-3 px-6 text-center text-lg font-semibold">
        <FileUp size={40} aria-hidden="true" className="text-accent-text" />
        {t(alone ? 'alone' : 'drop')}
      </p>
    </div>
  )
}
