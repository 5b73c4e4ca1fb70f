import { codeOf, toast } from '@parley/ui/page'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { toggleInput } from '../../media/media.ts'
import { useMeeting } from '../context.ts'
import type { Action } from '../keys/shortcuts.ts'
import { layouts } from '../stage/arrange.ts'
import { toggleFullscreen } from '../tools/fullscreen.ts'
import { saveSnapshot } from '../tools/save-snapshot.ts'
import { canShareScreen } from '../tools/screen-share.ts'
import { takeSnapshot } from '../tools/snapshot.ts'
import { toggleBoard, togglePanel } from '../view.ts'

/** What the meeting's buttons, menu items and keys do, shared by all three. */
export type Actions = Record<Action, () => void>

export function useActions(): Actions {
  const { t } = useTranslation('meeting')
  const { room, view, share } = useMeeting()
  const texts = useRef(t)
  texts.current = t

  return useMemo(() => {
    const say = (...message: Parameters<typeof t>) => texts.current(...message) as string
    const failed = (title: string) => (error: unknown) => {
      console.warn(error)
      toast({ title, description: error instanceof Error ? error.message : '', tone: 'danger' })
    }
    return {
      microphone: () => void toggleInput('microphone'),
      camera: () => void toggleInput('camera'),
      share: () => {
        if (!canShareScreen()) return
        if (share.active) return void share.stop()
        share.start().catch((error: unknown) => {
          if (codeOf(error) !== 'media-dismissed') failed(say('share.failed'))(error)
        })
      },
      board: () => toggleBoard(view),
      chat: () => togglePanel(view, 'chat'),
      people: () => togglePanel(view, 'people'),
      statistics: () => togglePanel(view, 'statistics'),
      hand: () => {
        room.raiseHand(room.state.self.hand === undefined).catch(failed(say('hand.failed')))
      },
      layout: () => {
        const { layout } = view.getState()
        const next = layouts[(layouts.indexOf(layout) + 1) % layouts.length] ?? 'auto'
        view.setState({ layout: next })
        const title = say('layout.now', { layout: say(`layout.${next}`) })
        toast({ id: 'layout', title, timeoutMs: 2000 })
      },
      fullscreen: () => void toggleFullscreen().catch(failed(say('fullscreen.failed'))),
      snapshot: () => void saveSnapshot(view, texts.current, () => takeSnapshot(room.state.name)),
      help: () => {
        view.setState(state => ({ dialog: state.dialog === 'help' ? undefined : 'help' }))
      },
    }
  }, [room, view, share])
}
