/** Browsers that differ in how to unblock a permission. */
export type BrowserKind =
  | 'chrome'
  | 'firefox'
  | 'safari'
  | 'ios-safari'
  | 'ios-other'
  | 'android-chrome'
  | 'android-firefox'
  | 'other'

/** The order matters: many user agents also claim to be other browsers. */
const signs: readonly (readonly [RegExp, BrowserKind])[] = [
  [/(?:iPhone|iPad|iPod).*(?:CriOS|FxiOS|EdgiOS)/, 'ios-other'],
  [/iPhone|iPad|iPod/, 'ios-safari'],
  [/Android.*Firefox\//, 'android-firefox'],
  [/Android.*Chrom(?:e|ium)\//, 'android-chrome'],
  [/Firefox\//, 'firefox'],
  [/Chrom(?:e|ium)\//, 'chrome'],
  [/Version\/.*Safari\//, 'safari'],
]

/** The browser, from its user agent. A Mac with a touch screen is an iPad that claims to be a Mac. */
export function browserKind(userAgent: string, touchPoints = 0): BrowserKind {
  const kind = signs.find(([sign]) => sign.test(userAgent))?.[1] ?? 'other'
  return kind === 'safari' && touchPoints > 1 ? 'ios-safari' : kind
}

/** Where the browser shows its permission prompt, for the arrow. Phones, which ask in mid-screen, need none. */
export function promptPlace(kind: BrowserKind): 'top-left' | 'top' | undefined {
  if (kind === 'chrome' || kind === 'firefox') return 'top-left'
  return kind === 'safari' ? 'top' : undefined
}

/** The steps to unblock a permission in each browser, as keys of the common texts. */
export const adviceSteps = {
  chrome: ['advice.chrome.1', 'advice.chrome.2', 'advice.chrome.3'],
  firefox: ['advice.firefox.1', 'advice.firefox.2', 'advice.firefox.3'],
  safari: ['advice.safari.1', 'advice.safari.2', 'advice.safari.3'],
  'ios-safari': ['advice.ios-safari.1', 'advice.ios-safari.2', 'advice.ios-safari.3'],
  'ios-other': ['advice.ios-other.1', 'advice.ios-other.2'],
  'android-chrome': ['advice.android-chrome.1', 'advice.android-chrome.2', 'advice.android-chrome.3'],
  'android-firefox': ['advice.android-firefox.1', 'advice.android-firefox.2'],
  other: ['advice.other.1', 'advice.other.2'],
} as const satisfies Record<BrowserKind, readonly string[]>
