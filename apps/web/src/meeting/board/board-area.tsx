import { cx, phone, useMediaQuery } from '@parley/ui'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting, useView } from '../context.ts'
import { Notices } from '../stage/notices.tsx'
import { Reactions } from '../tools/reactions.tsx'
import type { BoardLayout } from '../view.ts'
import { BoardContent } from './board-content.tsx'
import { BoardHeader } from './board-header.tsx'
import { type Offset, useDrag } from './use-drag.ts'

/** Where the whiteboard is, on this screen: a phone has space for nothing beside it. */
function useBoardPlace(): BoardLayout | undefined {
  const open = useView(state => state.boardOpen)
  const layout = useView(state => state.boardLayout)
  const small = useMediaQuery(phone)
  if (!open) return undefined
  return small ? 'full' : layout
}

const stages: Record<BoardLayout, string> = {
  split: 'w-1/4 max-w-80 min-w-52 shrink-0',
  full: 'hidden',
  floating: 'min-w-0 flex-1',
}

/** The size of the stage beside, beneath or without the whiteboard. */
export function useStageClass(): string {
  const place = useBoardPlace()
  return place ? stages[place] : 'min-w-0 flex-1'
}

const places: Record<BoardLayout, string> = {
  split: 'relative min-w-0 flex-1',
  full: 'relative min-w-0 flex-1',
  floating: 'absolute right-5 bottom-3 z-20 h-[min(36rem,72%)] w-[min(60rem,62%)] shadow-pop',
}

/** The whiteboard, once it has been opened. It stays where it is in the page, so that closing it loses no step of undo. */
export function BoardArea() {
  const { t } = useTranslation('board')
  const { room } = useMeeting()
  const place = useBoardPlace()
  const [wanted, setWanted] = useState(false)
  const element = useRef<HTMLElement>(null)
  const drag = useDrag(element)
  const open = place !== undefined

  useEffect(() => {
    if (!open) return
    setWanted(true)
    void room.board.open()
    return () => room.board.close()
  }, [room, open])

  if (!wanted) return null
  return (
    <section
      ref={element}
      aria-label={t('title')}
      data-board={place ?? 'closed'}
      style={place === 'floating' ? shifted(drag.offset) : undefined}
      className={cx(
        'flex flex-col overflow-hidden rounded-2xl border border-line bg-surface',
        place ? places[place] : 'hidden',
      )}
    >
      <BoardHeader place={place ?? 'full'} onGrab={drag.grab} />
      <BoardContent />
      {place === 'full' && (
        <div className="pointer-events-none absolute inset-0 z-30">
          <Notices />
          <Reactions />
        </div>
      )}
    </section>
  )
}

function shifted({ x, y }: Offset) {
  return { transform: `translate(${x}px, ${y}px)` }
}
