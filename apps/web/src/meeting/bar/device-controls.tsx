import {
  IconButton,
  Menu,
  MenuRadioGroup,
  MenuSeparator,
  SplitButton,
  splitEnd,
  splitStart,
  ToggleButton,
} from '@parley/ui'
import type { DeviceKind } from '@parley/ui/page'
import { canChooseSpeaker } from '@parley/ui/page'
import { ChevronUp, Mic, MicOff, Video, VideoOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { selectDevice } from '../../media/media.ts'
import { useMedia } from '../../media/store.ts'
import { shortcuts } from '../keys/shortcuts.ts'
import { useShortcutName } from '../keys/use-shortcut-name.ts'
import type { Actions } from './actions.ts'
import { useDeviceChoices } from './use-device-choices.ts'

interface ControlProps {
  readonly actions: Actions
  /** Leaves out the device menu; on small screens the settings dialog has it. */
  readonly small: boolean
}

export function MicrophoneControl({ actions, small }: ControlProps) {
  const { t } = useTranslation()
  const { t: meeting } = useTranslation('meeting')
  const { status } = useMedia(media => media.microphone)
  const key = useShortcutName()
  const on = status === 'on'
  const toggle = (
    <Attention when={status === 'failed'}>
      <ToggleButton
        label={t('device.muteMicrophone')}
        tooltip={
          status === 'failed'
            ? meeting('microphone.failed')
            : t(on ? 'device.muteMicrophone' : 'device.unmuteMicrophone')
        }
        shortcut={key(shortcuts.microphone)}
        pressed={!on}
        tone="danger"
        onPressedChange={actions.microphone}
        icon={<Mic size={20} aria-hidden="true" />}
        pressedIcon={<MicOff size={20} aria-hidden="true" />}
        className={small ? '' : splitStart}
      />
    </Attention>
  )
  if (small) return toggle
  return (
    <SplitButton label={t('device.microphone')}>
      {toggle}
      <Menu side="top" align="start" trigger={<DeviceMenuButton label={meeting('microphone.choose')} />}>
        <DeviceMenu kind="microphone" />
        {canChooseSpeaker && (
          <>
            <MenuSeparator />
            <DeviceMenu kind="speaker" />
          </>
        )}
      </Menu>
    </SplitButton>
  )
}

export function CameraControl({ actions, small }: ControlProps) {
  const { t } = useTranslation()
  const { t: meeting } = useTranslation('meeting')
  const { status } = useMedia(media => media.camera)
  const key = useShortcutName()
  const on = status === 'on'
  const toggle = (
    <Attention when={status === 'failed'}>
      <ToggleButton
        label={t('device.turnCameraOff')}
        tooltip={
          status === 'failed' ? meeting('camera.failed') : t(on ? 'device.turnCameraOff' : 'device.turnCameraOn')
        }
        shortcut={key(shortcuts.camera)}
        pressed={!on}
        tone="danger"
        onPressedChange={actions.camera}
        icon={<Video size={20} aria-hidden="true" />}
        pressedIcon={<VideoOff size={20} aria-hidden="true" />}
        className={small ? '' : splitStart}
      />
    </Attention>
  )
  if (small) return toggle
  return (
    <SplitButton label={t('device.camera')}>
      {toggle}
      <Menu side="top" align="start" trigger={<DeviceMenuButton label={meeting('camera.choose')} />}>
        <DeviceMenu kind="camera" />
      </Menu>
    </SplitButton>
  )
}

function DeviceMenuButton({ label, ...rest }: { readonly label: string }) {
  return (
    <IconButton
      {...rest}
      label={label}
      variant="control"
      icon={<ChevronUp size={16} aria-hidden="true" />}
      className={`w-7! max-lg:w-8! ${splitEnd}`}
    />
  )
}

function DeviceMenu({ kind }: { readonly kind: DeviceKind }) {
  const { t } = useTranslation()
  const { choices, value } = useDeviceChoices(kind)
  return (
    <MenuRadioGroup
      label={t(`device.${kind}`)}
      value={value}
      choices={choices}
      onChange={id => void selectDevice(kind, id)}
    />
  )
}

/** Marks a control whose device cannot be used. */
function Attention({ when, children }: { readonly when: boolean; readonly children: ReactNode }) {
  return (
    <span className="relative inline-flex">
      {children}
      {when && (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute -top-1 -right-1 z-1 flex size-4.5 items-center justify-center rounded-full bg-[#f3c663] text-xs font-bold text-[#2b1d00]"
        >
          !
        </span>
      )}
    </span>
  )
}
