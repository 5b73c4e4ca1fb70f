import { IconButton } from '@parley/ui'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type CSSProperties, type RefCallback, useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting, useRoomState, useView } from '../context.ts'
import { personLines } from '../people/hands.ts'
import { stageId } from '../tools/snapshot.ts'
import { arrange } from './arrange.ts'
import type { Rect, Size } from './geometry.ts'
import { stableOrder } from './order.ts'
import { Tile } from './tile.tsx'
import { inOrder, isMirrored, priorityOf, tileViews } from './tiles.ts'
import { useSpeaker } from './use-speaker.ts'

const gap = 8

/** All tiles. Their positions are computed, so a tile stays the same element wherever it moves. */
export function Stage() {
  const { t } = useTranslation('meeting')
  const { view } = useMeeting()
  const state = useRoomState()
  const hideSelf = useView(each => each.hideSelf)
  const layout = useView(each => each.layout)
  const pinned = useView(each => each.pinned)
  const speaker = useView(each => each.speaker)
  const wantedPage = useView(each => each.page)
  const [measure, size] = useSize()
  useSpeaker()

  const views = tileViews(state, hideSelf)
  const order = useRef<readonly string[]>([])
  order.current = stableOrder(
    order.current,
    views.map(tile => tile.key),
  )
  const tiles = inOrder(views, order.current)
  const scene = arrange(tiles, { layout, pinned, speaker, page: wantedPage }, size, gap)
  const turns = new Map(personLines(state).map(({ participant, turn }) => [participant.id, turn]))
  const offline = state.status.status !== 'connected'
  const gliding = useGliding(size.width, size.height)

  return (
    <section aria-label={t('stage')} className="absolute inset-2">
      <div ref={measure} id={stageId} className="relative size-full">
        {tiles.map(tile => {
          const rect = scene.rects.get(tile.key)
          if (!rect) return null
          return (
            <div
              key={tile.key}
              style={placed(rect, scene.floating === tile.key, gliding)}
              className="absolute top-0 left-0"
            >
              <Tile
                tile={tile}
                turn={turns.get(tile.participant.id)}
                offline={offline}
                mirrored={isMirrored(tile)}
                floating={scene.floating === tile.key}
                priority={priorityOf(tile, scene.main, [pinned, speaker])}
                width={rect.width}
                height={rect.height}
              />
            </div>
          )
        })}
        {scene.pages > 1 && (
          <Pages page={scene.page} pages={scene.pages} at={scene.pager} onPage={page => view.setState({ page })} />
        )}
      </div>
    </section>
  )
}

function placed(rect: Rect, floating: boolean, gliding: boolean): CSSProperties {
  return {
    width: rect.width,
    height: rect.height,
    transform: `translate(${rect.x}px, ${rect.y}px)`,
    transition: gliding
      ? 'transform 320ms var(--ease-out), width 320ms var(--ease-out), height 320ms var(--ease-out)'
      : 'none',
    zIndex: floating ? 1 : 0,
  }
}

/** Whether tiles should animate: they do when people come and go, but not while the window is resized. */
function useGliding(width: number, height: number): boolean {
  const last = useRef({ width, height })
  const same = last.current.width === width && last.current.height === height
  last.current = { width, height }
  return same
}

interface PagesProps {
  readonly page: number
  readonly pages: number
  /** The centre of the page switch. */
  readonly at: { readonly x: number; readonly y: number }
  readonly onPage: (page: number) => void
}

function Pages({ page, pages, at, onPage }: PagesProps) {
  const { t } = useTranslation('meeting')
  return (
    <nav
      aria-label={t('pages')}
      style={{ left: at.x, top: at.y }}
      className="absolute z-1 flex -translate-x-1/2 -translate-y-1/2 items-center rounded-lg bg-black/75 text-white"
    >
      <IconButton
        label={t('previousPage')}
        icon={<ChevronLeft size={20} aria-hidden="true" />}
        disabled={page === 0}
        onClick={() => onPage(page - 1)}
        className="hover:not-disabled:bg-white/15"
      />
      <span className="min-w-12 text-center text-sm tabular-nums">{t('pageOf', { page: page + 1, pages })}</span>
      <IconButton
        label={t('nextPage')}
        icon={<ChevronRight size={20} aria-hidden="true" />}
        disabled={page === pages - 1}
        onClick={() => onPage(page + 1)}
        className="hover:not-disabled:bg-white/15"
      />
    </nav>
  )
}

/** The inner size of an element without padding, in whole CSS pixels; 0 × 0 until it is mounted. */
function useSize(): readonly [RefCallback<HTMLElement>, Size] {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element) return
    const take = (wide: number, high: number) => {
      const [width, height] = [Math.floor(wide), Math.floor(high)]
      setSize(before => (before.width === width && before.height === height ? before : { width, height }))
    }
    // Measure at once: the observer reports only in the next frame, which would delay placing the tiles.
    take(element.clientWidth, element.clientHeight)
    const observer = new ResizeObserver(([entry]) => entry && take(entry.contentRect.width, entry.contentRect.height))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, size]
}
