import { codeOf, toast } from '@parley/ui/page'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting } from '../context.ts'
import { showPanel } from '../view.ts'

/** Offers files, to one participant or to everybody, and shows what becomes of them. */
export function useSendFiles(): (files: Iterable<File>, to: string | undefined) => void {
  const { t } = useTranslation('files')
  const { room, view } = useMeeting()
  return useCallback(
    (files, to) => {
      showPanel(view, 'files')
      for (const file of files) {
        room.files.send(file, to === undefined ? undefined : [to]).catch((error: unknown) => {
          const description = t(codeOf(error) === 'file-unreadable' ? 'unreadable' : 'notOffered')
          toast({ title: file.name, description, tone: 'danger' })
        })
      }
    },
    [room, view, t],
  )
}
