import { limits } from '@parley/protocol/limits'
import { Button, Dialog, Select, Switch, TextField } from '@parley/ui'
import {
  canChooseSpeaker,
  changeSettings,
  cleanName,
  type DeviceKind,
  type Language,
  type Theme,
  toast,
  useSettings,
} from '@parley/ui/page'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SoundSettings } from '../../effects/sound-settings.tsx'
import { selectDevice } from '../../media/media.ts'
import { useDeviceChoices } from '../bar/use-device-choices.ts'
import { useMeeting, useRoomState, useView } from '../context.ts'

const themes: readonly Theme[] = ['system', 'light', 'dark']
const languages: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'zh', label: '中文' },
]
const kinds: readonly DeviceKind[] = canChooseSpeaker ? ['microphone', 'camera', 'speaker'] : ['microphone', 'camera']

/** Devices, name, shortcuts, language and theme, without leaving the meeting. */
export function SettingsDialog() {
  const { t } = useTranslation('meeting')
  const { t: common } = useTranslation()
  const { view } = useMeeting()
  const open = useView(state => state.dialog === 'settings')
  const { language, theme, shortcuts } = useSettings()
  return (
    <Dialog
      open={open}
      onClose={() => view.setState({ dialog: undefined })}
      title={t('settings')}
      closeLabel={common('close')}
    >
      <div className="space-y-5">
        <NameField />
        {kinds.map(kind => (
          <DeviceSelect key={kind} kind={kind} />
        ))}
        <SoundSettings />
        <div className="grid grid-cols-2 gap-3">
          <Select
            label={common('language.label')}
            value={language}
            options={languages}
            onChange={next => changeSettings({ language: next })}
          />
          <Select
            label={common('theme.label')}
            value={theme}
            options={themes.map(value => ({ value, label: common(`theme.${value}`) }))}
            onChange={next => changeSettings({ theme: next })}
          />
        </div>
        <Switch label={t('shortcuts.on')} checked={shortcuts} onChange={on => changeSettings({ shortcuts: on })} />
      </div>
    </Dialog>
  )
}

function NameField() {
  const { t } = useTranslation('meeting')
  const { room } = useMeeting()
  const { self } = useRoomState()
  const [name, setName] = useState(self.name)
  const [busy, setBusy] = useState(false)
  const trimmed = cleanName(name)
  const rename = async () => {
    setBusy(true)
    try {
      await room.rename(trimmed)
      changeSettings({ name: trimmed })
      toast({ id: 'name', title: t('name.changed') })
    } catch (error) {
      console.warn(error)
      toast({ id: 'name', title: t('name.failed'), tone: 'danger' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        void rename()
      }}
      className="flex items-end gap-2"
    >
      <TextField
        label={t('name')}
        value={name}
        onChange={setName}
        maxLength={limits.displayNameChars}
        className="min-w-0 flex-1"
      />
      <Button type="submit" busy={busy} disabled={trimmed === '' || trimmed === self.name} className="h-12">
        {t('name.save')}
      </Button>
    </form>
  )
}

function DeviceSelect({ kind }: { readonly kind: DeviceKind }) {
  const { t: common } = useTranslation()
  const { choices, value } = useDeviceChoices(kind)
  return (
    <Select
      label={common(`device.${kind}`)}
      value={value}
      placeholder={common('device.default')}
      disabled={choices.length === 0}
      options={choices}
      onChange={id => void selectDevice(kind, id)}
    />
  )
}
