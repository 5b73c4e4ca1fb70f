import { cx, ToggleButton } from '@parley/ui'
import { Mic, MicOff, Video, VideoOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { retryInput, toggleInput } from './media.ts'
import type { InputKind } from './state.ts'
import { useMedia } from './store.ts'

const looks = {
  microphone: { label: 'device.muteMicrophone', undo: 'device.unmuteMicrophone', On: Mic, Off: MicOff, shortcut: 'M' },
  camera: { label: 'device.turnCameraOff', undo: 'device.turnCameraOn', On: Video, Off: VideoOff, shortcut: 'V' },
} as const

export interface InputTogglesProps {
  /** Shows the keys M and V in the tooltips; `useShortcuts` makes them work. */
  readonly shortcuts?: boolean
  readonly className?: string
}

/** Toggles for the microphone and the camera. Pressing one that failed tries again. */
export function InputToggles({ shortcuts = false, className }: InputTogglesProps) {
  return (
    <div className={cx('flex gap-3', className)}>
      <InputToggle kind="microphone" shortcut={shortcuts} />
      <InputToggle kind="camera" shortcut={shortcuts} />
    </div>
  )
}

function InputToggle({ kind, shortcut }: { readonly kind: InputKind; readonly shortcut: boolean }) {
  const { t } = useTranslation()
  const status = useMedia(media => media[kind].status)
  const { label, undo, On, Off, shortcut: key } = looks[kind]
  const off = status !== 'on' && status !== 'asking'
  return (
    <span className="relative inline-flex">
      <ToggleButton
        label={t(label)}
        tooltip={t(off ? undo : label)}
        pressed={off}
        tone="danger"
        shortcut={shortcut ? key : undefined}
        icon={<On size={22} aria-hidden="true" />}
        pressedIcon={<Off size={22} aria-hidden="true" />}
        onPressedChange={() => void (status === 'failed' ? retryInput(kind) : toggleInput(kind))}
        round
      />
      {status === 'failed' && (
        <span
          aria-hidden="true"
          className="absolute -top-1 -right-1 flex size-5 items-center justify-center rounded-full bg-warn-dot text-xs font-bold text-black"
        >
          !
        </span>
      )}
    </span>
  )
}
