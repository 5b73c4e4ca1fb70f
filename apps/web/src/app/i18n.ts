import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type english from '../locales/en/index.ts'
import { type Language, languageTags, useSettings } from './settings.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    keySeparator: false
    resources: typeof english
  }
}

const languages: Record<Language, () => Promise<{ readonly default: Record<string, Record<string, string>> }>> = {
  en: () => import('../locales/en/index.ts'),
  zh: () => import('../locales/zh/index.ts'),
}

async function use(language: Language): Promise<void> {
  const { default: texts } = await languages[language]()
  for (const [area, messages] of Object.entries(texts)) i18next.addResourceBundle(language, area, messages)
  await i18next.changeLanguage(language)
  document.documentElement.lang = languageTags[language]
}

/** Loads the chosen language, and another one when the setting changes, without a reload. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: useSettings.getState().language,
    fallbackLng: false,
    defaultNS: 'common',
    keySeparator: false,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  })
  await use(useSettings.getState().language)
  useSettings.subscribe((now, before) => {
    if (now.language !== before.language) void use(now.language)
  })
}
