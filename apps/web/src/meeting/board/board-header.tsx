import { limits } from '@parley/protocol/limits'
import { cx, IconButton, Menu, MenuItem, Popover, ToggleButton } from '@parley/ui'
import { toast } from '@parley/ui/page'
import { CloudUpload, Columns2, Download, Image, Info, Maximize2, PictureInPicture, Shapes, X } from 'lucide-react'
import type { PointerEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting, useRoomState, useView } from '../context.ts'
import { shortcuts } from '../keys/shortcuts.ts'
import { useShortcutName } from '../keys/use-shortcut-name.ts'
import { type BoardLayout, boardLayouts, toggleBoard } from '../view.ts'
import { saveBoard } from './save.ts'
import { useBoardState } from './use-board-state.ts'

const layoutIcons: Record<BoardLayout, ReactNode> = {
  split: <Columns2 size={20} aria-hidden="true" />,
  full: <Maximize2 size={20} aria-hidden="true" />,
  floating: <PictureInPicture size={20} aria-hidden="true" />,
}

interface BoardHeaderProps {
  readonly place: BoardLayout
  readonly onGrab: (event: PointerEvent<HTMLElement>) => void
}

/** What there is to do with the whiteboard as a whole. The floating one is moved by it. */
export function BoardHeader({ place, onGrab }: BoardHeaderProps) {
  const { t } = useTranslation('board')
  const { view } = useMeeting()
  const key = useShortcutName()
  return (
    <div
      title={place === 'floating' ? t('move') : undefined}
      onPointerDown={place === 'floating' ? onGrab : undefined}
      className={cx(
        'flex shrink-0 items-center gap-1 border-b border-line py-1 pr-1 pl-4',
        place === 'floating' && 'cursor-move touch-none select-none',
      )}
    >
      <h2 className="min-w-0 truncate font-semibold">{t('title')}</h2>
      <div className="min-w-0 flex-1 px-2">
        <Unsent />
      </div>
      <Layouts />
      <Save />
      <About />
      <IconButton
        label={t('close')}
        shortcut={key(shortcuts.board)}
        icon={<X size={20} aria-hidden="true" />}
        side="bottom"
        onClick={() => toggleBoard(view, false)}
      />
    </div>
  )
}

/** Told only while it does not go away by itself at once. */
function Unsent() {
  const { t } = useTranslation('board')
  const { unsent, problem } = useBoardState()
  const { status } = useRoomState()
  const waits = unsent > 0 && (status.status !== 'connected' || problem !== undefined)
  return (
    <p role="status" className="truncate text-sm text-ink-soft">
      {waits && (
        <span className="inline-flex items-center gap-1.5">
          <CloudUpload size={16} aria-hidden="true" />
          {t('unsent', { count: unsent })}
        </span>
      )}
    </p>
  )
}

function Layouts() {
  const { t } = useTranslation('board')
  const { view } = useMeeting()
  const layout = useView(state => state.boardLayout)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields
    <div role="group" aria-label={t('layout')} className="flex gap-1 max-sm:hidden">
      {boardLayouts.map(each => (
        <ToggleButton
          key={each}
          label={t(`layout.${each}`)}
          pressed={layout === each}
          onPressedChange={() => view.setState({ boardLayout: each })}
          icon={layoutIcons[each]}
          side="bottom"
          className="not-aria-pressed:bg-transparent"
        />
      ))}
    </div>
  )
}

function Save() {
  const { t } = useTranslation('board')
  const { room } = useMeeting()
  const save = (kind: 'png' | 'svg') => {
    saveBoard(kind, room.name).then(
      saved => toast({ id: 'board-saved', title: t(saved ? 'saved' : 'nothingToSave') }),
      (error: unknown) => {
        console.warn(error)
        toast({ id: 'board-saved', title: t('saveFailed'), tone: 'danger' })
      },
    )
  }
  return (
    <Menu trigger={<IconButton label={t('save')} side="bottom" icon={<Download size={20} aria-hidden="true" />} />}>
      <MenuItem icon={<Image size={20} aria-hidden="true" />} onSelect={() => save('png')}>
        {t('save.png')}
      </MenuItem>
      <MenuItem icon={<Shapes size={20} aria-hidden="true" />} onSelect={() => save('svg')}>
        {t('save.svg')}
      </MenuItem>
    </Menu>
  )
}

function About() {
  const { t } = useTranslation('board')
  const { encrypted } = useRoomState()
  return (
    <Popover
      title={t('about')}
      trigger={<IconButton label={t('about')} side="bottom" icon={<Info size={20} aria-hidden="true" />} />}
    >
      <div className="w-80 max-w-full space-y-2 text-sm text-ink-soft">
        <p>{t('about.shared')}</p>
        <p>{t('about.kept', { minutes: limits.boardShelfMs / 60_000 })}</p>
        <p>{t(encrypted ? 'about.encrypted' : 'about.plain')}</p>
      </div>
    </Popover>
  )
}
