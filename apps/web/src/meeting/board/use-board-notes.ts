import { toast } from '@parley/ui/page'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting } from '../context.ts'
import { toggleBoard } from '../view.ts'

/** How often people are told that the same person draws, ms: the dot stays meanwhile. */
const quietMs = 60_000

/** Tells who opens the whiteboard or draws on it while it is closed here, and never opens it unasked. */
export function useBoardNotes(): void {
  const { t } = useTranslation('board')
  const { room, view } = useMeeting()
  const texts = useRef(t)
  texts.current = t

  useEffect(() => {
    if (room.board.state.used) view.setState({ boardUnseen: true })
    const told = new Map<string, number>()
    return room.board.on('touched', ({ from, how }) => {
      if (view.getState().boardOpen) return
      if (how === 'drew') view.setState({ boardUnseen: true })
      const person = room.state.participants.find(({ id }) => id === from)
      const key = `${how} ${from}`
      const now = Date.now()
      if (!person || now - (told.get(key) ?? 0) < quietMs) return
      told.set(key, now)
      toast({
        id: 'board',
        title: texts.current(how === 'opened' ? 'opened' : 'drew', { name: person.name }),
        action: { label: texts.current('show'), onSelect: () => toggleBoard(view, true) },
      })
    })
  }, [room, view])
}
