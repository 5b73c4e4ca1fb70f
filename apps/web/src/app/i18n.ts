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

type Texts = Record<string, Record<string, string>>
type Load = () => Promise<{ readonly default: Texts }>

const app: Record<Language, Load> = {
  en: () => import('../locales/en/app.ts'),
  zh: () => import('../locales/zh/app.ts'),
}

const lab: Record<Language, Load> = {
  en: () => import('../locales/en/lab.ts'),
  zh: () => import('../locales/zh/lab.ts'),
}

/** Grows when the Lab is opened. */
const wanted = new Set([app])

async function use(language: Language): Promise<void> {
  const loaded = await Promise.all([...wanted].map(area => area[language]()))
  for (const { default: texts } of loaded) {
    for (const [area, messages] of Object.entries(texts)) i18next.addResourceBundle(language, area, messages)
  }
  await i18next.changeLanguage(language)
  document.documentElement.lang = languageTags[language]
}

/** Loads the texts of the Lab's pages too, in this language and in any that is chosen later. */
export async function loadLabTexts(): Promise<void> {
  wanted.add(lab)
  await use(useSettings.getState().language)
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
