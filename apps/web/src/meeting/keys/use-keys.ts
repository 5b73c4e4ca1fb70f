import type { Shortcut } from '@parley/ui'
import { useShortcuts } from '@parley/ui'
import { toast, useSettings } from '@parley/ui/page'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { holdMicrophone } from '../../media/media.ts'
import { useMedia } from '../../media/store.ts'
import type { Actions } from '../bar/actions.ts'
import { useMeeting, useView } from '../context.ts'
import { showPanel } from '../view.ts'
import { PushToTalk } from './push-to-talk.ts'
import { actions as actionNames, pushToTalkKey, shortcuts } from './shortcuts.ts'

/** Handles the keys. Esc closes the open panel even when shortcuts are switched off. */
export function useKeys(actions: Actions): void {
  const { view } = useMeeting()
  const on = useSettings(settings => settings.shortcuts)
  // A dialog above the panel handles Esc first, by itself.
  const panelOnTop = useView(({ panel, dialog }) => panel !== undefined && dialog === undefined)
  const talk = usePushToTalk()
  const keys: Shortcut[] = actionNames.map(action => ({ key: shortcuts[action], down: actions[action] }))
  useShortcuts([...keys, { key: pushToTalkKey, ...talk }], on)
  useShortcuts([{ key: 'Escape', down: () => showPanel(view, undefined) }], panelOnTop)
}

function usePushToTalk(): { readonly down: () => void; readonly up: () => void } {
  const { t } = useTranslation('meeting')
  const { room } = useMeeting()
  const texts = useRef(t)
  texts.current = t
  const talk = useMemo(
    () =>
      new PushToTalk({
        isOn: () => useMedia.getState().microphone.status === 'on',
        set: on => void holdMicrophone(on),
      }),
    [],
  )

  useEffect(() => {
    const stopHost = room.on('mutedByHost', ({ source }) => {
      if (source === 'microphone') talk.mutedByHost()
    })
    const stopMedia = useMedia.subscribe((now, before) => {
      if (now.microphone.status === 'on' && before.microphone.status !== 'on') talk.unmuted()
    })
    return () => {
      stopHost()
      stopMedia()
      talk.release()
    }
  }, [room, talk])

  return {
    down: () => {
      if (talk.press() !== 'blocked') return
      toast({
        id: 'muted',
        title: texts.current('host.mutedMicrophone'),
        description: texts.current('host.unmuteByHand'),
      })
    },
    up: () => talk.release(),
  }
}
