import { useMediaQuery } from '@parley/ui'
import { toast } from '@parley/ui/page'
import {
  Camera,
  ChartColumn,
  CircleDot,
  Film,
  Keyboard,
  Maximize,
  Minimize,
  Paperclip,
  PenTool,
  PictureInPicture2,
  ScreenShare,
  ScreenShareOff,
  Settings,
  Square,
  SwitchCamera,
  WandSparkles,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { flipCamera } from '../../media/media.ts'
import { useMedia } from '../../media/store.ts'
import { showRecordings, useKept } from '../../recordings/kept.ts'
import { useMeeting, useRoomState, useView } from '../context.ts'
import { offersOf } from '../files/file-groups.ts'
import { useFiles } from '../files/use-files.ts'
import { shortcuts } from '../keys/shortcuts.ts'
import { useShortcutName } from '../keys/use-shortcut-name.ts'
import { recorder, useRecorder } from '../recording/page-recorder.ts'
import { isSharing } from '../stage/tiles.ts'
import { canFullscreen, useFullscreen } from '../tools/fullscreen.ts'
import { canPictureInPicture, togglePictureInPicture } from '../tools/pip.ts'
import { canShareScreen } from '../tools/screen-share.ts'
import { togglePanel } from '../view.ts'
import type { Actions } from './actions.ts'

export interface MoreItem {
  readonly id: string
  readonly icon: ReactNode
  readonly label: string
  readonly shortcut: string | undefined
  /** There is news of it. */
  readonly news?: boolean
  readonly onSelect: () => void
}

/** What “More” currently offers, in the menu as in the phone's sheet; items that are not available are left out. */
export function useMoreItems(actions: Actions, small: boolean): MoreItem[] {
  const { t } = useTranslation('meeting')
  const { t: board } = useTranslation('board')
  const { t: recordingText } = useTranslation('recording')
  const { t: effects } = useTranslation('effects')
  const { view } = useMeeting()
  const { self } = useRoomState()
  const key = useShortcutName()
  const fullscreen = useFullscreen()
  const pip = useView(state => state.pip !== undefined)
  const boardOpen = useView(state => state.boardOpen)
  const boardUnseen = useView(state => state.boardUnseen)
  const cameras = useMedia(media => media.devices.camera.length)
  const cameraOn = useMedia(media => media.camera.status === 'on')
  const touch = useMediaQuery('(pointer: coarse)')
  const sharing = isSharing(self)
  const offers = offersOf(useFiles())
  const records = useRecorder(state => state.phase !== 'idle')
  const kept = useKept(state => state.count)
  const failed = (error: unknown) => {
    console.warn(error)
    toast({ title: t('pip.failed'), tone: 'danger' })
  }
  const items: (MoreItem & { readonly when: boolean })[] = [
    {
      id: 'flip',
      when: touch && cameras > 1 && cameraOn,
      icon: <SwitchCamera size={20} aria-hidden="true" />,
      label: t('camera.flip'),
      shortcut: undefined,
      onSelect: () => void flipCamera(),
    },
    {
      id: 'share',
      when: small && canShareScreen(),
      icon: sharing ? <ScreenShareOff size={20} aria-hidden="true" /> : <ScreenShare size={20} aria-hidden="true" />,
      label: t(sharing ? 'share.stop' : 'share'),
      shortcut: key(shortcuts.share),
      onSelect: actions.share,
    },
    {
      id: 'pip',
      when: canPictureInPicture(),
      icon: <PictureInPicture2 size={20} aria-hidden="true" />,
      label: t(pip ? 'pip.close' : 'pip'),
      shortcut: undefined,
      onSelect: () => void togglePictureInPicture(view).catch(failed),
    },
    {
      id: 'board',
      when: true,
      icon: <PenTool size={20} aria-hidden="true" />,
      label: board(boardOpen ? 'close' : boardUnseen ? 'openNews' : 'open'),
      shortcut: key(shortcuts.board),
      news: boardUnseen,
      onSelect: actions.board,
    },
    {
      id: 'effects',
      when: true,
      icon: <WandSparkles size={20} aria-hidden="true" />,
      label: effects('open'),
      shortcut: undefined,
      onSelect: () => view.setState({ dialog: 'effects' }),
    },
    {
      id: 'snapshot',
      when: true,
      icon: <Camera size={20} aria-hidden="true" />,
      label: t('snapshot'),
      shortcut: key(shortcuts.snapshot),
      onSelect: actions.snapshot,
    },
    {
      id: 'files',
      when: true,
      icon: <Paperclip size={20} aria-hidden="true" />,
      label: offers > 0 ? t('files.withOffers', { count: offers }) : t('files'),
      shortcut: undefined,
      onSelect: () => togglePanel(view, 'files'),
    },
    {
      id: 'record',
      when: true,
      icon: records ? (
        <Square size={20} aria-hidden="true" className="text-danger-text" />
      ) : (
        <CircleDot size={20} aria-hidden="true" />
      ),
      label: recordingText(records ? 'stop' : 'record'),
      shortcut: undefined,
      onSelect: () => (records ? void recorder.stop() : view.setState({ dialog: 'record' })),
    },
    {
      id: 'recordings',
      when: kept > 0,
      icon: <Film size={20} aria-hidden="true" />,
      label: recordingText('recordings'),
      shortcut: undefined,
      onSelect: () => showRecordings(true),
    },
    {
      id: 'statistics',
      when: true,
      icon: <ChartColumn size={20} aria-hidden="true" />,
      label: t('statistics'),
      shortcut: key(shortcuts.statistics),
      onSelect: actions.statistics,
    },
    {
      id: 'fullscreen',
      when: canFullscreen(),
      icon: fullscreen ? <Minimize size={20} aria-hidden="true" /> : <Maximize size={20} aria-hidden="true" />,
      label: t(fullscreen ? 'fullscreen.exit' : 'fullscreen'),
      shortcut: key(shortcuts.fullscreen),
      onSelect: actions.fullscreen,
    },
    {
      id: 'settings',
      when: true,
      icon: <Settings size={20} aria-hidden="true" />,
      label: t('settings'),
      shortcut: undefined,
      onSelect: () => view.setState({ dialog: 'settings' }),
    },
    {
      id: 'help',
      when: !small,
      icon: <Keyboard size={20} aria-hidden="true" />,
      label: t('help'),
      shortcut: key(shortcuts.help),
      onSelect: actions.help,
    },
  ]
  return items.filter(item => item.when)
}
