import { announce, toast } from '@parley/ui/page'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { setInput } from '../../media/media.ts'
import { announcements } from '../announcements.ts'
import { useMeeting } from '../context.ts'
import { addReaction } from '../tools/reactions.tsx'
import { showPanel } from '../view.ts'

const previewChars = 140

/** Turns room events into announcements, toasts, badges and flying emoji. */
export function useRoomEvents(): void {
  const { t } = useTranslation('meeting')
  const { room, view, share } = useMeeting()
  const texts = useRef(t)
  texts.current = t

  useEffect(() => {
    let before = room.state
    const stops = [
      room.on('changed', after => {
        const said = announcements(before, after).map(({ key, name }) => texts.current(`announce.${key}`, { name }))
        before = after
        if (said.length > 0) announce(said.join(' '))
      }),

      room.on('chat', ({ from, text }) => {
        if (from.identity === room.state.self.identity) return
        if (view.getState().panel === 'chat')
          return announce(texts.current('announce.wrote', { name: from.name, text }))
        view.setState(state => ({ unread: state.unread + 1 }))
        toast({
          id: 'chat',
          title: from.name,
          description: text.length > previewChars ? `${text.slice(0, previewChars)}…` : text,
          action: { label: texts.current('chat.open'), onSelect: () => showPanel(view, 'chat') },
        })
      }),

      room.on('reaction', ({ from, emoji }) => {
        const sender = room.state.participants.find(person => person.id === from)
        if (sender) addReaction(view, emoji, sender.name)
      }),

      room.on('mutedByHost', ({ source }) => {
        if (source === 'screen') void share.stop()
        if (source === 'microphone') {
          toast({
            id: 'muted',
            title: texts.current('host.mutedMicrophone'),
            action: { label: texts.current('unmute'), onSelect: () => void setInput('microphone', true) },
            timeoutMs: 12_000,
          })
        } else toast({ id: `muted-${source}`, title: texts.current(`host.stopped.${source}`), timeoutMs: 12_000 })
      }),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [room, view, share])
}
