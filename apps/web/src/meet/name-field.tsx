import { limits } from '@parley/protocol/limits'
import { type Ref, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeSettings, useSettings } from '../app/settings.ts'
import { TextField } from '../ui/text-field.tsx'
import { cleanName } from './name.ts'

const settleMs = 600

export interface NameFieldProps {
  readonly ref?: Ref<HTMLInputElement>
  /** Something needs a name and there is none. */
  readonly missing: boolean
  readonly onNamed: () => void
  readonly hint?: string
}

/** The person's name, remembered in this browser. Others see it once the typing pauses, not letter by letter. */
export function NameField({ ref, missing, onNamed, hint }: NameFieldProps) {
  const { t } = useTranslation()
  const saved = useSettings(settings => settings.name)
  const [text, setText] = useState(saved)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => setText(current => (cleanName(current) === saved ? current : saved)), [saved])
  useEffect(() => () => clearTimeout(timer.current), [])

  const keep = (value: string) => {
    clearTimeout(timer.current)
    const name = cleanName(value)
    if (name !== useSettings.getState().name) changeSettings({ name })
    if (name) onNamed()
  }

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
      hint={hint}
      onChange={value => {
        setText(value)
        clearTimeout(timer.current)
        timer.current = setTimeout(() => keep(value), settleMs)
      }}
      onBlur={() => keep(text)}
      onKeyDown={event => {
        if (event.key === 'Enter') keep(text)
      }}
    />
  )
}
