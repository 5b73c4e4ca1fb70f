import { type Theme, useSettings } from './settings.ts'

const barColours = { light: '#faf9f7', dark: '#151413' }

function apply(theme: Theme): void {
  const root = document.documentElement
  if (theme === 'system') delete root.dataset.theme
  else root.dataset.theme = theme
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
    const system = meta.media.includes('dark') ? 'dark' : 'light'
    meta.content = barColours[theme === 'system' ? system : theme]
  }
}

/** Keeps the page in the chosen theme; `boot.js` has already set it for the first paint. */
export function followTheme(): void {
  apply(useSettings.getState().theme)
  useSettings.subscribe((now, before) => {
    if (now.theme !== before.theme) apply(now.theme)
  })
}
