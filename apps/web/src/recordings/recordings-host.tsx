import { Button } from '@parley/ui'
import { toast } from '@parley/ui/page'
import { Film } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { countKept, hasRecordings, loadKit, showRecordings, useKept } from './kept.ts'

const RecordingsDialog = lazy(() =>
  import('./recordings-dialog.tsx').then(module => ({ default: module.RecordingsDialog })),
)

/** The list of recordings over any page, and word of those that were interrupted. */
export function RecordingsHost() {
  const open = useKept(state => state.open)
  useInterrupted()
  return (
    open && (
      <Suspense>
        <RecordingsDialog />
      </Suspense>
    )
  )
}

/** Opens the list; nothing where there are no recordings. */
export function RecordingsButton() {
  const { t } = useTranslation('recording')
  const count = useKept(state => state.count)
  if (count === 0) return null
  return (
    <Button
      variant="ghost"
      icon={<Film size={18} aria-hidden="true" />}
      onClick={() => showRecordings(true)}
      className="-ml-4"
    >
      {t('recordings.onDevice')}
    </Button>
  )
}

/** Looks once, on arrival, for recordings that a crash or a closed page interrupted. */
function useInterrupted(): void {
  const { t } = useTranslation('recording')
  const texts = useRef(t)
  texts.current = t
  useEffect(() => {
    let gone = false
    const look = async () => {
      if (!(await hasRecordings())) return countKept(0)
      const { Recordings } = await loadKit()
      const list = await new Recordings().list()
      countKept(list.length)
      const [interrupted] = list.filter(({ state }) => state === 'interrupted')
      if (gone || !interrupted) return
      const { room } = interrupted
      toast({
        id: 'interrupted',
        title: texts.current('interrupted', { room: room || texts.current('unnamed') }),
        description: texts.current('interruptedHint'),
        action: { label: texts.current('show'), onSelect: () => showRecordings(true) },
        timeoutMs: 0,
      })
    }
    look().catch((error: unknown) => console.warn('Recordings were not looked for:', error))
    return () => {
      gone = true
    }
  }, [])
}
