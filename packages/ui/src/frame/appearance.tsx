import { Languages, Monitor, Moon, Sun } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { buttonClass } from '../components/button.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { announce } from '../page/live-region.tsx'
import { changeSettings, type Language, languageTags, type Theme, useSettings } from '../page/settings.ts'

const themes: Record<Theme, { readonly Icon: typeof Sun; readonly next: Theme }> = {
  system: { Icon: Monitor, next: 'light' },
  light: { Icon: Sun, next: 'dark' },
  dark: { Icon: Moon, next: 'system' },
}

/** The other language by its own name, so that a person who switched by mistake can switch back. */
const others: Record<Language, { readonly language: Language; readonly name: string }> = {
  en: { language: 'zh', name: '中文' },
  zh: { language: 'en', name: 'English' },
}

/** Switches to the other language and to the next theme, with one press each. */
export function Appearance() {
  const { t } = useTranslation()
  const theme = useSettings(settings => settings.theme)
  const other = others[useSettings(settings => settings.language)]
  const { Icon, next } = themes[theme]
  const changeTheme = () => {
    changeSettings({ theme: next })
    announce(t('theme.now', { theme: t(`theme.${next}`) }))
  }
  return (
    <>
      <button
        type="button"
        lang={languageTags[other.language]}
        onClick={() => changeSettings({ language: other.language })}
        className={buttonClass({ variant: 'ghost' })}
      >
        <Languages size={18} aria-hidden="true" />
        {other.name}
      </button>
      <IconButton
        label={t('theme.change', { theme: t(`theme.${theme}`) })}
        tooltip={t('theme.now', { theme: t(`theme.${theme}`) })}
        icon={<Icon size={20} aria-hidden="true" />}
        side="bottom"
        onClick={changeTheme}
      />
    </>
  )
}
