import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type common from '../locales/en.ts'
import { type Language, languageTags, useSettings } from './settings.ts'

declare module 'i18next' {
  /** The texts by their namespace. Each app declares its own here, so that a key that does not exist does not compile. */
  interface ParleyTexts {
    readonly common: typeof common
  }
  interface CustomTypeOptions {
    defaultNS: 'common'
    keySeparator: false
    resources: ParleyTexts
  }
}

type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Loads the texts of an app, including `common`, for each language. */
export type LoadTexts = Readonly<Record<Language, () => Promise<{ readonly default: Texts }>>>

/** Loads the chosen language, and switches without a reload when the setting changes. */
export async function startI18n(load: LoadTexts): Promise<void> {
  const use = async (language: Language) => {
    const { default: texts } = await load[language]()
    for (const [area, messages] of Object.entries(texts)) i18next.addResourceBundle(language, area, messages)
    await i18next.changeLanguage(language)
    document.documentElement.lang = languageTags[language]
  }
  const { language } = useSettings.getState()
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'common',
    keySeparator: false,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  })
  await use(language)
  useSettings.subscribe((now, before) => {
    if (now.language !== before.language) void use(now.language)
  })
}
