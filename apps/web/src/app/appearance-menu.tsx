import { SunMoon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu, MenuRadioGroup, MenuSeparator } from '../ui/menu.tsx'
import { changeSettings, type Language, type Theme, useSettings } from './settings.ts'

const themes: readonly Theme[] = ['system', 'light', 'dark']

/** Each language by its own name, so that one can find the way back. */
const languages: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'zh', label: '中文' },
]

/** Theme and language. */
export function AppearanceMenu() {
  const { t } = useTranslation()
  const theme = useSettings(settings => settings.theme)
  const language = useSettings(settings => settings.language)
  return (
    <Menu
      trigger={<IconButton label={t('appearance')} icon={<SunMoon size={20} aria-hidden="true" />} side="bottom" />}
    >
      <MenuRadioGroup
        label={t('language.label')}
        value={language}
        choices={languages}
        onChange={value => changeSettings({ language: value })}
      />
      <MenuSeparator />
      <MenuRadioGroup
        label={t('theme.label')}
        value={theme}
        choices={themes.map(value => ({ value, label: t(`theme.${value}`) }))}
        onChange={value => changeSettings({ theme: value })}
      />
    </Menu>
  )
}
