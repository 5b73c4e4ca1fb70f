import { Banner, Button, LevelMeter, Select, useNow } from '@parley/ui'
import type { DeviceKind } from '@parley/ui/page'
import { canChooseSpeaker, canWorkOnSound, playTestSound } from '@parley/ui/page'
import { Mic, Square, Video, Volume2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMicrophoneLevel, useSilent } from '../media/hooks.ts'
import { selectDevice } from '../media/media.ts'
import { type MicTest, useMicTest } from '../media/mic-test.ts'
import type { InputState } from '../media/state.ts'
import { useDeviceId, useMedia } from '../media/store.ts'

/** Lets the person choose microphone, camera and speaker, and check that they work. */
export function DevicePickers() {
  const { t } = useTranslation('greenRoom')
  return (
    <section aria-label={t('devices')} className="grid content-start gap-x-4 gap-y-5 sm:grid-cols-3">
      <MicrophonePicker />
      <Picker kind="camera" icon={<Video size={18} aria-hidden="true" />} />
      <SpeakerPicker />
      <Silent />
    </section>
  )
}

interface PickerProps {
  readonly kind: DeviceKind
  readonly icon: ReactNode
  readonly children?: ReactNode
}

/** Browsers do not name devices until permission for one is granted, so the picker stays disabled until then. */
function Picker({ kind, icon, children }: PickerProps) {
  const { t } = useTranslation('greenRoom')
  const { t: common } = useTranslation()
  const devices = useMedia(media => media.devices[kind])
  const id = useDeviceId(kind)
  const missing = useMedia(media => kind !== 'speaker' && isMissing(media[kind]))
  const options = devices.map((device, index) => ({
    value: device.id,
    label: device.label || `${common(`device.${kind}`)} ${index + 1}`,
  }))
  const known = options.some(option => option.value === id)
  return (
    <div className="flex min-w-0 flex-col gap-2.5">
      <Select
        label={common(`device.${kind}`)}
        value={known ? id : undefined}
        options={options}
        disabled={options.length === 0}
        icon={icon}
        placeholder={missing ? t('none') : common('device.default')}
        onChange={value => void selectDevice(kind, value)}
      />
      {children}
    </div>
  )
}

const isMissing = (state: InputState) => state.status === 'failed' && state.code === 'media-missing'

function MicrophonePicker() {
  const { t } = useTranslation('greenRoom')
  const source = useMicrophoneLevel()
  const { test, start, stop } = useMicTest()
  const open = useMedia(media => media.microphone.status === 'on')
  return (
    <Picker kind="microphone" icon={<Mic size={18} aria-hidden="true" />}>
      <LevelMeter label={t('level')} source={source} className="my-1" />
      {(open || test.status !== 'idle') && <MicTestButton test={test} onStart={start} onStop={stop} />}
    </Picker>
  )
}

interface MicTestButtonProps {
  readonly test: MicTest
  readonly onStart: () => void
  readonly onStop: () => void
}

function MicTestButton({ test, onStart, onStop }: MicTestButtonProps) {
  const { t } = useTranslation('greenRoom')
  const now = useNow(test.status === 'recording' ? 250 : undefined)
  if (test.status === 'idle') return <Button onClick={onStart}>{t('micTest')}</Button>
  if (test.status === 'failed') return <Button onClick={onStart}>{t('micTestFailed')}</Button>
  const seconds = test.status === 'recording' ? Math.max(0, Math.ceil((test.until - now) / 1000)) : 0
  return (
    <Button variant="soft" icon={<Square size={16} fill="currentColor" aria-hidden="true" />} onClick={onStop}>
      <span className="tabular-nums">
        {test.status === 'recording' ? t('micRecording', { seconds }) : t('micPlaying')}
      </span>
    </Button>
  )
}

function SpeakerPicker() {
  const { t } = useTranslation('greenRoom')
  const [playing, setPlaying] = useState(false)
  const speaker = useMedia(media => media.speaker)
  const play = async () => {
    setPlaying(true)
    try {
      await playTestSound(speaker)
    } finally {
      setPlaying(false)
    }
  }
  const button = canWorkOnSound && (
    <Button onClick={play} busy={playing}>
      {playing ? t('speakerPlaying') : t('speakerTest')}
    </Button>
  )
  const icon = <Volume2 size={18} aria-hidden="true" />
  if (canChooseSpeaker) {
    return (
      <Picker kind="speaker" icon={icon}>
        {button}
      </Picker>
    )
  }
  return <div className="flex flex-col justify-end">{button}</div>
}

function Silent() {
  const { t } = useTranslation('greenRoom')
  const silent = useSilent()
  if (!silent) return null
  return (
    <Banner tone="warn" title={t('silent')} className="sm:col-span-3">
      {t('silentHint')}
    </Banner>
  )
}
