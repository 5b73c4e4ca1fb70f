import { Button, phone, ToggleButton, useMediaQuery } from '@parley/ui'
import { Hand, MessageSquare, PhoneOff, ScreenShare as ScreenShareIcon, ScreenShareOff, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting, useRoomState, useView } from '../context.ts'
import { shortcuts } from '../keys/shortcuts.ts'
import { useShortcutName } from '../keys/use-shortcut-name.ts'
import { isSharing } from '../stage/tiles.ts'
import { canShareScreen } from '../tools/screen-share.ts'
import type { Panel } from '../view.ts'
import type { Actions } from './actions.ts'
import { CameraControl, MicrophoneControl } from './device-controls.tsx'
import { More } from './more.tsx'
import { ReactionsMenu } from './reactions-menu.tsx'

/** The control bar. A button's meaning may change, but its position never does. */
export function Bar({ actions }: { readonly actions: Actions }) {
  const { t } = useTranslation('meeting')
  const { leave, call } = useMeeting()
  const { self, participants } = useRoomState()
  const small = useMediaQuery(phone)
  const key = useShortcutName()
  const sharing = isSharing(self)
  const unread = useView(state => state.unread)
  return (
    <footer className="shrink-0 px-2 pt-2 max-[359px]:px-0.5 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields */}
      <div
        role="group"
        aria-label={t('controls')}
        // A click does not move the focus, so that Space still means “talk” and not “press that button again”.
        onMouseDown={event => event.preventDefault()}
        className="flex items-center justify-center gap-1.5 max-[359px]:gap-px sm:gap-2"
      >
        <MicrophoneControl actions={actions} small={small} />
        <CameraControl actions={actions} small={small} />
        {!small && canShareScreen() && (
          <ToggleButton
            label={t('share')}
            tooltip={t(sharing ? 'share.stop' : 'share')}
            shortcut={key(shortcuts.share)}
            pressed={sharing}
            onPressedChange={actions.share}
            icon={<ScreenShareIcon size={20} aria-hidden="true" />}
            pressedIcon={<ScreenShareOff size={20} aria-hidden="true" />}
          />
        )}
        {!small && <ReactionsMenu />}
        <ToggleButton
          label={t('hand')}
          tooltip={t(self.hand === undefined ? 'hand' : 'hand.lower')}
          shortcut={key(shortcuts.hand)}
          pressed={self.hand !== undefined}
          onPressedChange={actions.hand}
          icon={<Hand size={20} aria-hidden="true" />}
        />
        <PanelToggle
          panel="chat"
          actions={actions}
          icon={<MessageSquare size={20} aria-hidden="true" />}
          badge={unread > 0 ? { text: unread > 99 ? '99+' : String(unread), loud: true } : undefined}
          label={unread > 0 ? t('chat.withUnread', { count: unread }) : t('chat')}
        />
        <PanelToggle
          panel="people"
          actions={actions}
          icon={<Users size={20} aria-hidden="true" />}
          badge={{ text: String(participants.length + 1), loud: false }}
          label={t('people.withCount', { count: participants.length + 1 })}
        />
        <More actions={actions} small={small} />
        <Button
          variant="danger"
          aria-label={t(call ? 'hangUp' : 'leave')}
          icon={<PhoneOff size={20} aria-hidden="true" />}
          onClick={leave}
          className="shrink-0 max-sm:w-11 max-sm:px-0"
        >
          {!small && t(call ? 'hangUp' : 'leave')}
        </Button>
      </div>
    </footer>
  )
}

interface PanelToggleProps {
  readonly panel: Panel & ('chat' | 'people')
  readonly actions: Actions
  readonly icon: ReactNode
  readonly label: string
  readonly badge: { readonly text: string; readonly loud: boolean } | undefined
}

function PanelToggle({ panel, actions, icon, label, badge }: PanelToggleProps) {
  const { t } = useTranslation('meeting')
  const key = useShortcutName()
  const open = useView(state => state.panel === panel)
  return (
    <span data-panel-button={panel} className="relative inline-flex">
      <ToggleButton
        label={label}
        tooltip={t(panel)}
        shortcut={key(shortcuts[panel])}
        pressed={open}
        onPressedChange={actions[panel]}
        icon={icon}
      />
      {badge && (
        <span
          aria-hidden="true"
          className={`pointer-events-none absolute -top-1 -right-1 flex h-5 min-w-5 items-center justify-center rounded-full px-1 text-[0.6875rem] font-semibold tabular-nums ${
            badge.loud ? 'bg-danger text-on-danger' : 'border border-line bg-raised text-ink'
          }`}
        >
          {badge.text}
        </span>
      )}
    </span>
  )
}
