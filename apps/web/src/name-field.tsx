import { limits } from '@parley/protocol/limits'
import { TextField } from '@parley/ui'
import { changeSettings, cleanName, useSettings } from '@parley/ui/page'
import { type Ref, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

export interface NameFieldProps {
  readonly ref?: Ref<HTMLInputElement> | undefined
  /** Set when something the person tried needs a name and none was given. */
  readonly missing: boolean
  readonly onNamed: () => void
}

/** The person's name, saved in this browser on every keystroke. */
export function NameField({ ref, missing, onNamed }: NameFieldProps) {
  const { t } = useTranslation()
  const saved = useSettings(settings => settings.name)
  const [text, setText] = useState(saved)
  useEffect(() => setText(current => (cleanName(current) === saved ? current : saved)), [saved])

  return (
    <TextField
      ref={ref}
      label={t('name.label')}
      value={text}
      placeholder={t('name.placeholder')}
      maxLength={limits.displayNameChars}
      autoComplete="name"
      enterKeyHint="done"
      error={missing ? t('name.missing') : undefined}
      onChange={value => {
        setText(value)
        const name = cleanName(value)
        changeSettings({ name })
        if (name) onNamed()
      }}
    />
  )
}
