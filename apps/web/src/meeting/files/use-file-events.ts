import type { FileTransfer } from '@parley/client'
import { announce, download, toast } from '@parley/ui/page'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting } from '../context.ts'
import { showPanel } from '../view.ts'
import { fileSize } from './amounts.ts'
import { waitsForAnswer } from './file-groups.ts'

/** Tells of files that are offered and that have arrived; what has arrived is saved where downloads go. */
export function useFileEvents(): void {
  const { t, i18n } = useTranslation('files')
  const { room, view } = useMeeting()
  const texts = useRef({ t, language: i18n.language })
  texts.current = { t, language: i18n.language }

  useEffect(() => {
    const tell = ({ key, person, name, size }: FileTransfer) => {
      const { t, language } = texts.current
      const title = t('offered', { person, name })
      if (view.getState().panel === 'files') {
        announce(title)
        return
      }
      toast({
        id: `file-${key}`,
        title,
        description: fileSize(size, language),
        action: { label: t('show'), onSelect: () => showPanel(view, 'files') },
        timeoutMs: 15_000,
      })
    }
    // What was offered to everybody comes to a newcomer before there is a screen.
    for (const transfer of room.files.transfers) if (waitsForAnswer(transfer)) tell(transfer)
    const stops = [
      room.files.on('offered', tell),
      room.files.on('done', ({ key, direction, person, name }) => {
        const { t } = texts.current
        announce(t(direction === 'incoming' ? 'arrived' : 'delivered', { person, name }))
        if (direction !== 'incoming') return
        room.files.open(key).then(
          file => download(name, file),
          error => {
            console.warn(error)
            toast({ title: t('notSaved', { name }), tone: 'danger' })
          },
        )
      }),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [room, view])
}
