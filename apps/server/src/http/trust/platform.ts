/** Where a certificate is trusted: an operating system, or a browser that keeps its own list. */
export const platforms = ['windows', 'macos', 'ios', 'android', 'linux', 'firefox'] as const
export type Platform = (typeof platforms)[number]

/** The order matters: an iPhone's browser also says “Mac OS X”, Android's also “Linux”. */
const signs: readonly (readonly [RegExp, Platform])[] = [
  [/iPhone|iPad|iPod/, 'ios'],
  [/Android/, 'android'],
  [/Firefox/, 'firefox'],
  [/Windows/, 'windows'],
  [/Macintosh|Mac OS X/, 'macos'],
  [/Linux|X11|CrOS/, 'linux'],
]

/** Which instructions to open, by User-Agent; undefined if it does not tell. */
export function platformOf(userAgent: string): Platform | undefined {
  return signs.find(([sign]) => sign.test(userAgent))?.[1]
}

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/** The wanted language if we have it, otherwise the first of Accept-Language that we have, otherwise English. */
export function languageOf(wanted: string | undefined, acceptLanguage: string): Language {
  const accepted = acceptLanguage
    .split(',')
    .map(entry => {
      const [tag = '', weight] = entry
        .trim()
        .toLowerCase()
        .split(/\s*;\s*q=/)
      return { language: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight) || 0 }
    })
    .filter(entry => entry.weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(entry => entry.language)
  return [wanted, ...accepted].flatMap(name => languages.find(language => language === name) ?? [])[0] ?? 'en'
}
